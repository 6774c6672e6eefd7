import { transformBatch } from '../../../lambdas/core/index/transform.ts';
import { compileRules } from '../../../lambdas/core/rules/compile.ts';
import { writeUtf8 } from '../../../lambdas/events/utf8.ts';
import { planQueries } from '../../../lib/config/query-plan.ts';
import { rulesFor } from '../../../lib/config/rules.ts';
import { clusterOf } from '../../collector/configs.ts';
import { configWith } from './texts.ts';

const NOW = Date.UTC(2026, 10, 21, 8, 40);
const CLASSIC = '/aws/containerinsights/prod/application';
const OTEL = '/aws/otel/containerinsights/prod/application';
const source = (name: string, logGroup?: string) => ({
  name,
  cluster: 'prod',
  kind: 'application',
  ...(logGroup === undefined ? {} : { logGroup }),
});
const BOTH = configWith({ sources: [source('app'), source('otel', OTEL)] });
const OTEL_ONLY = configWith({ sources: [source('otel', OTEL)] });

const FLUENT_BIT = {
  log: 'started',
  stream: 'stdout',
  time: '2026-11-21T08:39:00.123456789Z',
  kubernetes: { namespace_name: 'shop', pod_name: 'web-0', container_name: 'web', docker_id: 'c1' },
};
const COLLECTOR = {
  body: 'started',
  time: '2026-11-21T08:39:00.123456789Z',
  attributes: { 'log.iostream': 'stdout' },
  resource: { 'k8s.namespace.name': 'shop', 'k8s.pod.name': 'web-0', 'k8s.container.name': 'web', 'container.id': 'c1' },
};

/** Index, id and document of a record in a group. */
function indexed(
  config: typeof BOTH,
  logGroup: string,
  message: object,
): { readonly key: string; readonly document: { readonly [field: string]: unknown } } {
  const events = [{ id: '1', timestamp: NOW - 60_000, message: JSON.stringify(message) }];
  const { body, documents } = transformBatch(
    { owner: '111122223333', logGroup, logStream: 'node-1-application', events },
    compileRules(rulesFor(config, 'prod')),
    { nowMs: NOW, hash: (text) => `${text.length}`, write: writeUtf8 },
  );
  const [, document = '{}'] = Buffer.from(body).toString('utf8').split('\n');
  return { key: `${documents[0]?.index}/${documents[0]?.id}`, document: JSON.parse(document) as { readonly [field: string]: unknown } };
}

test.each([
  ['Fluent Bit', FLUENT_BIT],
  ['the OTel variant', COLLECTOR],
])('a record of %s is the same document from either group', (_name, record) => {
  const classic = indexed(BOTH, CLASSIC, record);
  const otel = indexed(BOTH, OTEL, record);

  expect(otel.key).toBe(classic.key);
  expect(otel.document).toMatchObject({
    message: 'started',
    stream: 'stdout',
    kubernetes: { namespace_name: 'shop', pod_name: 'web-0', container_name: 'web', docker_id: 'c1' },
    event: { dataset: 'eks.application' },
  });
});

test('both shapes of one line are one document', () => {
  expect(indexed(BOTH, OTEL, COLLECTOR).key).toBe(indexed(BOTH, CLASSIC, FLUENT_BIT).key);
});

test('saved queries ask the group whose records name pods by kubernetes.*', () => {
  const { deployed } = planQueries(BOTH, clusterOf(BOTH));
  const query = deployed.find(({ name }) => name === 'applications/latest-lines');

  expect(query?.logGroupNames).toEqual([CLASSIC]);
});

test('where only the OTel variant’s group is a source they are left out, and it is said why', () => {
  const { deployed, leftOut } = planQueries(OTEL_ONLY, clusterOf(OTEL_ONLY));

  expect(deployed.map(({ name }) => name)).not.toContain('applications/latest-lines');
  expect(leftOut).toContainEqual({
    name: 'applications/latest-lines',
    reason: expect.stringContaining(`records of ${OTEL} name pods by k8s.*`),
  });
});
