import type { CdkCustomResourceEvent, CdkCustomResourceResponse, Context } from 'aws-lambda';
import { arnOf, FakeLogGroups } from '../support/fake-log-groups.ts';
import { ServiceError } from '../support/json-service.ts';

const GROUP = '/aws/eks/prod/cluster';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';
const logs = new FakeLogGroups();
let handler: (event: CdkCustomResourceEvent, context: Context) => Promise<CdkCustomResourceResponse>;

beforeAll(async () => {
  await logs.service.start();
  process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = logs.service.endpoint;
  process.env['AWS_REGION'] = 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  ({ handler } = await import('../../lambdas/log-group-setup.ts'));
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterAll(() => logs.service.stop());
beforeEach(() => logs.reset());

const properties = {
  ServiceToken: 'token',
  LogGroupName: GROUP,
  LogGroupArn: arnOf(GROUP),
  RetentionInDays: '90',
  KmsKeyArn: KEY,
  DeletionProtection: 'false',
  Tags: { team: 'platform' },
};

function run(
  type: 'Create' | 'Update' | 'Delete',
  changes: { [name: string]: unknown } = {},
  old: { [name: string]: unknown } = {},
  remainingMs = 300_000,
): Promise<CdkCustomResourceResponse> {
  const event = {
    RequestType: type,
    PhysicalResourceId: GROUP,
    ResourceProperties: { ...properties, ...changes },
    OldResourceProperties: { ...properties, ...old },
  };
  return handler(event as unknown as CdkCustomResourceEvent, { getRemainingTimeInMillis: () => remainingMs } as Context);
}

const throttled = () => new ServiceError('ThrottlingException', 'Rate exceeded');
const aborted = () =>
  new ServiceError('OperationAbortedException', 'A conflicting operation is currently in progress against this resource.');

test('makes a group that is missing, retention before key', async () => {
  const answer = await run('Create');

  expect(answer.PhysicalResourceId).toBe(GROUP);
  expect(logs.changes()).toEqual(['CreateLogGroup', 'PutRetentionPolicy', 'AssociateKmsKey', 'TagResource']);
  expect(logs.groups.get(GROUP)).toMatchObject({ retentionInDays: 90, kmsKeyId: KEY, tags: { team: 'platform' } });
});

test('adopts a group that EKS made without retention', async () => {
  logs.put(GROUP, { tags: { owner: 'somebody' } });

  await run('Create');

  expect(logs.changes()).toEqual(['PutRetentionPolicy', 'AssociateKmsKey', 'TagResource']);
  expect(logs.groups.get(GROUP)?.tags).toEqual({ owner: 'somebody', team: 'platform' });
});

test('changes nothing the second time', async () => {
  await run('Create');
  const before = logs.changes().length;

  await run('Update');

  expect(logs.changes()).toHaveLength(before);
});

test('is not misled by a group whose name goes on, nor by pages', async () => {
  logs.pageSize = 1;
  for (const suffix of ['-2', '-3']) logs.put(`${GROUP}${suffix}`, { retentionInDays: 90, kmsKeyId: KEY });

  await run('Create');

  expect(logs.changes()[0]).toBe('CreateLogGroup');
});

test('takes the key off when the config has none any more', async () => {
  logs.put(GROUP, { retentionInDays: 90, kmsKeyId: KEY, tags: { team: 'platform' } });

  await run('Update', { KmsKeyArn: '' });

  expect(logs.changes()).toEqual(['DisassociateKmsKey']);
  expect(logs.groups.get(GROUP)?.kmsKeyId).toBeUndefined();
});

test('turns deletion protection on and off again', async () => {
  logs.put(GROUP, { retentionInDays: 90, kmsKeyId: KEY, tags: { team: 'platform' } });

  await run('Update', { DeletionProtection: 'true' });
  expect(logs.groups.get(GROUP)?.deletionProtectionEnabled).toBe(true);

  await run('Update', { DeletionProtection: 'false' });
  expect(logs.groups.get(GROUP)?.deletionProtectionEnabled).toBe(false);
});

test('takes off the tags that it set before, and leaves those of others', async () => {
  logs.put(GROUP, { retentionInDays: 90, kmsKeyId: KEY, tags: { team: 'old', cost: 'x', theirs: 'y' } });

  await run('Update', {}, { Tags: { team: 'old', cost: 'x' } });

  expect(logs.groups.get(GROUP)?.tags).toEqual({ team: 'platform', theirs: 'y' });
});

test('leaves group, events, retention and key on delete', async () => {
  logs.put(GROUP, { retentionInDays: 90, kmsKeyId: KEY });

  const answer = await run('Delete');

  expect(answer.PhysicalResourceId).toBe(GROUP);
  expect(logs.service.calls).toEqual([]);
});

test('deletes even with properties that it can no longer read', async () => {
  await expect(run('Delete', { RetentionInDays: 'never' })).resolves.toBeDefined();
});

test.each<[string, ServiceError[]]>([
  ['throttled', [throttled(), throttled()]],
  ['aborted because another call changes the group', [aborted()]],
  [
    'the service is away',
    [new ServiceError('ServiceUnavailableException', 'try again', 503), new ServiceError('InternalFailure', 'oops', 500)],
  ],
])('goes on when %s', async (_name, errors) => {
  for (const operation of ['DescribeLogGroups', 'CreateLogGroup', 'PutRetentionPolicy', 'AssociateKmsKey', 'TagResource']) {
    logs.trouble.set(operation, [errors[0] as ServiceError]);
  }
  logs.trouble.set('PutRetentionPolicy', [...errors]);

  await run('Create');

  expect(logs.groups.get(GROUP)).toMatchObject({ retentionInDays: 90, kmsKeyId: KEY });
});

test('takes a group that somebody made in the same second as made', async () => {
  logs.meanwhile = (operation) => {
    if (operation === 'CreateLogGroup') logs.put(GROUP);
  };

  await run('Create');

  expect(logs.groups.get(GROUP)?.retentionInDays).toBe(90);
});

test('stops in time to tell CloudFormation when the throttling does not end', async () => {
  logs.trouble.set('DescribeLogGroups', Array.from({ length: 50 }, throttled));

  await expect(run('Create', {}, {}, 6_100)).rejects.toThrow('Rate exceeded');
  expect(logs.service.calls.length).toBeLessThan(5);
});

test('names the group and the step that failed', async () => {
  logs.closedKeys.add(KEY);

  await expect(run('Create')).rejects.toThrow(
    /log group \/aws\/eks\/prod\/cluster, associateKey: InvalidParameterException: .*not allowed/,
  );
});

test('refuses a class that has no subscription filters, because it cannot be changed', async () => {
  logs.put(GROUP, { logGroupClass: 'INFREQUENT_ACCESS' });

  await expect(run('Create')).rejects.toThrow(/has class INFREQUENT_ACCESS.*cannot be changed/);
});

test.each([
  [{ RetentionInDays: '0' }, 'property RetentionInDays must be a whole number above 0, got "0"'],
  [{ LogGroupName: '' }, 'property LogGroupName must be a text, got ""'],
  [{ DeletionProtection: 'maybe' }, 'property DeletionProtection must be true or false, got "maybe"'],
  [{ Tags: ['a'] }, 'property Tags must be texts by name, got ["a"]'],
])('refuses %j', async (changes, message) => {
  await expect(run('Create', changes)).rejects.toThrow(message);
});

describe('field indexes', () => {
  const policy = () => JSON.parse(logs.groups.get(GROUP)?.indexPolicy ?? 'null') as unknown;

  test('are put on a group that it makes, after all else', async () => {
    await run('Create', { IndexFields: ['verb', 'user.username'] });

    expect(logs.changes().at(-1)).toBe('PutIndexPolicy');
    expect(policy()).toEqual({ Fields: ['verb', 'user.username'] });
  });

  test('are left alone the second time, and where the config wants none', async () => {
    await run('Create', { IndexFields: ['verb'] });
    const before = logs.changes().length;

    await run('Update', { IndexFields: ['verb'] }, { IndexFields: ['verb'] });
    await run('Update');

    expect(logs.changes()).toHaveLength(before);
  });

  test('keep those of others, and what the account-level policy indexed', async () => {
    logs.put(GROUP, { retentionInDays: 90, kmsKeyId: KEY, tags: { team: 'platform' } });
    logs.accountIndexPolicy = '{"Fields":["requestId"]}';

    await run('Update', { IndexFields: ['verb'] });
    expect(policy()).toEqual({ Fields: ['verb', 'requestId'] });

    await run('Update', {}, { IndexFields: ['verb'] });
    expect(policy()).toEqual({ Fields: ['requestId'] });
  });

  test('go with the last field', async () => {
    await run('Create', { IndexFields: ['verb'] });

    await run('Update', {}, { IndexFields: ['verb'] });

    expect(logs.changes().at(-1)).toBe('DeleteIndexPolicy');
    expect(policy()).toBeNull();
  });

  test('name the group and the step when CloudWatch refuses', async () => {
    logs.trouble.set('PutIndexPolicy', [new ServiceError('LimitExceededException', 'too many')]);

    await expect(run('Create', { IndexFields: ['verb'] })).rejects.toThrow(
      `log group ${GROUP}, putIndexPolicy: LimitExceededException: too many`,
    );
  });
});
