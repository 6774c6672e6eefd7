import { LoggingDeployment } from '../support/logging-deployment.ts';

const deployment = new LoggingDeployment();
beforeAll(() => deployment.start());
afterAll(() => deployment.stop());
beforeEach(() => deployment.reset());

test('leaves logging on', async () => {
  await deployment.deploy('Create');

  expect(await deployment.deploy('Delete')).toBe(1);
  expect(deployment.enabled()).toEqual(['api', 'audit']);
});

test('turns off what it had turned on, and only that, where the config says so', async () => {
  deployment.reset(['api', 'authenticator']);
  await deployment.deploy('Create', { DisableOnDelete: 'true' });

  await deployment.deploy('Delete', { DisableOnDelete: 'true' });

  expect(deployment.enabled()).toEqual(['api', 'authenticator']);
  expect(deployment.eks.requests().at(-1)).toEqual({ clusterLogging: [{ types: ['audit'], enabled: false }] });
  expect(deployment.note()).toBeUndefined();
});

test('turns off the types of a later update too', async () => {
  await deployment.deploy('Create', { DisableOnDelete: 'true' });
  await deployment.deploy('Update', { DisableOnDelete: 'true', LogTypes: ['api', 'audit', 'scheduler'] });

  await deployment.deploy('Delete', { DisableOnDelete: 'true' });

  expect(deployment.enabled()).toEqual([]);
});

test.each<[string, () => void]>([
  [
    'the cluster is gone',
    () => {
      deployment.eks.cluster = undefined;
    },
  ],
  [
    'the log group and its note are gone',
    () => {
      deployment.logs.groups.clear();
    },
  ],
  [
    'the cluster is being deleted',
    () => {
      deployment.setStatus('DELETING');
    },
  ],
])('is done when %s', async (_name, happens) => {
  await deployment.deploy('Create', { DisableOnDelete: 'true' });
  happens();

  expect(await deployment.deploy('Delete', { DisableOnDelete: 'true' })).toBe(1);
});

test('waits for a foreign update first', async () => {
  await deployment.deploy('Create', { DisableOnDelete: 'true' });
  deployment.eks.startForeignUpdate('VersionUpdate', 3);

  await deployment.deploy('Delete', { DisableOnDelete: 'true' });

  expect(deployment.enabled()).toEqual([]);
});

test('reports an update that failed', async () => {
  await deployment.deploy('Create', { DisableOnDelete: 'true' });
  deployment.eks.endings.push('Failed');

  await expect(deployment.deploy('Delete', { DisableOnDelete: 'true' })).rejects.toThrow('ended as Failed');
  expect(deployment.note()).toBe('audit api');
});
