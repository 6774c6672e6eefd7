import fc from 'fast-check';
import type { BulkAnswer, BulkRequest } from '../../../lambdas/clients/bulk-request.ts';
import { type SenderLimits, type SenderPorts, sendBulk } from '../../../lambdas/clients/bulk-sender.ts';
import { emptyCounts } from '../../../lambdas/core/delivery/counts.ts';
import type { Outcome } from '../../../lambdas/core/delivery/outcome.ts';
import type { BulkBatch } from '../../../lambdas/core/index/types.ts';

/** A batch whose documents are lines `<id> <padding>`. */
function batchOf(documents: readonly { readonly id: string; readonly bytes: number }[]): BulkBatch {
  const lines = documents.map(({ id, bytes }) => `${id} `.padEnd(Math.max(bytes, id.length + 2) - 1, 'x').concat('\n'));
  let start = 0;
  return {
    body: Buffer.from(lines.join('')),
    documents: lines.map((line, event) => {
      const document = { start, end: start + line.length, index: 'i-2026.11.21', id: documents[event]?.id ?? '', event, joined: 0 };
      start += line.length;
      return document;
    }),
    rejected: [],
    counts: emptyCounts(),
  };
}

const idsOf = (request: BulkRequest): string[] =>
  Buffer.concat(request.body)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ')[0] ?? '');

/** What the engine (or the way to it) does with one request. */
type Fault = 'fine' | 'busy' | 'throttled' | 'asks-to-wait' | 'lost-before' | 'lost-after' | 'garbled-after' | 'some-busy' | 'gateway';

/** An engine with `create` semantics, on a clock that only moves when somebody waits for it. */
class Engine {
  readonly stored = new Set<string>();
  readonly done = new Set<string>();
  readonly sentAfterDone: string[] = [];
  readonly sizes: number[] = [];
  now = Date.UTC(2026, 10, 21);
  private step = 0;
  readonly deadline: number;
  private readonly faults: readonly Fault[];
  private readonly bad: ReadonlySet<string>;
  private readonly poison: ReadonlySet<string>;
  private readonly limitBytes: number;

  constructor(options: { faults?: readonly Fault[]; bad?: string[]; poison?: string[]; limitBytes?: number; timeMs?: number }) {
    this.faults = options.faults ?? [];
    this.bad = new Set(options.bad);
    this.poison = new Set(options.poison);
    this.limitBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
    this.deadline = this.now + (options.timeMs ?? 600_000);
  }

  readonly ports: SenderPorts = {
    post: (request) => this.post(request),
    sleep: async (ms) => {
      this.now += ms;
    },
    now: () => this.now,
    remainingMs: () => this.deadline - this.now,
    random: () => 0.5,
    isPastWarmAge: () => false,
  };

  private async post(request: BulkRequest): Promise<BulkAnswer> {
    const fault = this.faults[this.step++] ?? 'fine';
    const ids = idsOf(request);
    const bytes = request.body.reduce((sum, part) => sum + part.length, 0);
    expect(ids).toHaveLength(request.documents);
    this.sizes.push(bytes);
    for (const id of ids) if (this.done.has(id)) this.sentAfterDone.push(id);
    this.now += 10;
    if (fault === 'lost-before') {
      this.now += request.timeoutMs - 10;
      throw Object.assign(new Error('gone'), { code: 'timed-out' });
    }
    if (fault === 'busy') return { kind: 'refused', status: 503 };
    if (fault === 'gateway') return { kind: 'refused', status: 502 };
    if (fault === 'throttled') return { kind: 'refused', status: 429, error: { type: 'rejected_execution_exception', reason: 'queue' } };
    if (fault === 'asks-to-wait') return { kind: 'refused', status: 429, retryAfter: '2' };
    if (bytes > this.limitBytes) return { kind: 'refused', status: 413 };
    if (ids.some((id) => this.poison.has(id)))
      return { kind: 'refused', status: 400, error: { type: 'illegal_argument_exception', reason: 'malformed' } };
    const items = ids.map((id, position) => {
      if (fault === 'some-busy' && position % 2 === 1) return { status: 429, error: { type: 'rejected_execution_exception' } };
      if (this.bad.has(id)) return { status: 400, error: { type: 'mapper_parsing_exception', reason: 'no number' } };
      if (this.stored.has(id)) return { status: 409 };
      this.stored.add(id);
      return { status: 201 };
    });
    if (fault === 'lost-after') throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    if (fault === 'garbled-after') throw new SyntaxError('Unexpected end of JSON input');
    items.forEach(({ status }, position) => {
      if (status !== 429) this.done.add(ids[position] ?? '');
    });
    return { kind: 'items', items };
  }
}

