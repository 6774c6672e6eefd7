import { Lazy, Stack } from 'aws-cdk-lib';
import { CfnAccountPolicy, CfnLogGroup, CfnSubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { Construct, type IDependable } from 'constructs';
import { MAX_SELECTION_BYTES, selectionCriteria } from '../config/account-policy.ts';

/** Subscription filters that one log group may have. PutSubscriptionFilter, API reference 2026. */
export const FILTERS_PER_GROUP = 2;
/** Account-level subscription policies per account and Region. */
export const POLICIES_PER_ACCOUNT = 1;
/** Longest filter pattern, in characters. */
export const MAX_PATTERN_LENGTH = 1024;

/** Where subscribed events go. */
export interface SubscriptionTarget {
  /** ARN of a function, a stream or a delivery stream. */
  readonly destinationArn: string;
  /** Role of CloudWatch Logs for a stream; a function has a permission instead. */
  readonly roleArn?: string;
  /** True for Firehose, which has no shards that payloads could be spread over. */
  readonly isDeliveryStream?: boolean;
  /** What must be there before CloudWatch Logs sends its test message. */
  readonly waitFor: readonly IDependable[];
}

/** Settings of a subscription filter on one log group. */
export interface GroupSubscriptionProps {
  readonly logGroupName: string;
  readonly filterName: string;
  /** CloudWatch filter pattern; empty takes every event. */
  readonly filterPattern: string;
  readonly target: SubscriptionTarget;
  /** Filters of others on the same group. They take slots too. */
  readonly foreignFilters: number;
}

/** Subscribes one log group. */
export class GroupSubscription extends Construct {
  constructor(scope: Construct, id: string, props: GroupSubscriptionProps) {
    super(scope, id);
    checkPattern(this, props.filterPattern);
    const filter = new CfnSubscriptionFilter(this, 'Filter', {
      logGroupName: props.logGroupName,
      filterName: props.filterName,
      filterPattern: props.filterPattern,
      destinationArn: props.target.destinationArn,
      ...(props.target.roleArn === undefined ? {} : { roleArn: props.target.roleArn }),
      ...(props.target.roleArn === undefined || props.target.isDeliveryStream === true ? {} : { distribution: 'Random' }),
    });
    for (const dependable of props.target.waitFor) filter.node.addDependency(dependable);
    this.node.addValidation({ validate: () => slotProblems(this, props) });
  }
}

function slotProblems(scope: Construct, props: GroupSubscriptionProps): string[] {
  const ours = scope.node.root.node
    .findAll()
    .filter((node): node is CfnSubscriptionFilter => node instanceof CfnSubscriptionFilter && node.logGroupName === props.logGroupName);
  const used = ours.length + props.foreignFilters;
  if (used <= FILTERS_PER_GROUP) return [];
  return [
    `log group ${props.logGroupName} would have ${used} subscription filters (${ours.length} of this app, ${props.foreignFilters} of others), ` +
      `CloudWatch Logs allows ${FILTERS_PER_GROUP}: use subscription: account for one, or one source with both patterns`,
  ];
}

/** Settings of the account-level subscription. */
export interface AccountSubscriptionProps {
  readonly policyName: string;
  readonly filterPattern: string;
  readonly target: SubscriptionTarget;
  /** Groups that it leaves out besides every group of this app: those with a filter of their own, and those the user names. */
  readonly excludedLogGroups: readonly string[];
  /** Policies of others in this account and Region. */
  readonly foreignPolicies: number;
}

/** Subscribes every log group of the account and Region, those made later included. */
export class AccountSubscription extends Construct {
  constructor(scope: Construct, id: string, props: AccountSubscriptionProps) {
    super(scope, id);
    checkPattern(this, props.filterPattern);
    if (props.foreignPolicies >= POLICIES_PER_ACCOUNT) {
      throw new Error(
        `${this.node.path}: the account has ${props.foreignPolicies} account-level subscription policy already, CloudWatch Logs allows ` +
          `${POLICIES_PER_ACCOUNT} per Region: use subscription: perGroup`,
      );
    }
    const policy = new CfnAccountPolicy(this, 'Policy', {
      policyName: props.policyName,
      policyType: 'SUBSCRIPTION_FILTER_POLICY',
      scope: 'ALL',
      policyDocument: Stack.of(this).toJsonString({
        DestinationArn: props.target.destinationArn,
        ...(props.target.roleArn === undefined ? {} : { RoleArn: props.target.roleArn, Distribution: 'Random' }),
        FilterPattern: props.filterPattern,
      }),
      // At synth all groups of the app are known, whichever stack they are in: none can be forgotten.
      selectionCriteria: Lazy.string({ produce: () => selectionCriteria(excludedNames(this, props.excludedLogGroups)) }),
    });
    for (const dependable of props.target.waitFor) policy.node.addDependency(dependable);
    this.node.addValidation({ validate: () => this.problems(props) });
  }

  private problems(props: AccountSubscriptionProps): string[] {
    const found: string[] = [];
    const unnamed = ownLogGroups(this).filter((group) => !isPlainText(group.logGroupName));
    for (const group of unnamed) {
      found.push(
        `${group.node.path} has no fixed name, so the account-level subscription cannot leave it out and would feed on its own log`,
      );
    }
    const bytes = Buffer.byteLength(selectionCriteria(excludedNames(this, props.excludedLogGroups)));
    if (bytes > MAX_SELECTION_BYTES) {
      found.push(`the account-level subscription leaves out too many log groups: ${bytes} bytes of names, limit: ${MAX_SELECTION_BYTES}`);
    }
    const policies = this.node.root.node.findAll().filter((node) => node instanceof CfnAccountPolicy).length + props.foreignPolicies;
    if (policies > POLICIES_PER_ACCOUNT) {
      found.push(`${policies} account-level subscription policies, CloudWatch Logs allows ${POLICIES_PER_ACCOUNT} per account and Region`);
    }
    return found;
  }
}

function ownLogGroups(scope: Construct): CfnLogGroup[] {
  return scope.node.root.node.findAll().filter((node): node is CfnLogGroup => node instanceof CfnLogGroup);
}

function isPlainText(name: string | undefined): name is string {
  return name !== undefined && !name.includes('${Token[');
}

/** Our own groups carry the functions' logs: subscribed, each event would make another one, without end. */
function excludedNames(scope: Construct, further: readonly string[]): string[] {
  const own = ownLogGroups(scope).map((group) => group.logGroupName);
  return [...new Set([...own.filter(isPlainText), ...further])].sort();
}

function checkPattern(scope: Construct, pattern: string): void {
  if (pattern.length <= MAX_PATTERN_LENGTH) return;
  throw new Error(`${scope.node.path}: a filter pattern has at most ${MAX_PATTERN_LENGTH} characters, got ${pattern.length}`);
}
