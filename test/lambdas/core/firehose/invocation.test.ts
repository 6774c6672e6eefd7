import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { imbalance } from '../../../../lambdas/core/delivery/counts.ts';
import type { DeadLetter } from '../../../../lambdas/core/delivery/dead-letter.ts';
import { type InvocationReport, type RecordIn, transformRecords } from '../../../../lambdas/core/firehose/invocation.ts';
import { mark, openMark } from '../../../../lambdas/core/firehose/mark.ts';
import { plainBatch } from '../../../../lambdas/core/firehose/plain-batch.ts';
import { archiveMode, planRecord, searchMode } from '../../../../lambdas/core/firehose/plan-record.ts';
import {
  type Entry,
  emptyPlan,
  MAX_ANSWER_BYTES,
  MAX_BODY_BYTES,
  MAX_RECORD_BYTES,
} from '../../../../lambdas/core/firehose/record-plan.ts';
import { transformBatch } from '../../../../lambdas/core/index/transform.ts';
import { compileRules } from '../../../../lambdas/core/rules/compile.ts';
import type { Rules } from '../../../../lambdas/core/rules/rules.ts';
import { openForArchive } from '../../../../lambdas/events/firehose.ts';
import { openSubscription } from '../../../../lambdas/events/subscription.ts';
import { writeUtf8 } from '../../../../lambdas/events/utf8.ts';
import {
  APPLICATION,
  application,
  CONTROL_PLANE,
  record as fluentBitRecord,
  NOW,
  RULES,
  run,
  sampleLines,
} from '../index/transform-support.ts';
import { archive, linesOf, MARK, payload, sha256 } from './support.ts';

const STREAM = 'prod-search-eks-audit';
const AUDIT = 'kube-apiserver-audit-0123456789abcdef0123456789abcdef';
const HOUR_MS = 3_600_000;
const FAMILIES = ['eks-audit', 'eks-api', 'eks-authenticator', 'eks-application', 'checkout'].map((family) => ({
  indexStart: `${family}-prod-`,
  stream: `prod-search-${family}`,
}));

interface World {
  readonly report: InvocationReport;
  readonly put: Entry[];
  readonly letters: DeadLetter[];
}

interface Options {
  readonly mode?: 'search' | 'archive';
  readonly stream?: string;
  readonly rules?: Rules;
  /** Whether Firehose accepts an entry. */
  readonly accepts?: (entry: Entry, position: number) => boolean;
  readonly hasTime?: () => boolean;
  readonly keeps?: boolean;
}

/** One invocation, as the function wires it. */
async function transform(records: readonly Uint8Array[], options: Options = {}): Promise<World> {
  const { mode = 'search', stream = STREAM, rules = RULES, accepts = () => true, hasTime = () => true, keeps = true } = options;
  const compiled = compileRules(rules);
  const put: Entry[] = [];
  const letters: DeadLetter[] = [];
  const makeMark = (header: Parameters<typeof mark>[0], body: Uint8Array): Uint8Array => {
    const isGzip = body.length >= 65_536;
    return mark(header, isGzip ? gzipSync(body, { level: 1 }) : body, isGzip, MARK);
  };
  const planBatch =
    mode === 'archive'
      ? archiveMode(archive(rules), NOW, makeMark)
      : searchMode({
          ...{ function: 'firehose-transform', account: '111122223333', region: 'us-east-1', nowMs: NOW, families: FAMILIES },
          sourceOf: (logGroup) => compiled.sourceOf(logGroup)?.rule.name ?? 'unknown',
          transform: (batch) => transformBatch(batch, compiled, { nowMs: NOW, hash: sha256, write: writeUtf8 }),
          mark: makeMark,
        });
  const ports = {
    open: (data: Uint8Array) => (mode === 'archive' ? openForArchive(data) : openSubscription(data, compiled.isOfLines)),
    openPlain: (data: Uint8Array, arrivedMs: number) =>
      plainBatch(Buffer.from(data).toString('utf8'), APPLICATION, compiled, { arrivedMs, hash: sha256 }),
    openMark: (data: Uint8Array, name: string) => openMark(data, name, MARK),
    unpack: (body: Uint8Array) => gunzipSync(body),
    planBatch,
  };
  const all = records.map((data, i): RecordIn => ({ recordId: `record-${i}`, data, arrivedMs: NOW }));
  const report = await transformRecords(
    all,
    {
      plan: (one, hasRoom) => planRecord(one, stream, ports, hasRoom),
      reingest: async (entries) => {
        const before = put.length;
        put.push(...entries);
        return entries.map((entry, i) => accepts(entry, before + i));
      },
      keep: async (_key, kept) => {
        if (!keeps) throw new Error('S3 is away');
        letters.push(...kept);
      },
      hash: sha256,
      hasTime,
    },
    { function: 'firehose-transform', stream },
  );
  return { report, put, letters };
}

