import { ServiceError } from '../support/json-service.ts';
import { LoggingDeployment } from '../support/logging-deployment.ts';

const deployment = new LoggingDeployment();
beforeAll(() => deployment.start());
afterAll(() => deployment.stop());
beforeEach(() => deployment.reset());

test('asks for the missing types only, and waits until the update has ended', async () => {
  deployment.reset(['api', 'scheduler']);

  const asks = await deployment.deploy('Create');

  expect(deployment.eks.requests()).toEqual([{ clusterLogging: [{ types: ['audit'], enabled: true }] }]);
  expect(deployment.enabled()).toEqual(['api', 'audit', 'scheduler']);
  expect(asks).toBeGreaterThan(2);
});

test('notes what it turned on before it asks, so that a lost answer forgets nothing', async () => {
  deployment.reset(['api']);
  let noteAtRequest: string | undefined;
  const original = deployment.eks.startForeignUpdate.bind(deployment.eks);
  jest.spyOn(deployment.eks, 'startForeignUpdate').mockImplementation((...args) => {
    noteAtRequest = deployment.note();
    return original(...args);
  });

  await deployment.deploy('Create');

  expect(noteAtRequest).toBe('audit');
  jest.restoreAllMocks();
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
});

test('is done at once where everything is on already, and claims nothing', async () => {
  deployment.reset(['api', 'audit']);

  expect(await deployment.deploy('Create')).toBe(1);
  expect(deployment.eks.requests()).toEqual([]);
  expect(deployment.note()).toBeUndefined();
});

test("takes 'No changes needed' as success", async () => {
  deployment.eks.trouble.set('UpdateClusterConfig', [
    new ServiceError('InvalidParameterException', 'No changes needed for the logging config provided'),
  ]);

  expect(await deployment.deploy('Create')).toBe(1);
  expect(deployment.note()).toBeUndefined();
});

test('waits while another update holds the cluster, then asks', async () => {
  deployment.eks.startForeignUpdate('VersionUpdate', 4);

  await deployment.deploy('Create');

  expect(deployment.enabled()).toEqual(['api', 'audit']);
  expect(deployment.eks.requests()).toHaveLength(1);
});

test('waits when the status is late and the API answers ResourceInUse', async () => {
  deployment.eks.trouble.set('UpdateClusterConfig', [
    new ServiceError('ResourceInUseException', 'Cannot LoggingUpdate because cluster prod currently has update in progress', 409),
    new ServiceError('ResourceInUseException', 'Cannot LoggingUpdate because cluster prod currently has update in progress', 409),
  ]);

  await deployment.deploy('Create');

  expect(deployment.enabled()).toEqual(['api', 'audit']);
  expect(deployment.eks.requests()).toHaveLength(3);
});

test('asks once although the status becomes UPDATING late', async () => {
  deployment.eks.statusLags = true;

  await deployment.deploy('Create');

  expect(deployment.eks.requests()).toHaveLength(1);
});

test('waits for a cluster that is still being created', async () => {
  deployment.setStatus('CREATING');
  const started = await deployment.begin('Create');
  expect(await deployment.ask(started)).toBe(false);

  deployment.setStatus('ACTIVE');
  await deployment.wait(started);

  expect(deployment.enabled()).toEqual(['api', 'audit']);
});

test('survives a second start of the same request, as after a lost answer', async () => {
  const first = await deployment.begin('Create');
  await deployment.ask(first);
  const second = await deployment.begin('Create');

  await deployment.wait(second);

  expect(deployment.eks.requests()).toHaveLength(1);
  expect(deployment.note()).toBe('audit api');
});

test.each(['Failed', 'Cancelled'] as const)(
  'reports an update that ended as %s with the reason of EKS, and takes its note back',
  async (ending) => {
    deployment.eks.endings.push(ending);

    await expect(deployment.deploy('Create')).rejects.toThrow(`ended as ${ending}: AccessDenied: the log group belongs to somebody else`);
    expect(deployment.eks.requests()).toHaveLength(1);
    expect(deployment.note()).toBeUndefined();
  },
);