const limits = (change: Partial<SenderLimits> = {}): SenderLimits => ({
  maxBytes: 1_000,
  maxDocuments: 100,
  connections: 1,
  requestTimeoutMs: 30_000,
  reserveMs: 5_000,
  ...change,
});
const documents = (count: number, bytes = 100): { id: string; bytes: number }[] =>
  Array.from({ length: count }, (_, n) => ({ id: `d${n}`, bytes }));
const kinds = (outcomes: readonly (readonly Outcome[])[]): { [kind: string]: number } => {
  const found: { [kind: string]: number } = {};
  for (const { kind } of outcomes.flat()) found[kind] = (found[kind] ?? 0) + 1;
  return found;
};

test('sends several batches as few requests, in order, without exceeding the limits', async () => {
  const engine = new Engine({});

  const result = await sendBulk([batchOf(documents(15)), batchOf([{ id: 'e', bytes: 100 }])], engine.ports, limits());

  expect(kinds(result.outcomes)).toEqual({ indexed: 16 });
  expect(engine.sizes).toEqual([1_000, 600]);
});

test('nothing to send is no request', async () => {
  const engine = new Engine({});

  expect(await sendBulk([], engine.ports, limits())).toEqual({ outcomes: [], requests: 0, pauses: 0 });
  expect((await sendBulk([batchOf([])], engine.ports, limits())).requests).toBe(0);
});

test('one bad document among thousands is final, alone', async () => {
  const engine = new Engine({ bad: ['d1234'] });

  const { outcomes, requests } = await sendBulk(
    [batchOf(documents(5_000))],
    engine.ports,
    limits({ maxBytes: 100_000, maxDocuments: 1_000 }),
  );

  expect(outcomes[0]?.[1234]).toEqual({ kind: 'final', reason: 'mapper-parsing', detail: 'no number' });
  expect(kinds(outcomes)).toEqual({ indexed: 4_999, final: 1 });
  expect(requests).toBe(5);
});

test('a document that spoils its whole request is found by halving, and its neighbours are indexed', async () => {
  const engine = new Engine({ poison: ['d3'] });

  const { outcomes, requests } = await sendBulk([batchOf(documents(16))], engine.ports, limits({ maxBytes: 10_000 }));

  expect(outcomes[0]?.[3]).toMatchObject({ kind: 'final', reason: 'illegal-argument' });
  expect(kinds(outcomes)).toEqual({ indexed: 15, final: 1 });
  expect(requests).toBeLessThanOrEqual(9);
});

test('a 413 halves the requests at once and is remembered', async () => {
  const engine = new Engine({ limitBytes: 500 });
  const remembered = limits({ maxBytes: 4_000 });

  const result = await sendBulk([batchOf(documents(40))], engine.ports, remembered);

  expect(kinds(result.outcomes)).toEqual({ indexed: 40 });
  expect(result.pauses).toBe(0);
  expect(remembered.maxBytes).toBe(500);
  expect(engine.sizes.filter((bytes) => bytes > 500)).toHaveLength(3);
});

test('a single document that is too big is final', async () => {
  const engine = new Engine({ limitBytes: 500 });

  const { outcomes } = await sendBulk(
    [
      batchOf([
        { id: 'a', bytes: 100 },
        { id: 'huge', bytes: 900 },
        { id: 'b', bytes: 100 },
      ]),
    ],
    engine.ports,
    limits({ maxBytes: 2_000 }),
  );

  expect(outcomes[0]?.map(({ kind, reason }) => `${kind} ${reason}`)).toEqual(['indexed created', 'final too-large', 'indexed created']);
});

test('only the documents that were pushed back are sent again', async () => {
  const engine = new Engine({ faults: ['some-busy'] });

  const result = await sendBulk([batchOf(documents(10))], engine.ports, limits());

  expect(kinds(result.outcomes)).toEqual({ indexed: 10 });
  expect(engine.sizes).toEqual([1_000, 500]);
  expect(result.pauses).toBe(1);
});

test('after a push-back of the whole engine the rest of the round waits too', async () => {
  const engine = new Engine({ faults: ['busy'] });

  const result = await sendBulk([batchOf(documents(30))], engine.ports, limits());

  expect(kinds(result.outcomes)).toEqual({ indexed: 30 });
  expect(engine.sizes).toHaveLength(4);
});

test('waits as long as Retry-After asks', async () => {
  const engine = new Engine({ faults: ['asks-to-wait'] });
  const began = engine.now;

  await sendBulk([batchOf(documents(1))], engine.ports, limits());

  expect(engine.now - began).toBeGreaterThanOrEqual(2_000);
});

