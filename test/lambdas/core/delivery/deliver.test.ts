import fc from 'fast-check';
import { emptyCounts, imbalance } from '../../../../lambdas/core/delivery/counts.ts';
import type { DeadLetter } from '../../../../lambdas/core/delivery/dead-letter.ts';
import { type DeliveryPorts, deliver, type Opened, type Payload } from '../../../../lambdas/core/delivery/deliver.ts';
import { DUPLICATE, INDEXED, type Outcome } from '../../../../lambdas/core/delivery/outcome.ts';
import type { BulkBatch, SourceBatch } from '../../../../lambdas/core/index/types.ts';

const NOW = Date.UTC(2026, 10, 21);
const SETTINGS = { function: 'log-indexer', account: '111122223333', region: 'us-east-1', nowMs: NOW, sliceBytes: 100 };

/** A transform whose rules are in the message: `drop`, `reject`, `throw`, `join` (belongs to the one before), anything else is a document. */
function transform(batch: SourceBatch): BulkBatch {
  const counts = emptyCounts();
  const documents: { start: number; end: number; index: string; id: string; event: number; joined: number }[] = [];
  const rejected: { event: number; reason: string }[] = [];
  let end = 0;
  batch.events.forEach((event, position) => {
    counts.received++;
    const last = documents.at(-1);
    if (event.message === 'throw') throw new Error('transform broke');
    if (event.message === 'drop') counts.excluded['noise'] = (counts.excluded['noise'] ?? 0) + 1;
    else if (event.message === 'reject') rejected.push({ event: position, reason: 'time-out-of-bounds' });
    else if (event.message === 'join' && last && last.event + last.joined + 1 === position) {
      last.joined++;
      counts.joined++;
    } else {
      documents.push({ start: end, end: end + 10, index: 'i-2026.11.21', id: event.id, event: position, joined: 0 });
      end += 10;
    }
  });
  return { body: new Uint8Array(end), documents, rejected, counts };
}

/** Outcomes that the documents' own messages ask for. */
const outcomeOf = (message: string): Outcome =>
  message === 'bad'
    ? { kind: 'final', reason: 'mapper-parsing' }
    : message === 'busy'
      ? { kind: 'retry', reason: 'http-503' }
      : message === 'again'
        ? DUPLICATE
        : INDEXED;

interface World {
  readonly ports: DeliveryPorts;
  readonly kept: Map<string, readonly DeadLetter[]>;
  readonly sends: number[];
}

function world(change: Partial<DeliveryPorts> = {}): World {
  const kept = new Map<string, readonly DeadLetter[]>();
  const sends: number[] = [];
  const messages = new Map<string, string>();
  const ports: DeliveryPorts = {
    open: (data): Opened => {
      if (data === 'control') return { kind: 'control' };
      if (data.startsWith('bad')) return { kind: 'bad', reason: 'not-gzip', detail: 'incorrect header check' };
      const events = (JSON.parse(data) as string[]).map((message, position) => ({
        id: `${data.length}-${position}-${message}`,
        timestamp: NOW - 1000,
        message,
      }));
      for (const event of events) messages.set(event.id, event.message);
      return { kind: 'data', batch: { owner: '111122223333', logGroup: '/g', logStream: 's', events } };
    },
    transform,
    send: async (batches) => {
      sends.push(batches.length);
      return batches.map(({ documents }) => documents.map(({ id }) => outcomeOf(messages.get(id) ?? '')));
    },
    keep: async (key, letters) => {
      kept.set(key, letters);
    },
    sourceOf: () => 'prod-application',
    hash: (text) => Buffer.from(text).toString('hex'),
    hasTime: () => true,
    ...change,
  };
  return { ports, kept, sends };
}

const payload = (messages: string[] | string, identity = '1'): Payload => ({
  data: typeof messages === 'string' ? messages : JSON.stringify(messages),
  identity,
  arrivedMs: NOW,
});

test('counts every event of a payload once, and keeps what is final with its original and all that was joined to it', async () => {
  const { ports, kept } = world();

  const report = await deliver([payload(['ok', 'again', 'drop', 'bad', 'join', 'reject'])], ports, SETTINGS);

  expect(report.sources.get('prod-application')?.counts).toEqual({
    received: 6,
    indexed: 1,
    duplicate: 1,
    deadLettered: 2,
    excluded: { noise: 1 },
    joined: 1,
    returned: 0,
    controlMessages: 0,
  });
  expect(report.sources.get('prod-application')?.deadLettered).toEqual({ 'mapper-parsing': 1, 'time-out-of-bounds': 1 });
  expect(report.failed).toEqual([]);
  expect([...kept.values()].flat()).toMatchObject([
    { reason: 'mapper-parsing', message: 'bad', joined: [{ message: 'join' }], index: 'i-2026.11.21' },
    { reason: 'time-out-of-bounds', message: 'reject' },
  ]);
});

