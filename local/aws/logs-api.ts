import { LogGroup } from '../logs/log-group.ts';
import type { ApiAnswer } from './eks-api.ts';

interface LogsRequest {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logGroupNamePrefix?: string;
  readonly retentionInDays?: number;
  readonly kmsKeyId?: string;
  readonly resourceIdentifier?: string;
  readonly deletionProtectionEnabled?: boolean;
  readonly resourceArn?: string;
  readonly tags?: { readonly [key: string]: string };
  readonly tagKeys?: readonly string[];
  readonly logGroupIdentifiers?: readonly string[];
  readonly policyDocument?: string;
  readonly logStreamName?: string;
  readonly logEvents?: readonly { readonly timestamp: number; readonly message: string }[];
}

/** Log groups of the account, and as much of the CloudWatch Logs API as adopting one needs. */
export class LogsApi {
  readonly groups = new Map<string, LogGroup>();
  /** Where events go that a function puts itself. @default - they are refused */
  onEvents: ((logGroup: string, logStream: string, events: NonNullable<LogsRequest['logEvents']>) => void) | undefined;
  readonly #account: string;
  readonly #region: string;

  constructor(account: string, region: string) {
    this.#account = account;
    this.#region = region;
  }

  /** The group of a name, made where it is missing (by CloudFormation, or by the first event, as an agent does). */
  group(name: string): LogGroup {
    let group = this.groups.get(name);
    if (!group) {
      group = new LogGroup(name);
      this.groups.set(name, group);
    }
    return group;
  }

  /** ARN of a group without the trailing `:*`. */
  arnOf(name: string): string {
    return `arn:aws:logs:${this.#region}:${this.#account}:log-group:${name}`;
  }

  /** Answers an action; undefined where it has no counterpart here. */
  answer(action: string, body: string): ApiAnswer | undefined {
    const request = JSON.parse(body || '{}') as LogsRequest;
    const ok = (answer: object = {}): ApiAnswer => ({ status: 200, body: answer });
    if (action === 'DescribeLogGroups') return ok({ logGroups: this.#describe(request) });
    if (action === 'CreateLogGroup') return this.#create(request);
    const group = this.#named(request);
    if (!group) return failure('ResourceNotFoundException', 'The specified log group does not exist.');
    switch (action) {
      case 'CreateLogStream':
        return ok();
      case 'PutLogEvents':
        if (this.onEvents === undefined) return undefined;
        this.onEvents(group.name, request.logStreamName ?? '', request.logEvents ?? []);
        return ok({ nextSequenceToken: '1' });
      case 'PutRetentionPolicy':
        group.retentionDays = request.retentionInDays;
        return ok();
      case 'AssociateKmsKey':
        group.kmsKeyArn = request.kmsKeyId;
        return ok();
      case 'DisassociateKmsKey':
        group.kmsKeyArn = undefined;
        return ok();
      case 'DescribeIndexPolicies':
        return ok({ indexPolicies: indexPolicies(group, this.arnOf(group.name)) });
      case 'PutIndexPolicy':
        group.indexPolicy = request.policyDocument;
        return ok();
      case 'DeleteIndexPolicy':
        group.indexPolicy = undefined;
        return ok();
      case 'PutLogGroupDeletionProtection':
        group.deletionProtection = request.deletionProtectionEnabled === true;
        return ok();
      case 'ListTagsForResource':
        return ok({ tags: group.tags });
      case 'TagResource':
        group.tags = { ...group.tags, ...request.tags };
        return ok();
      case 'UntagResource':
        group.tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !request.tagKeys?.includes(key)));
        return ok();
      default:
        return undefined;
    }
  }

  #create(request: LogsRequest): ApiAnswer {
    const name = request.logGroupName ?? '';
    if (this.groups.has(name)) return failure('ResourceAlreadyExistsException', 'The specified log group already exists');
    const group = this.group(name);
    group.kmsKeyArn = request.kmsKeyId;
    group.deletionProtection = request.deletionProtectionEnabled === true;
    group.tags = { ...request.tags };
    return { status: 200, body: {} };
  }

  #describe(request: LogsRequest): object[] {
    const prefix = request.logGroupNamePrefix ?? '';
    return [...this.groups.values()]
      .filter(({ name }) => name.startsWith(prefix))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((group) => ({
        logGroupName: group.name,
        logGroupArn: this.arnOf(group.name),
        arn: `${this.arnOf(group.name)}:*`,
        logGroupClass: 'STANDARD',
        deletionProtectionEnabled: group.deletionProtection,
        ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
        ...(group.kmsKeyArn === undefined ? {} : { kmsKeyId: group.kmsKeyArn }),
      }));
  }

  #named(request: LogsRequest): LogGroup | undefined {
    const given =
      request.logGroupName ??
      request.logGroupIdentifier ??
      request.logGroupIdentifiers?.[0] ??
      request.resourceIdentifier ??
      request.resourceArn ??
      '';
    return this.groups.get(given.replace(/^arn:[^:]*:logs:[^:]*:\d+:log-group:/, '').replace(/:\*$/, ''));
  }
}

function indexPolicies(group: LogGroup, arn: string): object[] {
  return group.indexPolicy === undefined ? [] : [{ logGroupIdentifier: arn, policyDocument: group.indexPolicy, source: 'LOG_GROUP' }];
}

function failure(type: string, message: string): ApiAnswer {
  return { status: 400, body: { __type: type, message } };
}
