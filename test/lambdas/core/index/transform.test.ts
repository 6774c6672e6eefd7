import fc from 'fast-check';
import { imbalance } from '../../../../lambdas/core/delivery/counts.ts';
import { APPLICATION, application, documents, events, NOW, RULES, record, run, source } from './transform-support.ts';

const AUDIT =
  '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete","verb":"get","user":{"username":"alice"},"responseStatus":{"code":403},"requestReceivedTimestamp":"2026-11-21T08:38:24.454836Z","stageTimestamp":"2026-11-21T08:38:24.464836Z"}';
const DAY = 86_400_000;

test('an audit event becomes a document with its envelope, named by the event', () => {
  const bulk = run({ events: events(AUDIT) });

  const [first] = documents(bulk);
  expect(first?.action).toEqual({ create: { _index: 'eks-audit-prod-2026.11.21', _id: '111122223333-us-east-1-id0' } });
  expect(first?.document).toMatchObject({
    '@timestamp': '2026-11-21T08:38:24.464836Z',
    event: {
      id: 'id0',
      created: '2026-11-21T08:39:00.000Z',
      ingested: '2026-11-21T08:40:00.000Z',
      dataset: 'eks.audit',
      duration: 10_000_000,
      outcome: 'failure',
    },
    cloud: { account: { id: '111122223333' }, region: 'us-east-1' },
    orchestrator: { cluster: { name: 'prod' } },
    aws: { cloudwatch: { log_group: '/aws/eks/prod/cluster', log_stream: 'kube-apiserver-audit-0123' } },
    parse: { format: 'audit' },
    verb: 'get',
    user: { username: 'alice' },
    responseStatus: { code: 403 },
  });
});

test('byte ranges are whole documents, one after the other, also with characters of several bytes', () => {
  const bulk = run({ events: events(AUDIT, AUDIT.replace('alice', 'josé "jo" 日本 🚀'.replaceAll('"', '\\"')), 'plain 日本', AUDIT) });

  expect(
    documents(bulk).map(({ document }) => (document['user'] as { username: string } | undefined)?.username ?? document['message']),
  ).toEqual(['alice', 'josé "jo" 日本 🚀', 'plain 日本', 'alice']);
  expect(bulk.documents[0]?.start).toBe(0);
  expect(bulk.documents.at(-1)?.end).toBe(bulk.body.length);
  for (const [i, { start }] of bulk.documents.entries()) expect(start).toBe(i === 0 ? 0 : bulk.documents[i - 1]?.end);
});

test('what no parser understands is kept as it is, with the reason', () => {
  const [first] = documents(run({ events: events('{"kind":"Event","cut') }));

  expect(first?.document).toMatchObject({ message: '{"kind":"Event","cut', parse: { format: 'text', error: 'not audit' } });
});

test('a stream with an unknown prefix goes to the family of its source, whatever its format', () => {
  const [first] = documents(run({ logStream: 'kube-new-thing-0123', events: events('{"msg":"hi","level":"warn"}') }));

  expect(first?.action.create._index).toBe('eks-api-prod-2026.11.21');
  expect(first?.document).toMatchObject({ message: 'hi', log: { level: 'warning' }, event: { dataset: 'eks.controlPlane' } });
});

test('a log group of no source is rejected event by event', () => {
  const bulk = run({ logGroup: '/other', events: events('a', 'b') });

  expect(bulk.rejected).toEqual([
    { event: 0, reason: 'unknown-log-group', detail: '/other' },
    { event: 1, reason: 'unknown-log-group', detail: '/other' },
  ]);
});

test('the index is named by the CloudWatch time, never by the parsed one', () => {
  const hostile = AUDIT.replaceAll('2026-11-21T08:38', '9999-01-01T00:00');

  const [first] = documents(run({ events: events(hostile) }));

  expect(first?.action.create._index).toBe('eks-audit-prod-2026.11.21');
});

test('events out of bounds or over their retention are told apart, and their neighbours go on', () => {
  const at = (id: string, timestamp: number) => ({ id, timestamp, message: AUDIT });
  const rules = { ...RULES, families: { ...RULES.families, 'eks-audit': { period: 'day' as const, retentionDays: 7 } } };

  const bulk = run(
    {
      events: [
        at('old', NOW - 8 * DAY),
        at('year', NOW - 365 * DAY),
        at('ahead', NOW + 3 * 3_600_000),
        at('none', Number.NaN),
        at('', NOW),
        at('ok', NOW),
      ],
    },
    rules,
  );

  expect(bulk.documents.map(({ id }) => id)).toEqual(['111122223333-us-east-1-ok']);
  expect(bulk.rejected).toEqual([
    { event: 1, reason: 'time-out-of-bounds', detail: '2025-11-21T08:40:00.000Z' },
    { event: 2, reason: 'time-out-of-bounds', detail: '2026-11-21T11:40:00.000Z' },
    { event: 3, reason: 'time-out-of-bounds', detail: 'NaN' },
    { event: 4, reason: 'no-event-id' },
  ]);
  expect(bulk.counts.excluded).toEqual({ 'older-than-retention': 1 });
});

