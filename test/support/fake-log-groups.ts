import { JsonService, type ServiceCall, ServiceError } from './json-service.ts';

/** A log group as the fake keeps it. */
export interface FakeGroup {
  retentionInDays?: number;
  kmsKeyId?: string;
  logGroupClass: string;
  deletionProtectionEnabled: boolean;
  tags: { [key: string]: string };
  indexPolicy?: string;
}

/** Log groups behind the API of CloudWatch Logs, with the errors that its reference names. */
export class FakeLogGroups {
  readonly service: JsonService = new JsonService((call) => this.answer(call));
  readonly groups = new Map<string, FakeGroup>();
  /** Errors to answer with before the operation works, by operation. */
  readonly trouble = new Map<string, ServiceError[]>();
  /** Runs before an operation is answered: what somebody else does at that moment. */
  meanwhile: (operation: string) => void = () => undefined;
  /** Groups per page of DescribeLogGroups. */
  pageSize = 50;
  /** Keys whose policy does not let CloudWatch Logs in. */
  readonly closedKeys = new Set<string>();
  /** An account-level field index policy, which a group's own takes the place of. */
  accountIndexPolicy: string | undefined;

  reset(): void {
    this.groups.clear();
    this.trouble.clear();
    this.closedKeys.clear();
    this.accountIndexPolicy = undefined;
    this.pageSize = 50;
    this.meanwhile = () => undefined;
    this.service.calls.length = 0;
  }

  put(name: string, group: Partial<FakeGroup> = {}): FakeGroup {
    const made = { logGroupClass: 'STANDARD', deletionProtectionEnabled: false, tags: {}, ...group };
    this.groups.set(name, made);
    return made;
  }

  /** Operations in order, those that only read left out. */
  changes(): string[] {
    return this.service.calls.map(({ operation }) => operation).filter((name) => !/^(Describe|List)/.test(name));
  }

  private answer(call: ServiceCall): object {
    this.meanwhile(call.operation);
    const error = this.trouble.get(call.operation)?.shift();
    if (error) throw error;
    const { body } = call;
    const name = String(body['logGroupName'] ?? body['logGroupIdentifier'] ?? nameOf(body['resourceArn']));
    switch (call.operation) {
      case 'DescribeLogGroups':
        return this.describe(String(body['logGroupNamePrefix'] ?? ''), Number(body['nextToken'] ?? 0));
      case 'CreateLogGroup':
        if (this.groups.has(name)) throw new ServiceError('ResourceAlreadyExistsException', 'The specified log group already exists');
        this.put(name);
        return {};
      case 'PutRetentionPolicy':
        this.group(name).retentionInDays = Number(body['retentionInDays']);
        return {};
      case 'AssociateKmsKey': {
        const key = String(body['kmsKeyId']);
        if (this.closedKeys.has(key)) {
          throw new ServiceError(
            'InvalidParameterException',
            `The specified KMS key does not exist or is not allowed to be used with Arn '${name}'`,
          );
        }
        this.group(name).kmsKeyId = key;
        return {};
      }
      case 'DisassociateKmsKey':
        delete this.group(name).kmsKeyId;
        return {};
      case 'PutLogGroupDeletionProtection':
        this.group(name).deletionProtectionEnabled = body['deletionProtectionEnabled'] === true;
        return {};
      case 'DescribeIndexPolicies': {
        const own = this.group(String((body['logGroupIdentifiers'] as string[])[0])).indexPolicy;
        const document = own ?? this.accountIndexPolicy;
        return {
          indexPolicies: document === undefined ? [] : [{ policyDocument: document, source: own === undefined ? 'ACCOUNT' : 'LOG_GROUP' }],
        };
      }
      case 'PutIndexPolicy':
        this.group(name).indexPolicy = String(body['policyDocument']);
        return {};
      case 'DeleteIndexPolicy':
        delete this.group(name).indexPolicy;
        return {};
      case 'ListTagsForResource':
        return { tags: this.group(name).tags };
      case 'TagResource':
        Object.assign(this.group(name).tags, body['tags']);
        return {};
      case 'UntagResource':
        for (const key of body['tagKeys'] as string[]) delete this.group(name).tags[key];
        return {};
      default:
        throw new ServiceError('UnknownOperationException', call.operation);
    }
  }

  private describe(prefix: string, start: number): object {
    const names = [...this.groups.keys()].filter((name) => name.startsWith(prefix)).sort();
    const page = names.slice(start, start + this.pageSize).map((name) => {
      const { tags: _tags, ...settings } = this.group(name);
      return { logGroupName: name, logGroupArn: arnOf(name), arn: `${arnOf(name)}:*`, ...settings };
    });
    const next = start + this.pageSize;
    return { logGroups: page, ...(next < names.length ? { nextToken: String(next) } : {}) };
  }

  private group(name: string): FakeGroup {
    const group = this.groups.get(name);
    if (!group) throw new ServiceError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }
}

/** ARN of a group in the test account. */
export function arnOf(name: string): string {
  return `arn:aws:logs:us-east-1:111122223333:log-group:${name}`;
}

function nameOf(arn: unknown): string {
  return String(arn).split(':log-group:')[1] ?? '';
}
