import type { SearchEngine } from '../../local/search-engine/search-engine.ts';
import { APPLICATION_GROUP, eventsOf, NOW, subscriptionData } from './control-plane.ts';
import { type LetterBox, startLetterBox } from './letter-box.ts';
import { contextOf, loadPipeline, type Pipeline, prepare, storedDocuments } from './pipeline.ts';
import { describeWithEngine, startTestEngine } from './real-engine.ts';

const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const manyKeys = (count: number): string => `{${Array.from({ length: count }, (_, n) => `"key${n}":"v${n}"`).join(',')}}`;
const audit = (members: string): string =>
  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete","verb":"get",${members}"stageTimestamp":"2026-11-21T08:59:00.000000Z"}`;

/** A record of the collector around the text of a container. */
const record = (log: string): string =>
  JSON.stringify({
    time: '2026-11-21T08:59:00.123456789Z',
    stream: 'stdout',
    log,
    kubernetes: {
      pod_name: 'p',
      namespace_name: 'shop',
      container_name: 'c',
      docker_id: 'f'.repeat(64),
      labels: { 'app.kubernetes.io/name': 'x', app: 'y' },
    },
  });

/** What has made a whole bulk fail, or is likely to. */
const HOSTILE: readonly [string, string][] = [
  ['a message of 1 MB', `{"msg":"${'x'.repeat(1_000_000)}"}`],
  ['one word of 100 KB', 'w'.repeat(100_000)],
  ['NUL', 'before\0after'],
  ['NUL inside JSON', '{"msg":"before\\u0000after"}'],
  ['a lone surrogate', 'half \ud800 a character'],
  ['an escaped lone surrogate', '{"msg":"\\ud800"}'],
  ['pretty-printed JSON', '{\n  "msg": "x",\n  "n": 1\n}'],
  ['carriage returns', '{"msg":"x"}\r\n{"create":{}}\r\n'],
  ['a duplicate key', '{"a":1,"a":"two","msg":"x"}'],
  ['an empty key', '{"":"x","msg":"y"}'],
  ['a key of spaces', '{"  ":"x","msg":"y"}'],
  ['keys of dots', '{"..":1,".":2,"a..b":3,".a":4,"a.":5,"msg":"y"}'],
  [
    'keys of the envelope',
    '{"@timestamp":"not a time","event":"x","cloud":[1],"log":{"level":{"deep":1}},"message":{"an":"object"},"_id":"1","_index":"other","_source":{}}',
  ],
  ['an object where a text was', '{"msg":{"nested":{"object":1}}}'],
  ['100 levels', nested(100)],
  ['1,000 levels', nested(1_000)],
  ['10,000 keys', manyKeys(10_000)],
  ['a long key', `{"${'k'.repeat(40_000)}":"v","msg":"x"}`],
  ['a long value', `{"v":"${'v'.repeat(40_000)}","msg":"x"}`],
  ['a number beyond doubles', '{"n":1e400,"msg":"x"}'],
  ['a number of 40 digits', '{"n":1234567890123456789012345678901234567890,"msg":"x"}'],
  ['text after JSON', '{"msg":"x"} and more'],
  ['JSON that ends early', '{"msg":"x'],
  ['an empty line', ''],
  ['blanks', '   '],
  ['a bulk action', '{"index":{"_index":"other"}}\n{"delete":{"_index":"other","_id":"1"}}'],
];
const HOSTILE_AUDIT: readonly [string, string][] = [
  [
    'a requestObject with dotted keys',
    audit('"requestObject":{"metadata":{"labels":{"app":"x","app.kubernetes.io/name":"y","":"z","..":"w"}}},'),
  ],
  ['a requestObject that is a list', audit('"requestObject":[{"op":"add","path":"/a","value":{"b":1}}],')],
  ['a requestObject that is a text', audit('"requestObject":"text",')],
  ['a long value inside requestObject', audit(`"requestObject":{"data":"${'v'.repeat(100_000)}"},`)],
  ['a user that is a text', audit('"user":"alice",')],
  ['a code that is a text', audit('"responseStatus":{"code":"many"},')],
  ['a user name of 50 KB', audit(`"user":{"username":"${'u'.repeat(50_000)}"},`)],
  ['a time of another year', audit('"requestReceivedTimestamp":"9999-99-99T99:99:99Z",')],
  ['duplicate keys', audit('"verb":"list","verb":"watch",')],
  ['keys of the envelope', audit('"event":"x","@timestamp":1,"kubernetes":"y","message":{"a":1},"log":"text",')],
  ['a requestObject 100 levels deep', audit(`"requestObject":${nested(100)},`)],
  ['no JSON at all', 'not an audit event'],
];