test('an empty batch is an empty body', () => {
  const bulk = run({ events: [] });

  expect(bulk.body).toHaveLength(0);
  expect(bulk.counts.received).toBe(0);
});

test('events of another account carry its name in document and id', () => {
  const [event] = events(AUDIT);

  const [first] = documents(run({ events: [{ ...event, account: '444455556666', region: 'eu-central-1' } as never] }));

  expect(first?.action.create._id).toBe('444455556666-eu-central-1-id0');
  expect(first?.document['cloud']).toEqual({ account: { id: '444455556666' }, region: 'eu-central-1' });
});

describe('joining', () => {
  const KLOG = 'I1121 08:38:23.868862   26491 flags.go:64] "Trace" key="v"';
  const klog = (...messages: string[]) => run({ logStream: 'kube-apiserver-0123', events: events(...messages) });

  test('lines without a header belong to the record before, whose id they share', () => {
    const bulk = klog(KLOG, 'Trace[1]: one', 'Trace[1]: two', KLOG);

    expect(bulk.documents.map(({ id, event, joined }) => [id, event, joined])).toEqual([
      ['111122223333-us-east-1-id0', 0, 2],
      ['111122223333-us-east-1-id3', 3, 0],
    ]);
    expect(bulk.counts).toMatchObject({ received: 4, joined: 2 });
  });

  test('a first line without a header is a document of its own', () => {
    const [first, second] = documents(klog('\tfailed with pods', KLOG));

    expect(first?.document).toMatchObject({ parse: { continuation: true } });
    expect(second?.document).not.toHaveProperty('parse.continuation');
  });

  test('containers and their streams are joined apart though they are interleaved, and say which events they took', () => {
    const line = (text: string, container: string, stream = 'stdout') => record(text, { container, stream });
    const bulk = run({
      logGroup: APPLICATION,
      logStream: 'node',
      events: events(
        line('2026-11-21T08:38:53.683Z SEVERE [main] A m - failed', 'a'),
        line('2026-11-21T08:38:53.683Z INFO [main] B m - fine', 'b'),
        line('java.lang.Exception: x', 'a'),
        line('on stderr', 'a', 'stderr'),
        line('\tat A.m(A.java:7)', 'a'),
      ),
    });

    expect(bulk.documents.map(({ event, joined, joinedEvents }) => [event, joined, joinedEvents])).toEqual([
      [0, 2, [2, 4]],
      [1, 0, undefined],
      [3, 0, undefined],
    ]);
    expect(documents(bulk)[0]?.document['error']).toMatchObject({ type: 'java.lang.Exception' });
  });

  test('a joined record that is excluded or rejected takes its lines with it', () => {
    const rules = {
      ...RULES,
      sources: RULES.sources.map((rule) => ({
        ...rule,
        exclusions: [{ name: 'trace', when: [{ field: '@message', contains: 'Trace[1]' }] }],
      })),
    };

    const excluded = run({ logStream: 'kube-apiserver-0123', events: events(KLOG, 'Trace[1]: one') }, rules);
    const rejected = run({
      logStream: 'kube-apiserver-0123',
      events: events(KLOG, 'Trace[1]: one').map((event) => ({ ...event, timestamp: 0 })),
    });

    expect(excluded.counts).toMatchObject({ received: 2, joined: 0, excluded: { trace: 2 } });
    expect(rejected.rejected).toMatchObject([{ event: 0, joinedEvents: [1] }]);
    expect(rejected.counts).toMatchObject({ received: 2, joined: 1 });
  });
});