const events = (messages: readonly string[], timestamp = NOW - 1000) =>
  messages.map((message, i) => ({ id: String(10 ** 15 + i), timestamp: timestamp + i, message }));

const audit = sampleLines('control-plane', 'kube-apiserver-audit').slice(0, 60);
const auditPayload = (messages: readonly string[] = audit, timestamp?: number) =>
  payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents: events(messages, timestamp) });

const results = ({ report }: World): string[] => report.records.map(({ result }) => result);
const counts = ({ report }: World, source: string) => report.sources.get(source)?.counts;
const textOf = (data: Uint8Array): string => Buffer.from(data).toString('utf8');

describe('search', () => {
  test('single documents that are large together do not make an answer that Lambda refuses: those without room are put again', async () => {
    const large = (i: number) => `line ${i} ${'x'.repeat(900_000)}`;
    const records = Array.from({ length: 8 }, (_, i) =>
      payload({
        logGroup: APPLICATION,
        logStream: 'pod',
        logEvents: [{ id: `${10 ** 15 + i}`, timestamp: NOW - 1000, message: large(i) }],
      }),
    );

    const world = await transform(records, { stream: 'prod-search-eks-application' });

    const answered = world.report.records.reduce((sum, one) => sum + (one.result === 'Ok' ? Math.ceil(one.data.length / 3) * 4 : 0), 0);
    expect(answered).toBeGreaterThan(1_000_000);
    expect(answered).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
    expect(results(world).filter((result) => result === 'Ok').length + world.put.length).toBe(8);
    expect(new Set(world.put.map(({ stream }) => stream))).toEqual(new Set(['prod-search-eks-application']));
  });

  test('a payload becomes one marked record a document, byte for byte as log-indexer writes it, and is dropped', async () => {
    const world = await transform([auditPayload()]);

    const bulk = run({ logStream: AUDIT, events: events(audit) });
    const expected = bulk.documents.map(({ start, end }) => Buffer.from(bulk.body.subarray(start, end)).toString('utf8').split('\n')[1]);
    expect(results(world)).toEqual(['Dropped']);
    expect(world.put.map(({ data, stream }) => textOf(openMark(data, stream, MARK)?.body ?? new Uint8Array(0)))).toEqual(expected);
    expect(counts(world, 'control-plane')).toMatchObject({ received: 60, handedOn: 60, indexed: 0 });
  });

  test('what was put again passes as it is, and is not counted a second time', async () => {
    const first = await transform([auditPayload()]);

    const second = await transform(first.put.map(({ data }) => data));

    expect(new Set(results(second))).toEqual(new Set(['Ok']));
    expect(second.put).toEqual([]);
    expect(second.report.sources.size).toBe(0);
    const documents = second.report.records.map((record) => JSON.parse(textOf('data' in record ? record.data : new Uint8Array(0))));
    expect(documents.every((document) => document['event']['dataset'] === 'eks.audit')).toBe(true);
  });

  test('documents go into the stream of their family', async () => {
    const rules = { ...RULES, applications: [application({ name: 'checkout', match: { container: 'checkout' } })] };
    const messages = [fluentBitRecord('a', { container: 'checkout' }), fluentBitRecord('b', { container: 'web' })];
    const data = payload({ logGroup: APPLICATION, logStream: 's', logEvents: events(messages) });

    const world = await transform([data], { rules, stream: 'prod-search-eks-application' });

    expect(world.put.map(({ stream }) => stream).sort()).toEqual(['prod-search-checkout', 'prod-search-eks-application']);
  });

  test('a payload that is one document of this very stream is answered at once', async () => {
    const world = await transform([auditPayload(audit.slice(0, 1))]);

    expect(results(world)).toEqual(['Ok']);
    expect(world.put).toEqual([]);
    expect(counts(world, 'control-plane')).toMatchObject({ received: 1, handedOn: 1 });
  });

  test('a record of Fluent Bit itself is a document; several lines of one are several', async () => {
    const one = await transform([Buffer.from(`${fluentBitRecord('one')}\n`)], { stream: 'prod-search-eks-application' });
    const two = await transform([Buffer.from(`${fluentBitRecord('one')}\n${fluentBitRecord('two')}\n`)]);

    expect(results(one)).toEqual(['Ok']);
    const [answer] = one.report.records;
    expect(JSON.parse(textOf(answer?.result === 'Ok' ? answer.data : new Uint8Array(0)))).toMatchObject({
      message: 'one',
      kubernetes: { pod_name: 'web-1' },
      '@timestamp': '2026-11-21T08:39:00.123456789Z',
    });
    expect(two.put).toHaveLength(2);
  });

  test('when one document is not accepted the original fails, and the counts say what became of each event', async () => {
    const world = await transform([auditPayload(), auditPayload(audit.slice(0, 3))], { accepts: (_entry, position) => position !== 7 });

    expect(results(world)).toEqual(['ProcessingFailed', 'Dropped']);
    expect(counts(world, 'control-plane')).toMatchObject({ received: 63, handedOn: 62, deadLettered: 1 });
    expect(world.report.failed).toEqual({ 'reingest-failed': 1 });
  });

  test('an event that can have no document is a dead letter, and its neighbours go on', async () => {
    const data = payload({
      logGroup: CONTROL_PLANE,
      logStream: AUDIT,
      logEvents: [...events(audit.slice(0, 2)), { id: '9', timestamp: Date.UTC(9999, 0, 1), message: audit[3] }],
    });

    const world = await transform([data]);
    const broken = await transform([data], { keeps: false });

    expect(results(world)).toEqual(['Dropped']);
    expect(world.letters.map(({ reason }) => reason)).toEqual(['time-out-of-bounds']);
    expect(counts(world, 'control-plane')).toMatchObject({ received: 3, handedOn: 2, deadLettered: 1 });
    expect(results(broken)).toEqual(['ProcessingFailed']);
    expect(broken.put).toEqual([]);
    expect(counts(broken, 'control-plane')).toMatchObject({ received: 3, deadLettered: 3 });
  });
});