test('tries anew in the next deployment after a failed one', async () => {
  const failed = deployment.eks.startForeignUpdate(
    'LoggingUpdate',
    0,
    undefined,
    JSON.stringify({ clusterLogging: [{ types: ['api', 'audit'], enabled: true }] }),
    Date.now() - 60_000,
  );
  failed.status = 'Failed';
  deployment.setStatus('ACTIVE');

  await deployment.deploy('Create');

  expect(deployment.enabled()).toEqual(['api', 'audit']);
});

test('does not take the failed update of somebody else for its own', async () => {
  deployment.eks.endings.push('Failed');
  deployment.eks.startForeignUpdate(
    'LoggingUpdate',
    1,
    undefined,
    JSON.stringify({ clusterLogging: [{ types: ['scheduler'], enabled: false }] }),
  );

  await deployment.deploy('Create');

  expect(deployment.enabled()).toEqual(['api', 'audit']);
});

test('turns off nothing when the config wants fewer types', async () => {
  await deployment.deploy('Create');

  await deployment.deploy('Update', { LogTypes: ['audit'] });

  expect(deployment.enabled()).toEqual(['api', 'audit']);
});

test('adds the types of an update to its note', async () => {
  await deployment.deploy('Create');

  await deployment.deploy('Update', { LogTypes: ['api', 'audit', 'scheduler'] });

  expect(deployment.note()).toBe('audit api scheduler');
});

test('says what to check when there is no such cluster', async () => {
  deployment.eks.cluster = undefined;

  await expect(deployment.deploy('Create')).rejects.toThrow(
    /no EKS cluster "prod" in this account and Region.*check clusters\[\]\.name, account and region/,
  );
});

test.each(['DELETING', 'FAILED'])('gives up on a cluster that is %s', async (status) => {
  deployment.setStatus(status);

  await expect(deployment.deploy('Create')).rejects.toThrow(`cluster prod is ${status}`);
});

test('refuses a type that EKS does not have', async () => {
  await expect(deployment.deploy('Create', { LogTypes: ['audit', 'etcd'] })).rejects.toThrow('EKS has no log type etcd');
});

test('asks again later when a question is throttled for longer than it may wait', async () => {
  const started = await deployment.begin('Create');
  deployment.eks.trouble.set(
    'DescribeCluster',
    Array.from({ length: 20 }, () => new ServiceError('ThrottlingException', 'Rate exceeded', 429)),
  );

  expect(await deployment.ask(started, 6_100)).toBe(false);
});

test('goes on after throttling in the middle', async () => {
  for (const operation of ['DescribeCluster', 'UpdateClusterConfig', 'ListUpdates', 'DescribeUpdate']) {
    deployment.eks.trouble.set(operation, [new ServiceError('ThrottlingException', 'Rate exceeded', 429)]);
  }
  deployment.logs.trouble.set('TagResource', [new ServiceError('ThrottlingException', 'Rate exceeded')]);

  await deployment.deploy('Create');

  expect(deployment.enabled()).toEqual(['api', 'audit']);
});

test('does not hide a missing permission', async () => {
  deployment.eks.trouble.set('UpdateClusterConfig', [
    new ServiceError('AccessDeniedException', 'not authorized to perform: eks:UpdateClusterConfig', 403),
  ]);

  await expect(deployment.deploy('Create')).rejects.toThrow('not authorized to perform: eks:UpdateClusterConfig');
});

test('reads a long history page by page, and each ended update once', async () => {
  deployment.eks.updatesPerPage = 2;
  for (let index = 0; index < 5; index++) {
    const update = deployment.eks.startForeignUpdate('AddonUpdate', 0);
    update.id = `history-${index}-${Date.now()}`;
    update.status = 'Successful';
  }
  deployment.setStatus('ACTIVE');

  await deployment.deploy('Create');

  const described = deployment.eks.service.calls.filter(({ path }) => path.includes('/updates/history-'));
  expect(described).toHaveLength(5);
});
