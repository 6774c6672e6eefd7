import fc from 'fast-check';
import { type FilterEvents, logGroupReader } from '../../../cli/backfill/log-group-reader.ts';
import type { Checkpoint } from '../../../cli/backfill/positions.ts';
import type { RunPorts } from '../../../cli/backfill/run.ts';
import { runEvents } from '../../../cli/backfill/run-events.ts';
import { addTotals, newTotals, type Totals, unaccounted } from '../../../cli/backfill/totals.ts';
import { INDEXED, type Outcome } from '../../../lambdas/core/delivery/outcome.ts';
import { transformBatch } from '../../../lambdas/core/index/transform.ts';
import type { BulkBatch } from '../../../lambdas/core/index/types.ts';
import type { CompiledSource } from '../../../lambdas/core/rules/compile.ts';
import { compileRules } from '../../../lambdas/core/rules/compile.ts';
import { writeUtf8 } from '../../../lambdas/events/utf8.ts';
import { APPLICATION, application, NOW, RULES, record, sha256 } from '../../lambdas/core/index/transform-support.ts';

const START = NOW - 3_600_000;
const rules = compileRules({ ...RULES, applications: [application({ name: 'checkout', match: { container: 'web*' }, format: 'java' })] });
const source = rules.sourceOf(APPLICATION) as CompiledSource;

interface Stored {
  readonly id: string;
  readonly timestampMs: number;
  readonly logStream: string;
  readonly message: string;
}