describe('archive', () => {
  const inArchive = { mode: 'archive', stream: 'prod-archive' } as const;

  test('a payload of one hour is answered with its lines and partition', async () => {
    const world = await transform([auditPayload()], inArchive);

    const [answer] = world.report.records;
    expect(answer).toMatchObject({ result: 'Ok', partition: { kind: 'audit', cluster: 'prod', dt: '2026-11-21', hr: '08' } });
    expect(linesOf(answer?.result === 'Ok' ? answer.data : new Uint8Array(0)).map(({ message }) => message)).toEqual(audit);
    expect(world.put).toEqual([]);
  });

  test('of two hours the first is the answer, and the other is put again with its keys', async () => {
    const midnight = Math.floor(NOW / HOUR_MS) * HOUR_MS;
    const logEvents = [-1, 1].map((step, i) => ({ id: String(i + 1), timestamp: midnight + step, message: `m${i}` }));

    const world = await transform([payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents })], inArchive);
    const again = await transform(
      world.put.map(({ data }) => data),
      inArchive,
    );

    expect(world.report.records[0]).toMatchObject({ result: 'Ok', partition: { hr: '07' } });
    expect(again.report.records[0]).toMatchObject({ result: 'Ok', partition: { hr: '08' } });
    expect(counts(world, 'control-plane')).toMatchObject({ received: 2, handedOn: 2 });
  });

  test('when the other hour is not accepted nothing of the record is answered', async () => {
    const midnight = Math.floor(NOW / HOUR_MS) * HOUR_MS;
    const logEvents = [-1, 1].map((step, i) => ({ id: String(i + 1), timestamp: midnight + step, message: `m${i}` }));

    const world = await transform([payload({ logGroup: CONTROL_PLANE, logStream: AUDIT, logEvents })], {
      ...inArchive,
      accepts: () => false,
    });

    expect(results(world)).toEqual(['ProcessingFailed']);
    expect(counts(world, 'control-plane')).toMatchObject({ received: 2, handedOn: 0, deadLettered: 2 });
  });

  test('what the answer has no room for comes back in records that fit, until all of it is answered', async () => {
    const messages = Array.from({ length: 9_000 }, (_, i) => `${i} ${'text of a line that gzip makes little of all in all '.repeat(24)}`);
    let records: Uint8Array[] = [auditPayload(messages), auditPayload(audit)];
    const seen: unknown[] = [];
    let rounds = 0;
    while (records.length > 0) {
      const world = await transform(records, inArchive);
      let bytes = 0;
      for (const record of world.report.records) {
        expect(record.result).not.toBe('ProcessingFailed');
        if (record.result !== 'Ok') continue;
        bytes += Math.ceil(record.data.length / 3) * 4;
        seen.push(...linesOf(record.data).map(({ message }) => message));
      }
      expect(bytes).toBeLessThanOrEqual(MAX_ANSWER_BYTES);
      expect(world.put.every(({ data }) => data.length <= MAX_RECORD_BYTES)).toBe(true);
      records = world.put.map(({ data }) => data);
      rounds++;
      expect(rounds).toBeLessThan(12);
    }

    expect(rounds).toBeGreaterThan(1);
    expect(seen).toHaveLength(messages.length + audit.length);
    expect(new Set(seen)).toEqual(new Set([...messages, ...audit]));
  });

  test('a line that no record has room for makes its record fail, and is kept there', async () => {
    const huge = '\u0001'.repeat(Math.ceil(MAX_BODY_BYTES / 6) + 100_000);

    const world = await transform([auditPayload([huge]), auditPayload(audit)], inArchive);

    expect(results(world)).toEqual(['ProcessingFailed', 'Ok']);
    expect(world.report.failed).toEqual({ 'too-large': 1 });
  });

  test('a record of our Fluent Bit has the id by which log-indexer names its document', async () => {
    const message = fluentBitRecord('one');
    const world = await transform([Buffer.from(message)], inArchive);

    const bulk = run({ logGroup: APPLICATION, logStream: 's', events: events([message]) });
    const [answer] = world.report.records;
    expect(linesOf(answer?.result === 'Ok' ? answer.data : new Uint8Array(0))[0]?.['event_id']).toBe(bulk.documents[0]?.id);
  });
});

