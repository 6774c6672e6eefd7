import type {
  CdkCustomResourceEvent,
  CdkCustomResourceIsCompleteEvent,
  CdkCustomResourceIsCompleteResponse,
  CdkCustomResourceResponse,
  Context,
} from 'aws-lambda';
import { FakeEks } from '../support/fake-eks.ts';
import { arnOf, FakeLogGroups } from '../support/fake-log-groups.ts';
import { ServiceError } from '../support/json-service.ts';

const GROUP = '/aws/eks/prod/cluster';
const TAG = 'eks-telemetry:control-plane-logging';
const eks = new FakeEks();
const logs = new FakeLogGroups();
let entry: {
  onEvent(event: CdkCustomResourceEvent, context: Context): Promise<CdkCustomResourceResponse>;
  isComplete(event: CdkCustomResourceIsCompleteEvent, context: Context): Promise<CdkCustomResourceIsCompleteResponse>;
};

beforeAll(async () => {
  await Promise.all([eks.service.start(), logs.service.start()]);
  process.env['AWS_ENDPOINT_URL_EKS'] = eks.service.endpoint;
  process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS'] = logs.service.endpoint;
  process.env['AWS_REGION'] = 'us-east-1';
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  entry = await import('../../lambdas/control-plane-logging.ts');
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterAll(() => Promise.all([eks.service.stop(), logs.service.stop()]));
beforeEach(() => {
  eks.reset();
  logs.reset();
  logs.put(GROUP);
});

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
const properties = {
  ServiceToken: 'token',
  ClusterName: 'prod',
  LogTypes: ['api', 'audit'],
  LogGroupArn: arnOf(GROUP),
  DisableOnDelete: 'false',
};

/** What the provider framework does: onEvent once, isComplete until it is done, always with what onEvent returned. */
async function deploy(type: 'Create' | 'Update' | 'Delete', changes: { [name: string]: unknown } = {}, maxAsks = 20): Promise<number> {
  const event = { RequestType: type, PhysicalResourceId: 'id', ResourceProperties: { ...properties, ...changes } };
  const started = await entry.onEvent(event as unknown as CdkCustomResourceEvent, context);
  return wait({ ...event, ...started }, maxAsks);
}

async function wait(event: object, maxAsks = 20): Promise<number> {
  for (let asks = 1; asks <= maxAsks; asks++) {
    const { IsComplete } = await entry.isComplete(event as CdkCustomResourceIsCompleteEvent, context);
    if (IsComplete) return asks;
  }
  throw new Error(`not done after ${maxAsks} questions`);
}

const enabled = (): string[] => [...(eks.cluster?.enabled ?? [])].sort();
const turnedOn = (): string | undefined => logs.groups.get(GROUP)?.tags[TAG];

describe('turning on', () => {
  test('asks for the missing types only, and waits until the update has ended', async () => {
    eks.reset(['api', 'scheduler']);

    const asks = await deploy('Create');

    expect(eks.requests()).toEqual([{ clusterLogging: [{ types: ['audit'], enabled: true }] }]);
    expect(enabled()).toEqual(['api', 'audit', 'scheduler']);
    expect(asks).toBeGreaterThan(2);
  });

  test('notes what it turned on before it asks, so that a lost answer forgets nothing', async () => {
    eks.reset(['api']);
    let noteAtRequest: string | undefined;
    const original = eks.startForeignUpdate.bind(eks);
    jest.spyOn(eks, 'startForeignUpdate').mockImplementation((...args) => {
      noteAtRequest = turnedOn();
      return original(...args);
    });

    await deploy('Create');

    expect(noteAtRequest).toBe('audit');
    jest.restoreAllMocks();
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
  });

  test('is done at once where everything is on already, and claims nothing', async () => {
    eks.reset(['api', 'audit']);

    expect(await deploy('Create')).toBe(1);
    expect(eks.requests()).toEqual([]);
    expect(turnedOn()).toBeUndefined();
  });

  test("takes 'No changes needed' as success", async () => {
    eks.trouble.set('UpdateClusterConfig', [
      new ServiceError('InvalidParameterException', 'No changes needed for the logging config provided'),
    ]);

    expect(await deploy('Create')).toBe(1);
    expect(turnedOn()).toBeUndefined();
  });

  test('waits while another update holds the cluster, then asks', async () => {
    eks.startForeignUpdate('VersionUpdate', 4);

    await deploy('Create');

    expect(enabled()).toEqual(['api', 'audit']);
    expect(eks.requests()).toHaveLength(1);
  });

  test('waits when the status is late and the API answers ResourceInUse', async () => {
    eks.trouble.set('UpdateClusterConfig', [
      new ServiceError('ResourceInUseException', 'Cannot LoggingUpdate because cluster prod currently has update in progress', 409),
      new ServiceError('ResourceInUseException', 'Cannot LoggingUpdate because cluster prod currently has update in progress', 409),
    ]);

    await deploy('Create');

    expect(enabled()).toEqual(['api', 'audit']);
    expect(eks.requests()).toHaveLength(3);
  });

  test('asks once although the status becomes UPDATING late', async () => {
    eks.statusLags = true;

    await deploy('Create');

    expect(eks.requests()).toHaveLength(1);
  });

  test('waits for a cluster that is still being created', async () => {
    if (eks.cluster) eks.cluster.status = 'CREATING';
    const event = { RequestType: 'Create', ResourceProperties: properties };
    const started = await entry.onEvent(event as unknown as CdkCustomResourceEvent, context);
    expect(await entry.isComplete({ ...event, ...started } as CdkCustomResourceIsCompleteEvent, context)).toEqual({ IsComplete: false });

    if (eks.cluster) eks.cluster.status = 'ACTIVE';
    await wait({ ...event, ...started });

    expect(enabled()).toEqual(['api', 'audit']);
  });

  test('survives a second start of the same request, as after a lost answer', async () => {
    const event = { RequestType: 'Create', ResourceProperties: properties };
    const first = await entry.onEvent(event as unknown as CdkCustomResourceEvent, context);
    await entry.isComplete({ ...event, ...first } as CdkCustomResourceIsCompleteEvent, context);
    const second = await entry.onEvent(event as unknown as CdkCustomResourceEvent, context);

    await wait({ ...event, ...second });

    expect(eks.requests()).toHaveLength(1);
    expect(turnedOn()).toBe('audit api');
  });

  test.each(['Failed', 'Cancelled'] as const)(
    'reports an update that ended as %s with the reason of EKS, and takes its note back',
    async (ending) => {
      eks.endings.push(ending);

      await expect(deploy('Create')).rejects.toThrow(`ended as ${ending}: AccessDenied: the log group belongs to somebody else`);
      expect(eks.requests()).toHaveLength(1);
      expect(turnedOn()).toBeUndefined();
    },
  );

  test('tries anew in the next deployment after a failed one', async () => {
    const failed = eks.startForeignUpdate(
      'LoggingUpdate',
      0,
      undefined,
      JSON.stringify({ clusterLogging: [{ types: ['api', 'audit'], enabled: true }] }),
      Date.now() - 60_000,
    );
    failed.status = 'Failed';
    if (eks.cluster) eks.cluster.status = 'ACTIVE';

    await deploy('Create');

    expect(enabled()).toEqual(['api', 'audit']);
  });

  test('does not take the failed update of somebody else for its own', async () => {
    eks.endings.push('Failed');
    eks.startForeignUpdate('LoggingUpdate', 1, undefined, JSON.stringify({ clusterLogging: [{ types: ['scheduler'], enabled: false }] }));

    await deploy('Create');

    expect(enabled()).toEqual(['api', 'audit']);
  });

  test('turns off nothing when the config wants fewer types', async () => {
    await deploy('Create');

    await deploy('Update', { LogTypes: ['audit'] });

    expect(enabled()).toEqual(['api', 'audit']);
  });

  test('adds the types of an update to its note', async () => {
    await deploy('Create');

    await deploy('Update', { LogTypes: ['api', 'audit', 'scheduler'] });

    expect(turnedOn()).toBe('audit api scheduler');
  });

  test('says what to check when there is no such cluster', async () => {
    eks.cluster = undefined;

    await expect(deploy('Create')).rejects.toThrow(
      /no EKS cluster "prod" in this account and Region.*check clusters\[\]\.name, account and region/,
    );
  });

  test.each(['DELETING', 'FAILED'])('gives up on a cluster that is %s', async (status) => {
    if (eks.cluster) eks.cluster.status = status;

    await expect(deploy('Create')).rejects.toThrow(`cluster prod is ${status}`);
  });

  test('refuses a type that EKS does not have', async () => {
    await expect(deploy('Create', { LogTypes: ['audit', 'etcd'] })).rejects.toThrow('EKS has no log type etcd');
  });

  test('asks again later when a question is throttled for longer than it may wait', async () => {
    const event = { RequestType: 'Create', ResourceProperties: properties };
    const started = await entry.onEvent(event as unknown as CdkCustomResourceEvent, context);
    eks.trouble.set(
      'DescribeCluster',
      Array.from({ length: 20 }, () => new ServiceError('ThrottlingException', 'Rate exceeded', 429)),
    );
    const hurried = { getRemainingTimeInMillis: () => 6_100 } as Context;

    expect(await entry.isComplete({ ...event, ...started } as CdkCustomResourceIsCompleteEvent, hurried)).toEqual({ IsComplete: false });
  });

  test('goes on after throttling in the middle', async () => {
    for (const operation of ['DescribeCluster', 'UpdateClusterConfig', 'ListUpdates', 'DescribeUpdate']) {
      eks.trouble.set(operation, [new ServiceError('ThrottlingException', 'Rate exceeded', 429)]);
    }
    logs.trouble.set('TagResource', [new ServiceError('ThrottlingException', 'Rate exceeded')]);

    await deploy('Create');

    expect(enabled()).toEqual(['api', 'audit']);
  });

  test('does not hide a missing permission', async () => {
    eks.trouble.set('UpdateClusterConfig', [
      new ServiceError('AccessDeniedException', 'not authorized to perform: eks:UpdateClusterConfig', 403),
    ]);

    await expect(deploy('Create')).rejects.toThrow('not authorized to perform: eks:UpdateClusterConfig');
  });

  test('reads a long history page by page, and each ended update once', async () => {
    eks.updatesPerPage = 2;
    for (let index = 0; index < 5; index++) {
      const update = eks.startForeignUpdate('AddonUpdate', 0);
      update.id = `history-${index}-${Date.now()}`;
      update.status = 'Successful';
    }
    if (eks.cluster) eks.cluster.status = 'ACTIVE';

    await deploy('Create');

    const described = eks.service.calls.filter(({ path }) => path.includes('/updates/history-'));
    expect(described).toHaveLength(5);
  });
});

describe('deleting', () => {
  test('leaves logging on', async () => {
    await deploy('Create');

    expect(await deploy('Delete')).toBe(1);
    expect(enabled()).toEqual(['api', 'audit']);
  });

  test('turns off what it had turned on, and only that, where the config says so', async () => {
    eks.reset(['api', 'authenticator']);
    await deploy('Create', { DisableOnDelete: 'true' });

    await deploy('Delete', { DisableOnDelete: 'true' });

    expect(enabled()).toEqual(['api', 'authenticator']);
    expect(eks.requests().at(-1)).toEqual({ clusterLogging: [{ types: ['audit'], enabled: false }] });
    expect(turnedOn()).toBeUndefined();
  });

  test('turns off the types of a later update too', async () => {
    await deploy('Create', { DisableOnDelete: 'true' });
    await deploy('Update', { DisableOnDelete: 'true', LogTypes: ['api', 'audit', 'scheduler'] });

    await deploy('Delete', { DisableOnDelete: 'true' });

    expect(enabled()).toEqual([]);
  });

  test.each<[string, () => void]>([
    [
      'the cluster is gone',
      () => {
        eks.cluster = undefined;
      },
    ],
    [
      'the log group and its note are gone',
      () => {
        logs.groups.clear();
      },
    ],
    [
      'the cluster is being deleted',
      () => {
        if (eks.cluster) eks.cluster.status = 'DELETING';
      },
    ],
  ])('is done when %s', async (_name, happens) => {
    await deploy('Create', { DisableOnDelete: 'true' });
    happens();

    expect(await deploy('Delete', { DisableOnDelete: 'true' })).toBe(1);
  });

  test('waits for a foreign update first', async () => {
    await deploy('Create', { DisableOnDelete: 'true' });
    eks.startForeignUpdate('VersionUpdate', 3);

    await deploy('Delete', { DisableOnDelete: 'true' });

    expect(enabled()).toEqual([]);
  });

  test('reports an update that failed', async () => {
    await deploy('Create', { DisableOnDelete: 'true' });
    eks.endings.push('Failed');

    await expect(deploy('Delete', { DisableOnDelete: 'true' })).rejects.toThrow('ended as Failed');
    expect(turnedOn()).toBe('audit api');
  });
});