/** Lines of containers, some of them the rest of a stack trace, which comes within seconds; in the order of their times. */
const storedEvents = fc
  .array(
    fc.record({
      container: fc.integer({ min: 0, max: 2 }),
      stream: fc.integer({ min: 0, max: 1 }),
      isRest: fc.boolean(),
      gapMs: fc.constantFrom(0, 0, 1, 7, 20_000),
    }),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  .map((lines) => {
    let timestampMs = START;
    const lastMs = new Map<string, number>();
    return lines.map(({ container, stream, isRest, gapMs }, at): Stored => {
      timestampMs += gapMs;
      const origin = `${container} ${stream}`;
      const isSoon = timestampMs - (lastMs.get(origin) ?? timestampMs) < 10_000;
      lastMs.set(origin, timestampMs);
      const text =
        isRest && isSoon
          ? `\tat com.example.Order.place(Order.java:${at})`
          : `2026-11-21 08:00:00.000 ERROR [main] com.example.Order : order ${at} failed`;
      const time = `${new Date(timestampMs).toISOString().slice(0, -1)}${String(at).padStart(6, '0')}Z`;
      return { id: `e${at}`, timestampMs, logStream: `node-${stream}`, message: record(text, { container: `web${container}`, time }) };
    });
  });

function pagesOf(stored: readonly Stored[], size: number): FilterEvents {
  return async ({ fromMs, toMs, nextToken }) => {
    const all = stored.filter(({ timestampMs }) => timestampMs >= fromMs && timestampMs < toMs);
    const at = Number(nextToken ?? 0);
    return { events: all.slice(at, at + size), ...(at + size < all.length ? { nextToken: String(at + size) } : {}) };
  };
}

/** Runs from a checkpoint; dies before or behind the given number of saves. */
async function runOnce(
  stored: readonly Stored[],
  size: number,
  state: { checkpoint: Checkpoint | undefined; totals: Totals; isDone: boolean },
  dies: { readonly at: number; readonly isBeforeSave: boolean },
  documents: Map<string, number>,
): Promise<void> {
  let saves = 0;
  const range = { fromMs: START, toMs: NOW };
  const ports: RunPorts = {
    overwrite: false,
    signal: new AbortController().signal,
    refused: () => undefined,
    async send(bulks: readonly BulkBatch[]) {
      for (const bulk of bulks) for (const { id, joined } of bulk.documents) documents.set(id, Math.max(joined, documents.get(id) ?? 0));
      return bulks.map((bulk) => bulk.documents.map(() => INDEXED));
    },
    async done(totals, checkpoint) {
      if (++saves === dies.at && dies.isBeforeSave) throw new Error('died');
      addTotals(state.totals, totals);
      state.checkpoint = checkpoint;
      state.isDone = checkpoint === undefined;
      if (saves === dies.at) throw new Error('died');
    },
  };
  const reader = logGroupReader(APPLICATION, '111122223333', { fromMs: START - 10_000, toMs: NOW + 10_000 }, pagesOf(stored, size));
  const transform = (batch: Parameters<typeof transformBatch>[0]): BulkBatch =>
    transformBatch(batch, rules, { nowMs: NOW, hash: sha256, write: writeUtf8 });
  await runEvents({ reader, source, range, transform, checkpoint: state.checkpoint }, ports).catch((error: Error) => {
    if (error.message !== 'died') throw error;
  });
}

async function runAll(stored: readonly Stored[], size: number, deaths: readonly { at: number; isBeforeSave: boolean }[]) {
  const documents = new Map<string, number>();
  const state = { checkpoint: undefined as Checkpoint | undefined, totals: newTotals(), isDone: false };
  for (const death of deaths) if (!state.isDone) await runOnce(stored, size, state, death, documents);
  if (!state.isDone) await runOnce(stored, size, state, { at: -1, isBeforeSave: false }, documents);
  return { documents: [...documents].sort(), state };
}

test('wherever pages end and wherever a run dies, the documents are those of one page read in one go, and each event is counted once', async () => {
  const deaths = fc.array(fc.record({ at: fc.integer({ min: 1, max: 6 }), isBeforeSave: fc.boolean() }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(storedEvents, fc.integer({ min: 1, max: 9 }), deaths, async (stored, size, dies) => {
      const whole = await runAll(stored, 1_000, []);

      const parts = await runAll(stored, size, dies);

      expect(parts.documents).toEqual(whole.documents);
      expect(parts.state.totals.read).toBe(stored.length);
      expect(unaccounted(parts.state.totals)).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test('a record whose lines lie across the start of the range belongs to what is before it; one across the end is read whole', async () => {
  const line = (id: string, timestampMs: number, text: string): Stored => ({
    ...{ id, timestampMs, logStream: 'node' },
    message: record(text, { container: 'web', time: `${new Date(timestampMs).toISOString().slice(0, -1)}000000Z` }),
  });
  const head = '2026-11-21 08:00:00.000 ERROR [main] com.example.Order : failed';
  const stored = [
    line('before', START - 5, head),
    line('rest-of-before', START + 5, '\tat com.example.A.b(A.java:1)'),
    line('inside', START + 100, head),
    line('last', NOW - 5, head),
    line('rest-of-last', NOW + 5, '\tat com.example.A.b(A.java:1)'),
    line('behind', NOW + 100, head),
  ];

  const { documents, state } = await runAll(stored, 2, []);

  expect(documents.map(([, joined]) => joined)).toEqual([0, 1]);
  expect(state.totals).toMatchObject({ read: 3, indexed: 2, joined: 1 });
});

test('what the search does not take now stops the run before its place is kept; what it never takes is counted and told', async () => {
  const stored = [0, 1, 2].map((at): Stored => {
    const time = new Date(START + at).toISOString();
    return { id: `e${at}`, timestampMs: START + at, logStream: 'node', message: record('a line', { time: `${time.slice(0, -1)}000000Z` }) };
  });
  const told: object[] = [];
  const kept: (Checkpoint | undefined)[] = [];
  const outcomes: Outcome[] = [INDEXED, { kind: 'final', reason: 'mapper-parsing' }, { kind: 'retry', reason: 'not-permitted' }];
  const ports: RunPorts = {
    ...{ overwrite: false, signal: new AbortController().signal },
    refused: (document) => void told.push(document),
    send: async (bulks) => bulks.map(({ documents }) => documents.map(() => outcomes.shift() ?? INDEXED)),
    done: async (_totals, checkpoint) => void kept.push(checkpoint),
  };
  const reader = logGroupReader(APPLICATION, '111122223333', { fromMs: START, toMs: NOW }, pagesOf(stored, 10));
  const transform = (batch: Parameters<typeof transformBatch>[0]): BulkBatch =>
    transformBatch(batch, rules, { nowMs: NOW, hash: sha256, write: writeUtf8 });

  const end = await runEvents({ reader, source, range: { fromMs: START, toMs: NOW }, transform, checkpoint: undefined }, ports);

  expect(end).toEqual({ kind: 'stopped', returned: { 'not-permitted': 1 } });
  expect(told).toMatchObject([{ reason: 'mapper-parsing' }]);
  expect(kept.every((checkpoint) => checkpoint !== undefined)).toBe(true);
});