test('CloudWatch’s test message is dropped and counted apart', async () => {
  const world = await transform([payload({ messageType: 'CONTROL_MESSAGE', logGroup: '', logStream: '', logEvents: [] })]);

  expect(results(world)).toEqual(['Dropped']);
  expect(counts(world, 'unknown')).toMatchObject({ received: 0, controlMessages: 1 });
});

test.each<[string, Uint8Array, string]>([
  ['truncated gzip', auditPayload().subarray(0, 200), 'bad-gzip'],
  ['gzip of no JSON', gzipSync('text that is long enough to be unpacked'), 'bad-json'],
  ['gzip that unpacks to more than we take', gzipSync(Buffer.alloc(130 * 1024 * 1024)), 'too-large'],
  ['another envelope', gzipSync('{"messageType":"X"}'), 'bad-envelope'],
  ['nothing', Buffer.alloc(0), 'empty'],
  ['blank lines', Buffer.from(' \n\n'), 'empty'],
  [
    'a mark that somebody made up',
    mark({ stream: STREAM, source: 's', events: 1 }, Buffer.from('{}'), false, { ...MARK, mac: () => Buffer.alloc(32) }),
    'bad-mark',
  ],
])('%s fails alone, with its reason', async (_name, data, reason) => {
  for (const mode of ['search', 'archive'] as const) {
    const world = await transform([data, auditPayload(audit.slice(0, 2))], { mode, stream: STREAM });

    expect(results(world)).toEqual(['ProcessingFailed', mode === 'search' ? 'Dropped' : 'Ok']);
    expect(world.report.failed).toEqual({ [reason]: 1 });
    expect(counts(world, 'unknown')).toMatchObject({ received: 1, deadLettered: 1 });
  }
});