describe('container records', () => {
  const container = (messages: string[], rules = RULES) =>
    run({ logGroup: APPLICATION, logStream: 'node', events: events(...messages) }, rules);

  test('the line becomes the message, metadata and service stay, and the record’s time is kept to the nanosecond', () => {
    const [first] = documents(container([record('hello', { labels: { app: 'shop', 'app.kubernetes.io/name': 'basket' } })]));

    expect(first?.document).toMatchObject({
      '@timestamp': '2026-11-21T08:39:00.123456789Z',
      message: 'hello',
      stream: 'stdout',
      service: { name: 'basket' },
      kubernetes: { namespace_name: 'team-a', pod_name: 'web-1', container_name: 'web', labels: { app: 'shop' } },
    });
  });

  test('the id is a function of the record, not of the CloudWatch id of the day', () => {
    const first = container([record('hello')]);
    const again = run({
      logGroup: APPLICATION,
      logStream: 'node',
      events: [{ id: 'another', timestamp: NOW - 60_000, message: record('hello') }],
    });

    expect(again.documents[0]?.id).toBe(first.documents[0]?.id);
    expect(first.documents[0]?.id).toMatch(/^r[0-9a-f]{16}-2026-11-21T08:39:00\.123456789Z-[0-9a-f]{16}$/);
    for (const change of [{ time: '2026-11-21T08:39:00.123456788Z' }, { stream: 'stderr' }, { container: 'db' }]) {
      expect(container([record('hello', change)]).documents[0]?.id).not.toBe(first.documents[0]?.id);
    }
  });

  test('the id of a record does not depend on its secrets, from which they could be guessed', () => {
    const ids = ['hunter22', 'hunter23'].flatMap((password) =>
      [[record(`login password=${password}`)], [record(`login password=${password}`), record('\tat x')]].map(
        (messages) => container(messages).documents[0]?.id,
      ),
    );

    expect(new Set(ids).size).toBe(1);
  });

  test('an application claims its containers: parser, typed fields, index, owner', () => {
    const rules = {
      ...RULES,
      applications: [
        application({
          name: 'checkout',
          owner: 'web "team"',
          match: { namespace: 'team-*', labels: { app: 'shop' } },
          format: 'json',
          fields: { durationMs: 'long' },
        }),
      ],
    };

    const [mine, other] = documents(
      container([record('{"msg":"hi","durationMs":7}'), record('{"msg":"hi"}', { labels: { app: 'x' }, container: 'x' })], rules),
    );

    expect(mine?.action.create._index).toBe('checkout-prod-2026.11.21');
    expect(mine?.document).toMatchObject({ message: 'hi', durationMs: 7, application: { name: 'checkout', owner: 'web "team"' } });
    expect(other?.action.create._index).toBe('eks-application-prod-2026.11.21');
    expect(other?.document['application']).toBeUndefined();
  });

  test('exclusions of the application come before the source’s, and a dry run only counts', () => {
    const when = [{ field: '@message', contains: 'healthz' }];
    const rules = {
      ...RULES,
      sources: [
        source({
          name: 'application',
          kind: 'application',
          logGroups: [APPLICATION],
          family: 'eks-application',
          exclusions: [{ name: 'of-source', when }],
        }),
      ],
      applications: [application({ name: 'checkout', match: { container: 'web' }, exclusions: [{ name: 'dry', when, countOnly: true }] })],
    };

    const bulk = container([record('GET /healthz'), record('GET /'), record('GET /healthz', { container: 'x' })], rules);

    expect(bulk.counts.excluded).toEqual({ 'of-source': 2 });
    expect(bulk.wouldExclude).toEqual({ dry: 1 });
    expect(bulk.documents).toHaveLength(1);
  });

  test('secrets go from the line and from the metadata, by the account’s rules and the application’s', () => {
    const rules = {
      ...RULES,
      applications: [
        application({
          name: 'checkout',
          match: { container: 'web' },
          format: 'json',
          redaction: { builtin: [], fields: ['json.user.mail'], patterns: [{ name: 'pin', regex: 'pin (\\d+)' }] },
        }),
      ],
    };

    const [first] = documents(
      container(
        [record('{"msg":"pin 98765 password=x","user":{"mail":"a@example.com"}}', { labels: { app: 'shop', password: 'y' } })],
        rules,
      ),
    );

    const text = JSON.stringify(first?.document);
    expect(text).toContain('pin [REDACTED:pin] password=[REDACTED:passwordAssignment]');
    expect(text).toContain('"mail":"[REDACTED:field]"');
    expect(text).toContain('"password":"[REDACTED:passwordAssignment]"');
    expect(text).not.toMatch(/98765|a@example/);
  });

  test('a bare line in a container group is a line', () => {
    const [first] = documents(container(['just text']));

    expect(first?.document).toMatchObject({ message: 'just text', parse: { format: 'text' } });
    expect(first?.action.create._id).toBe('111122223333-us-east-1-id0');
  });
});

test('a family that the rules do not describe is a broken deploy', () => {
  expect(() => run({ events: [] }, { ...RULES, families: {} })).toThrow('no family');
});

test('whatever the messages are, every event is accounted for and every line of the body is JSON', () => {
  const message = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.string().map((log) => record(log)),
    fc.constantFrom(AUDIT, 'I1121 08:38:23.868862   26491 flags.go:64] x', '\tx', record('\tat x')),
  );
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 8 }),
      fc.constantFrom('kube-apiserver-audit-1', 'kube-apiserver-1', 'authenticator-1', 'node'),
      (messages, logStream) => {
        const bulk = run({
          logGroup: logStream === 'node' ? APPLICATION : '/aws/eks/prod/cluster',
          logStream,
          events: events(...messages),
        });

        expect(imbalance({ ...bulk.counts, indexed: bulk.documents.length, deadLettered: bulk.rejected.length })).toBe(0);
        expect(documents(bulk)).toHaveLength(bulk.documents.length);
        expect(Buffer.from(bulk.body).toString('utf8').split('\n')).toHaveLength(bulk.documents.length * 2 + 1);
      },
    ),
  );
});