test('a payload with a document to be retried comes again, its neighbours do not', async () => {
  const { ports } = world();

  const report = await deliver([payload(['ok'], '1'), payload(['ok', 'busy'], '2'), payload(['ok'], '3')], ports, SETTINGS);

  expect(report.failed).toEqual([1]);
  expect(report.returned).toEqual({ 'http-503': 1 });
});

test('a payload that cannot be opened is kept as it came and does not come again', async () => {
  const { ports, kept } = world();

  const report = await deliver([payload('bad gzip', '7'), payload(['ok'], '8')], ports, SETTINGS);

  expect(report.failed).toEqual([]);
  expect([...kept.values()].flat()).toMatchObject([{ reason: 'not-gzip', payload: 'bad gzip', source: 'unknown' }]);
  expect(report.sources.get('unknown')?.counts).toMatchObject({ received: 1, deadLettered: 1 });
});

test('a control message is counted apart', async () => {
  const report = await deliver([payload('control')], world().ports, SETTINGS);

  expect(report.sources.get('unknown')?.counts).toMatchObject({ received: 0, controlMessages: 1 });
});

test('an event that breaks the transform is kept alone', async () => {
  const { ports, kept } = world();

  const report = await deliver([payload(['ok', 'ok', 'throw', 'ok'])], ports, SETTINGS);

  expect(report.sources.get('prod-application')?.counts).toMatchObject({ received: 4, indexed: 3, deadLettered: 1 });
  expect([...kept.values()].flat()).toMatchObject([{ reason: 'transform-failed', message: 'throw', detail: 'Error: transform broke' }]);
});

test('dead letters that cannot be written make their payload come again instead of being lost', async () => {
  const { ports } = world({ keep: async () => Promise.reject(new Error('S3 is away')) });

  const report = await deliver([payload(['bad', 'ok'], '1'), payload('bad gzip', '2'), payload(['ok'], '3')], ports, SETTINGS);

  expect(report.failed).toEqual([0, 1]);
  expect(report.returned).toEqual({ 'dead-letter-not-written': 2 });
  expect(report.sources.get('prod-application')?.counts).toMatchObject({ deadLettered: 0, returned: 1, indexed: 2 });
  expect(report.sources.get('prod-application')?.deadLettered).toEqual({});
});

test('payloads for which no time is left come again unopened', async () => {
  let calls = 0;
  const { ports } = world({ hasTime: () => ++calls <= 1 });

  const report = await deliver([payload(['ok'], '1'), payload(['ok'], '2'), payload(['ok'], '3')], ports, SETTINGS);

  expect(report.failed).toEqual([1, 2]);
  expect(report.sources.get('prod-application')?.counts).toMatchObject({ received: 1, indexed: 1 });
});

test('a redelivery writes its dead letters to the same keys', async () => {
  const first = world();
  const second = world();
  const payloads = [payload(['bad'], '1'), payload(['bad'], '2')];

  await deliver(payloads, first.ports, SETTINGS);
  await deliver(payloads, second.ports, { ...SETTINGS, nowMs: NOW + 3_600_000 });

  expect(first.kept.size).toBe(2);
  expect([...second.kept.keys()].sort()).toEqual([...first.kept.keys()].sort());
});

test('sends in slices, so that memory does not grow with the batch', async () => {
  const { ports, sends } = world();

  await deliver(
    Array.from({ length: 25 }, (_, position) => payload(['ok', 'ok'], String(position))),
    ports,
    SETTINGS,
  );

  expect(sends).toEqual([5, 5, 5, 5, 5]);
});

test('whatever comes in and whatever goes wrong, the counts add up and no payload with unfinished work is forgotten', async () => {
  const message = fc.constantFrom('ok', 'again', 'drop', 'bad', 'busy', 'join', 'reject', 'throw');
  const one = fc.oneof(fc.array(message, { maxLength: 8 }), fc.constant('control'), fc.constant('bad gzip'));
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 12 }), fc.array(fc.boolean(), { maxLength: 20 }), async (inputs, storeWorks) => {
      let writes = 0;
      const { ports, kept } = world();
      const keep: DeliveryPorts['keep'] = async (key, letters) => {
        if (storeWorks[writes++] === false) throw new Error('S3 is away');
        await ports.keep(key, letters);
      };
      const report = await deliver(
        inputs.map((input, position) => payload(input, String(position))),
        { ...ports, keep },
        SETTINGS,
      );
      let returned = 0;
      let deadLettered = 0;
      for (const { counts } of report.sources.values()) {
        expect(imbalance(counts)).toBe(0);
        returned += counts.returned;
        deadLettered += counts.deadLettered;
      }
      expect(Object.values(report.returned).reduce((sum, count) => sum + count, 0)).toBe(returned);
      expect(returned > 0).toBe(report.failed.length > 0);
      // A count of dead letters that no object holds would be a loss.
      expect([...kept.values()].flat()).toHaveLength(deadLettered);
    }),
    { numRuns: 200 },
  );
});