test('a line that prints a whole marked record is text, in a payload and in a record of Fluent Bit', async () => {
  const forged = textOf(mark({ stream: STREAM, source: 's', events: 1 }, Buffer.from('{"message":"forged"}'), false, MARK));

  const inPayload = await transform([
    payload({ logGroup: APPLICATION, logStream: 's', logEvents: events([forged, fluentBitRecord(forged)]) }),
  ]);
  const inRecord = await transform([Buffer.from(fluentBitRecord(forged))], { stream: 'prod-search-eks-application' });

  for (const { data, stream } of inPayload.put) {
    const document = JSON.parse(textOf(openMark(data, stream, MARK)?.body ?? new Uint8Array(0)));
    expect(document['message']).toContain('{"message":"forged"}');
  }
  const [answer] = inRecord.report.records;
  expect(JSON.parse(textOf(answer?.result === 'Ok' ? answer.data : new Uint8Array(0)))['message']).toContain('{"message":"forged"}');
});

test('records for which no time is left go back as they came', async () => {
  let left = 2;
  const payloads = [auditPayload(), auditPayload(), auditPayload()];

  const world = await transform(payloads, { mode: 'archive', stream: 'prod-archive', hasTime: () => left-- > 0 });

  expect(results(world)).toEqual(['Ok', 'Ok', 'Dropped']);
  expect(world.put).toHaveLength(1);
  expect(Buffer.from(world.put[0]?.data ?? []).equals(payloads[2] as Buffer)).toBe(true);
  expect(counts(world, 'control-plane')).toMatchObject({ received: 120, handedOn: 120 });
});

test('whatever records come and whatever Firehose accepts, each record is answered once and the counts add up', async () => {
  const line = fc.oneof(fc.constantFrom(...audit), fc.string(), fc.constant(fluentBitRecord('x')));
  const time = fc.integer({ min: NOW - 5 * HOUR_MS, max: NOW });
  const event = fc.record({ id: fc.stringMatching(/^[0-9]{1,20}$/), timestamp: time, message: line });
  const batch = fc
    .tuple(fc.constantFrom(CONTROL_PLANE, APPLICATION, '/unknown'), fc.array(event, { maxLength: 6 }))
    .map(([logGroup, logEvents]) => payload({ logGroup, logStream: AUDIT, logEvents }));
  const data = fc.oneof(
    batch,
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.string().map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(data, { maxLength: 5 }),
      fc.func(fc.boolean()),
      fc.constantFrom('search' as const, 'archive' as const),
      async (records, accepts, mode) => {
        const world = await transform(records, { mode, accepts: (_entry, position) => accepts(position) });

        expect(world.report.records.map(({ recordId }) => recordId)).toEqual(records.map((_, i) => `record-${i}`));
        for (const { counts: sum } of world.report.sources.values()) expect(imbalance(sum)).toBe(0);
        const failed = Object.values(world.report.failed).reduce((sum, count) => sum + count, 0);
        expect(results(world).filter((result) => result === 'ProcessingFailed')).toHaveLength(failed);
      },
    ),
    { numRuns: 60 },
  );
});

test('a record on which a step breaks fails alone, with its neighbours answered', async () => {
  const records = ['a', 'b', 'c'].map((recordId): RecordIn => ({ recordId, data: auditPayload(audit.slice(0, 3)), arrivedMs: NOW }));
  const {
    records: answers,
    failed,
    sources,
  } = await transformRecords(
    records,
    {
      plan: ({ recordId }) => {
        if (recordId === 'b') throw new RangeError('Invalid typed array length');
        return { ...emptyPlan('s'), answer: { data: new Uint8Array([1]), events: 0 } };
      },
      reingest: async () => [],
      keep: async () => {},
      hash: sha256,
      hasTime: () => true,
    },
    { function: 'firehose-transform', stream: STREAM },
  );

  expect(answers.map(({ result }) => result)).toEqual(['Ok', 'ProcessingFailed', 'Ok']);
  expect(failed).toEqual({ 'transform-failed': 1 });
  expect(sources.get('unknown')?.counts).toMatchObject({ received: 1, deadLettered: 1 });
});