const FINE = 'I1121 08:59:00.000000       1 server.go:1] "fine"';

describeWithEngine('hostile events on a real OpenSearch', () => {
  let engine: SearchEngine;
  let box: LetterBox;
  let pipeline: Pipeline;

  beforeAll(async () => {
    engine = await startTestEngine({ heapMb: 768 });
    await prepare(engine.url);
    box = await startLetterBox();
    pipeline = loadPipeline('direct', { search: engine.url, letterBox: box.url, maxBytes: 5 << 20 });
  }, 120_000);
  afterAll(async () => {
    pipeline?.dispose();
    await box?.close();
    await engine?.stop();
  });

  const deliver = (logStream: string, messages: readonly string[], logGroup?: string): Promise<unknown> =>
    pipeline.handler({ awslogs: { data: subscriptionData(logStream, eventsOf(messages), logGroup) } }, contextOf(30_000));

  /** Each hostile event between two harmless ones, all in one bulk: whatever it does, it does to itself. */
  test.each<[string, string, string | undefined, readonly string[], string]>([
    ['audit', 'kube-apiserver-audit-0123456789abcdef', undefined, [...HOSTILE, ...HOSTILE_AUDIT].map(([, text]) => text), audit('')],
    ['API server', 'kube-apiserver-0123456789abcdef', undefined, HOSTILE.map(([, text]) => text), FINE],
    ['unknown prefix', 'cloud-controller-manager-0', undefined, HOSTILE.map(([, text]) => text), FINE],
    ['container', 'app-0', APPLICATION_GROUP, HOSTILE.map(([, text]) => record(text)), record('{"msg":"fine"}')],
    ['container text that is no record', 'app-1', APPLICATION_GROUP, HOSTILE.map(([, text]) => text), record('{"msg":"fine"}')],
  ])(
    'in the stream of %s none fails its neighbours, and nothing is lost',
    async (_name, stream, group, hostile, harmless) => {
      const before = { ...pipeline.counts };
      const stored = new Set(await storedDocuments(engine.url));

      await deliver(stream, hostile.flatMap((text) => [harmless, text]).concat(harmless), group);

      const added = (await storedDocuments(engine.url)).filter((name) => !stored.has(name));
      const { counts } = pipeline;
      const joined = counts.joined - before.joined;
      const dead = counts.deadLettered - before.deadLettered;
      const duplicates = counts.duplicate - before.duplicate;
      expect(counts.received - before.received).toBe(hostile.length * 2 + 1);
      expect(counts.indexed - before.indexed).toBe(added.length);
      expect(added.length + joined + dead + duplicates).toBe(hostile.length * 2 + 1);
      expect(counts.returned).toBe(before.returned);
      expect(box.letters().map(({ reason, message }) => `${reason} ${message.slice(0, 60)}`)).toEqual([]);
      expect(pipeline.unaccounted).toEqual([]);
    },
    60_000,
  );

  test('events that are a year off are dead letters, and the one beside them is stored', async () => {
    const yearOff = [...eventsOf([FINE], NOW - 365 * 86_400_000), ...eventsOf([FINE], NOW + 365 * 86_400_000)];
    const data = subscriptionData('kube-apiserver-0123456789abcdef', [...yearOff, ...eventsOf([FINE])]);

    await pipeline.handler({ awslogs: { data } }, contextOf(30_000));

    expect(box.letters().map(({ reason }) => reason)).toEqual(['time-out-of-bounds', 'time-out-of-bounds']);
  });

  test('a batch without events and a control message are nothing to index', async () => {
    const stored = await storedDocuments(engine.url);
    await deliver('kube-apiserver-0123456789abcdef', []);

    expect(await storedDocuments(engine.url)).toHaveLength(stored.length);
  });
});
