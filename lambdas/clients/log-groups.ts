import {
  AssociateKmsKeyCommand,
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteIndexPolicyCommand,
  DescribeIndexPoliciesCommand,
  DescribeLogGroupsCommand,
  DisassociateKmsKeyCommand,
  ListTagsForResourceCommand,
  PutIndexPolicyCommand,
  PutLogGroupDeletionProtectionCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { FoundIndexPolicy, IndexPolicyStep } from '../core/control-plane/index-policy.ts';
import type { FoundLogGroup, LogGroupStep } from '../core/control-plane/log-group-steps.ts';
import { errorName, type RetryPorts, withRetry } from './aws-retry.ts';

/** Log groups through the API of CloudWatch Logs. Every call is repeated while it is throttled or aborted. */
export class LogGroups {
  private readonly client: CloudWatchLogsClient;
  private readonly ports: RetryPorts;

  constructor(client: CloudWatchLogsClient, ports: RetryPorts) {
    this.client = client;
    this.ports = ports;
  }

  /** The group of this very name, undefined where there is none. */
  async find(name: string): Promise<FoundLogGroup | undefined> {
    let nextToken: string | undefined;
    do {
      // The API filters by prefix; groups of longer names come along.
      const page = await withRetry(
        () =>
          this.client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name, ...(nextToken === undefined ? {} : { nextToken }) })),
        this.ports,
      );
      const group = page.logGroups?.find(({ logGroupName }) => logGroupName === name);
      if (group) {
        return {
          ...(group.retentionInDays === undefined ? {} : { retentionDays: group.retentionInDays }),
          ...(group.kmsKeyId === undefined ? {} : { kmsKeyArn: group.kmsKeyId }),
          ...(group.logGroupClass === undefined ? {} : { logGroupClass: group.logGroupClass }),
          deletionProtection: group.deletionProtectionEnabled ?? false,
          tags: await this.tags(group.logGroupArn ?? (group.arn ?? '').replace(/:\*$/, '')),
        };
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return undefined;
  }

  /** The field index policy that holds for a group: its own, else the account-level one that reaches it. */
  async indexPolicy(name: string): Promise<FoundIndexPolicy | undefined> {
    const answer = await withRetry(() => this.client.send(new DescribeIndexPoliciesCommand({ logGroupIdentifiers: [name] })), this.ports);
    const policies = (answer.indexPolicies ?? []).filter(({ policyDocument }) => policyDocument !== undefined);
    const policy = policies.find(({ source }) => source === 'LOG_GROUP') ?? policies[0];
    return policy && { document: policy.policyDocument ?? '', isOwn: policy.source !== 'ACCOUNT' };
  }

  /** Tags of a group by its ARN. */
  async tags(arn: string): Promise<{ [key: string]: string }> {
    const answer = await withRetry(() => this.client.send(new ListTagsForResourceCommand({ resourceArn: arn })), this.ports);
    return answer.tags ?? {};
  }

  /** Sets a tag. */
  async tag(arn: string, tags: { readonly [key: string]: string }): Promise<void> {
    await withRetry(() => this.client.send(new TagResourceCommand({ resourceArn: arn, tags: { ...tags } })), this.ports);
  }

  /** Takes tags off. */
  async untag(arn: string, keys: readonly string[]): Promise<void> {
    await withRetry(() => this.client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] })), this.ports);
  }

  /** Takes one step. `arn` is the group's, without `:*`. */
  async take(step: LogGroupStep | IndexPolicyStep, name: string, arn: string): Promise<void> {
    switch (step.step) {
      case 'create':
        return this.create(name);
      case 'retention':
        return this.send(() => this.client.send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: step.days })));
      case 'associateKey':
        return this.send(() => this.client.send(new AssociateKmsKeyCommand({ logGroupName: name, kmsKeyId: step.keyArn })));
      case 'disassociateKey':
        return this.send(() => this.client.send(new DisassociateKmsKeyCommand({ logGroupName: name })));
      case 'deletionProtection':
        return this.send(() =>
          this.client.send(new PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: name, deletionProtectionEnabled: step.enabled })),
        );
      case 'tag':
        return this.tag(arn, step.tags);
      case 'untag':
        return this.untag(arn, step.keys);
      case 'putIndexPolicy':
        return this.send(() => this.client.send(new PutIndexPolicyCommand({ logGroupIdentifier: name, policyDocument: step.document })));
      case 'deleteIndexPolicy':
        return this.send(() => this.client.send(new DeleteIndexPolicyCommand({ logGroupIdentifier: name })));
    }
  }

  /** Somebody (EKS, an agent, our own call whose answer was lost) may have made it in between: that is as good. */
  private async create(name: string): Promise<void> {
    try {
      await this.send(() => this.client.send(new CreateLogGroupCommand({ logGroupName: name })));
    } catch (error) {
      if (errorName(error) !== 'ResourceAlreadyExistsException') throw error;
    }
  }

  private async send(call: () => Promise<unknown>): Promise<void> {
    await withRetry(call, this.ports);
  }
}
