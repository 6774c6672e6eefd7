import { compileFilterPattern, type FilterPattern } from '../../lambdas/core/filter-pattern/compile.ts';
import { booleanAt, textAt } from '../template/json.ts';
import type { Resource } from '../template/resolver.ts';

/** A subscription, of one group or of the account. */
export interface Subscription {
  readonly name: string;
  /** Undefined for the account's: it takes every group that its criteria do not leave out. */
  readonly logGroup: string | undefined;
  readonly excludedGroups: ReadonlySet<string>;
  readonly pattern: FilterPattern;
  readonly destinationArn: string;
  readonly distribution: 'ByLogStream' | 'Random';
  readonly hasRole: boolean;
}

/** Subscription filters that one log group may have, the account's apart. PutSubscriptionFilter, API reference 2026. */
const FILTERS_PER_GROUP = 2;

/**
 * Reads subscription filters and account policies. Throws where CloudWatch would refuse one (slots, criteria), and where a pattern cannot be decided
 * exactly: a guess would show a run that the account does not have.
 */
export function readSubscriptions(resources: readonly Resource[]): Subscription[] {
  const subscriptions: Subscription[] = [];
  const slots = new Map<string, number>();
  for (const resource of resources) {
    if (resource.type === 'AWS::Logs::SubscriptionFilter') {
      const subscription = readFilter(resource);
      const group = subscription.logGroup ?? '';
      const used = (slots.get(group) ?? 0) + 1;
      slots.set(group, used);
      if (used > FILTERS_PER_GROUP)
        throw new Error(`${resource.path}: log group ${group} has more than ${FILTERS_PER_GROUP} subscription filters`);
      subscriptions.push(subscription);
    } else if (resource.type === 'AWS::Logs::AccountPolicy' && textAt(resource.properties, 'PolicyType') === 'SUBSCRIPTION_FILTER_POLICY') {
      if (subscriptions.some(({ logGroup }) => logGroup === undefined))
        throw new Error(`${resource.path}: an account has one subscription policy per Region`);
      subscriptions.push(readPolicy(resource));
    }
  }
  return subscriptions;
}

/** Whether the subscription takes events of the group. */
export function takesGroup(subscription: Subscription, logGroup: string): boolean {
  return subscription.logGroup === undefined ? !subscription.excludedGroups.has(logGroup) : subscription.logGroup === logGroup;
}

function readFilter(resource: Resource): Subscription {
  const { properties } = resource;
  for (const flag of ['ApplyOnTransformedLogs', 'EmitSystemFields', 'FieldSelectionCriteria']) {
    const value = properties[flag];
    const isSet =
      booleanAt(properties, flag) === true ||
      (Array.isArray(value) && value.length > 0) ||
      (typeof value === 'string' && value !== '' && value !== 'false');
    if (isSet) throw new Error(`${resource.path}: ${flag} has no counterpart on this machine; what it forwards cannot be decided here`);
  }
  return {
    name: textAt(properties, 'FilterName') ?? `${resource.stack}-${resource.logicalId}`,
    logGroup: textAt(properties, 'LogGroupName') ?? '',
    excludedGroups: new Set(),
    pattern: compile(resource, textAt(properties, 'FilterPattern') ?? ''),
    destinationArn: textAt(properties, 'DestinationArn') ?? '',
    distribution: textAt(properties, 'Distribution') === 'Random' ? 'Random' : 'ByLogStream',
    hasRole: textAt(properties, 'RoleArn') !== undefined,
  };
}

function readPolicy(resource: Resource): Subscription {
  const document = JSON.parse(textAt(resource.properties, 'PolicyDocument') ?? '{}') as {
    readonly DestinationArn?: string;
    readonly FilterPattern?: string;
    readonly Distribution?: string;
    readonly RoleArn?: string;
  };
  return {
    name: textAt(resource.properties, 'PolicyName') ?? resource.logicalId,
    logGroup: undefined,
    excludedGroups: new Set(readCriteria(resource.path, textAt(resource.properties, 'SelectionCriteria') ?? '')),
    pattern: compile(resource, document.FilterPattern ?? ''),
    destinationArn: document.DestinationArn ?? '',
    distribution: document.Distribution === 'Random' ? 'Random' : 'ByLogStream',
    hasRole: document.RoleArn !== undefined,
  };
}

/** `LogGroupName NOT IN ["a", "b"]` is the only form that CloudWatch knows for subscriptions. */
function readCriteria(path: string, criteria: string): string[] {
  if (criteria.trim() === '') return [];
  const list = /^\s*LogGroupName\s+NOT\s+IN\s+(\[[\s\S]*\])\s*$/.exec(criteria)?.[1];
  if (list === undefined) throw new Error(`${path}: selection criteria must read LogGroupName NOT IN [...], found ${criteria}`);
  return JSON.parse(list) as string[];
}

function compile(resource: Resource, pattern: string): FilterPattern {
  const compiled = compileFilterPattern(pattern);
  if (compiled.ok) return compiled;
  throw new Error(`${resource.path}: filter pattern ${JSON.stringify(pattern)}, column ${compiled.column}: ${compiled.reason}`);
}