test('a document whose answer was lost is a duplicate the second time, never a second document', async () => {
  const engine = new Engine({ faults: ['lost-after'] });

  const { outcomes } = await sendBulk([batchOf(documents(3))], engine.ports, limits());

  expect(kinds(outcomes)).toEqual({ duplicate: 3 });
  expect(engine.stored.size).toBe(3);
});

test('gives back what is not done when the time is up, with the last reason, and leaves the reserve', async () => {
  const engine = new Engine({ faults: new Array(1_000).fill('throttled'), timeMs: 60_000 });

  const { outcomes } = await sendBulk([batchOf(documents(30))], engine.ports, limits());

  expect(kinds(outcomes)).toEqual({ retry: 30 });
  expect(outcomes[0]?.[0]).toMatchObject({ reason: 'rejected-execution' });
  expect(engine.deadline - engine.now).toBeGreaterThanOrEqual(5_000);
});

test('sends nothing when there is no time at all', async () => {
  const engine = new Engine({ timeMs: 5_100 });

  const result = await sendBulk([batchOf(documents(3))], engine.ports, limits());

  expect(result.requests).toBe(0);
  expect(result.outcomes[0]?.[0]).toEqual({ kind: 'retry', reason: 'out-of-time' });
});

test('a time-out never reaches into the reserve', async () => {
  const engine = new Engine({ faults: ['lost-before', 'lost-before'], timeMs: 20_000 });

  await sendBulk([batchOf(documents(3))], engine.ports, limits());

  expect(engine.deadline - engine.now).toBeGreaterThanOrEqual(5_000);
});

test('with time enough nothing is handed back, whatever went wrong on the way', async () => {
  const fault = fc.constantFrom<Fault>(
    'fine',
    'busy',
    'throttled',
    'asks-to-wait',
    'lost-before',
    'lost-after',
    'garbled-after',
    'some-busy',
    'gateway',
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 25 }),
      fc.integer({ min: 1, max: 80 }),
      fc.integer({ min: 1, max: 3 }),
      async (faults, count, connections) => {
        const engine = new Engine({ faults, bad: ['d3'], poison: ['d5'], limitBytes: 700, timeMs: 3_600_000 });

        const { outcomes } = await sendBulk([batchOf(documents(count))], engine.ports, limits({ connections }));

        expect(kinds(outcomes)['retry']).toBeUndefined();
        expect(engine.stored.size).toBe(count - (count > 3 ? 1 : 0) - (count > 5 ? 1 : 0));
      },
    ),
    { numRuns: 200 },
  );
});

test('whatever goes wrong in whatever order, every document ends once and none is sent after it was done', async () => {
  const fault = fc.constantFrom<Fault>(
    'fine',
    'fine',
    'busy',
    'throttled',
    'asks-to-wait',
    'lost-before',
    'lost-after',
    'garbled-after',
    'some-busy',
    'gateway',
  );
  const scenario = fc.record({
    sizes: fc.array(fc.array(fc.integer({ min: 8, max: 700 }), { maxLength: 25 }), { maxLength: 4 }),
    faults: fc.array(fault, { maxLength: 40 }),
    bad: fc.array(fc.nat({ max: 60 }), { maxLength: 4 }),
    poison: fc.array(fc.nat({ max: 60 }), { maxLength: 3 }),
    repeated: fc.boolean(),
    limitBytes: fc.integer({ min: 100, max: 3_000 }),
    timeMs: fc.integer({ min: 0, max: 300_000 }),
    connections: fc.integer({ min: 1, max: 3 }),
    maxDocuments: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(scenario, async ({ sizes, faults, bad, poison, repeated, limitBytes, timeMs, connections, maxDocuments }) => {
      const name = (n: number): string => `d${n}`;
      const engine = new Engine({ faults, bad: bad.map(name), poison: poison.map(name), limitBytes, timeMs });
      let next = 0;
      const batches = sizes.map((row) => batchOf(row.map((bytes) => ({ id: name(repeated ? next++ % 20 : next++), bytes }))));

      const { outcomes } = await sendBulk(batches, engine.ports, limits({ connections, maxDocuments }));

      expect(outcomes.map((row) => row.length)).toEqual(sizes.map((row) => row.length));
      const indexed = new Set<string>();
      outcomes.forEach((row, batch) => {
        row.forEach(({ kind }, position) => {
          const id = batches[batch]?.documents[position]?.id ?? '';
          if (kind === 'indexed') {
            // Nothing twice: an `_id` is created once in the life of the index.
            expect(indexed.has(id)).toBe(false);
            indexed.add(id);
          }
          if (kind === 'indexed' || kind === 'duplicate') expect(engine.stored.has(id)).toBe(true);
          if (kind === 'final') expect(engine.stored.has(id) && !repeated).toBe(false);
        });
      });
      if (!repeated) expect(engine.sentAfterDone).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
