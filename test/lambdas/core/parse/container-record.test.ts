import fc from 'fast-check';
import { openContainerRecord } from '../../../../lambdas/core/parse/container-record.ts';
import { strictJson } from './support.ts';

const KUBERNETES = {
  pod_name: 'checkout-5f6d7c8b9-abcde',
  namespace_name: 'prod-web',
  pod_id: '6a6e',
  labels: { app: 'checkout', 'app.kubernetes.io/name': 'checkout' },
  host: 'ip-10-0-11-35',
  container_name: 'checkout',
  docker_id: '3cc1',
  container_image: 'example.com/checkout:1',
};
const RECORD = {
  time: '2026-11-21T08:27:07.171527756Z',
  stream: 'stdout',
  _p: 'F',
  log: 'a "line" with \\ and 日本',
  kubernetes: KUBERNETES,
};
const OPENED = {
  log: RECORD.log,
  stream: 'stdout',
  time: RECORD.time,
  namespace: 'prod-web',
  pod: 'checkout-5f6d7c8b9-abcde',
  container: 'checkout',
  containerId: '3cc1',
};

test('opens a record of Fluent Bit', () => {
  const record = openContainerRecord(JSON.stringify(RECORD));

  expect(record).toMatchObject(OPENED);
  expect(record?.labels).toEqual(KUBERNETES.labels);
  expect(JSON.parse(`{${record?.kubernetes}}`)).toEqual(KUBERNETES);
});

test('opens the record after it in the short way to the same end, in whatever order its members are', () => {
  const member = fc.constantFrom('time', 'stream', '_p', 'log');
  fc.assert(
    fc.property(
      fc.uniqueArray(member, { minLength: 4, maxLength: 4 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 30 }), { minLength: 2, maxLength: 4 }),
      (order, logs) => {
        for (const text of logs) {
          const log = text.toWellFormed();
          const values: { [key: string]: unknown } = { ...RECORD, log };
          const json = JSON.stringify({ ...Object.fromEntries(order.map((key) => [key, values[key]])), kubernetes: KUBERNETES });

          expect(openContainerRecord(json)).toMatchObject({ ...OPENED, log });
        }
      },
    ),
  );
});

test.each([
  ['a line that ends its own string', (json: string) => json.replace('"log":"', '"log":"x","stream":"')],
  ['a quote in the line', (json: string) => json.replace('with', 'wi"th')],
  ['a member more', (json: string) => json.replace('{"time"', '{"a":{"b":1},"time"')],
  ['an escape in the time', (json: string) => json.replace('"2026', '"\\u0032026')],
  ['a damaged escape in the line', (json: string) => json.replace('日本', '\\u00g0')],
  ['a line break after the record', (json: string) => `${json}\n`],
])('is not misled by the last record: %s', (_name, change) => {
  const json = JSON.stringify(RECORD);
  const changed = change(json);
  const fresh = ((): string | undefined => {
    try {
      return (JSON.parse(changed) as { log?: string }).log;
    } catch {
      return undefined;
    }
  })();
  openContainerRecord(json);

  const record = openContainerRecord(changed);
  if (fresh === undefined || changed.endsWith('\n')) expect(record).toBeUndefined();
  else expect(record?.log).toBe(fresh);
});

test.each([
  [
    "Docker's JSON file",
    '{"log":"a\\n","stream":"stderr","time":"2026-11-21T08:27:07Z"}',
    { log: 'a\n', stream: 'stderr', time: '2026-11-21T08:27:07Z', kubernetes: '' },
  ],
  ['a line that was not CRI', '{"log":"a"}', { log: 'a', stream: undefined, kubernetes: '' }],
  ['a merged line', '{"log":{"level":"info",\n"a":1},"stream":"stdout"}', { log: '{"level":"info", "a":1}' }],
  ["an id with the runtime's name", '{"log":"a","kubernetes":{"docker_id":"containerd://3cc1"}}', { containerId: '3cc1' }],
])('opens %s', (_name, text, expected) => {
  expect(openContainerRecord(text)).toMatchObject(expected);
});

test.each([
  ['plain text', 'log'],
  ["an application's own line", '{"time":"2026-11-21T08:27:07Z","log":"x","level":"info"}'],
  ['another one', '{"stream":"orders","log":"x"}'],
  ['JSON without a log', '{"a":1}'],
  ['damaged JSON', '{"log":"a","stream":"stdout"'],
  ['two records', '{"log":"a"}{"log":"b"}'],
])('says no to %s', (_name, text) => {
  expect(openContainerRecord(text)).toBeUndefined();
});

test.each([
  [
    'flat keys',
    {
      body: 'a',
      'k8s.namespace.name': 'shop',
      'k8s.pod.name': 'web-0',
      'k8s.container.name': 'web',
      'container.id': '3cc1',
      'log.iostream': 'stderr',
      'k8s.pod.labels.app': 'web',
      time: '2026-11-21T08:27:07Z',
    },
  ],
  [
    'attributes and resource',
    {
      body: 'a',
      time: '2026-11-21T08:27:07Z',
      attributes: { 'log.iostream': 'stderr' },
      resource: {
        'k8s.namespace.name': 'shop',
        'k8s.pod.name': 'web-0',
        'k8s.container.name': 'web',
        'container.id': '3cc1',
        'k8s.pod.label.app': 'web',
      },
    },
  ],
  [
    'nested keys',
    {
      body: 'a',
      time: '2026-11-21T08:27:07Z',
      log: undefined,
      resource: {
        k8s: { namespace: { name: 'shop' }, pod: { name: 'web-0', labels: { app: 'web' } }, container: { name: 'web' } },
        container: { id: '3cc1' },
      },
      attributes: { log: { iostream: 'stderr' } },
    },
  ],
])('opens an OpenTelemetry record with %s and gives the names of Fluent Bit', (_name, record) => {
  const opened = openContainerRecord(JSON.stringify(record));

  expect(opened).toMatchObject({
    log: 'a',
    stream: 'stderr',
    namespace: 'shop',
    pod: 'web-0',
    container: 'web',
    containerId: '3cc1',
    time: '2026-11-21T08:27:07Z',
  });
  expect(JSON.parse(`{${opened?.kubernetes}}`)).toMatchObject({
    namespace_name: 'shop',
    pod_name: 'web-0',
    container_name: 'web',
    labels: { app: 'web' },
  });
});

test('leaves out of the typed part what OpenSearch would refuse', () => {
  const record = openContainerRecord(
    '{"log":"a","kubernetes":{"pod_name":"x","":1,"a..b":2,"pod_id":{"x":1},"labels":{"a":"1","a":"2"},"annotations":{"l":"'.concat(
      'y'.repeat(40_000),
      '"},"pod_ip":7}}',
    ),
  );

  expect(Object.keys(strictJson(`{${record?.kubernetes}}`) as object)).toEqual(['pod_name', 'labels', 'annotations', 'pod_ip']);
  expect(record?.labels).toEqual({ a: '2' });
});

test('never throws and always gives valid JSON', () => {
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.record(
        {
          log: value,
          stream: fc.constantFrom('stdout', 'x', 5),
          time: value,
          kubernetes: fc.oneof(value, fc.dictionary(fc.string(), value)),
          body: value,
          'k8s.pod.name': value,
        },
        { requiredKeys: [] },
      ),
      (object) => {
        const record = openContainerRecord(JSON.stringify(object));
        if (record !== undefined) strictJson(`{${record.kubernetes}}`);
      },
    ),
    { numRuns: 500 },
  );
});
