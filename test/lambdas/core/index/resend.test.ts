import fc from 'fast-check';
import type { BulkBatch, SourceEvent } from '../../../../lambdas/core/index/types.ts';
import { APPLICATION, application, NOW, RULES, record, run } from './transform-support.ts';

interface Stored {
  readonly version: number;
  readonly document: { readonly message: string; readonly parse: { readonly continuation?: true } };
}

/** An engine's answer to `create`, and to `index` with an external version. */
class Store {
  readonly documents = new Map<string, Stored>();

  bulk({ body }: BulkBatch): void {
    const lines = Buffer.from(body).toString('utf8').split('\n');
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const action = JSON.parse(lines[at] as string) as {
        readonly [name: string]: { readonly _index: string; readonly _id: string; readonly version?: number };
      };
      const { _index, _id, version = 1 } = action['create'] ?? action['index'] ?? { _index: '', _id: '' };
      const before = this.documents.get(`${_index}/${_id}`);
      if (before === undefined || ('index' in action && version > before.version))
        this.documents.set(`${_index}/${_id}`, { version, document: JSON.parse(lines[at + 1] as string) as Stored['document'] });
    }
  }

  /** Documents that hold a line. */
  holding(line: string): Stored[] {
    return [...this.documents.values()].filter(({ document }) => document.message.split('\n').includes(line));
  }
}

/** A line of the source: `name` is what it can be found by. */
interface Line {
  readonly name: string;
  readonly text: string;
  readonly time: string;
}

const FORMATS = {
  pipe: { start: '2026-11-21T08:39:00.123 | INFO | t | 1 | s | op | c | ', rest: '' },
  java: { start: '2026-11-21T08:39:00.123Z INFO [main] A - ', rest: '' },
  text: { start: '', rest: '' },
  auto: { start: '2026-11-21T08:39:00.123Z INFO [main] A - ', rest: '\tat ' },
} as const;

const shape = fc.record({
  format: fc.constantFrom(...(Object.keys(FORMATS) as (keyof typeof FORMATS)[])),
  /** Whether each line starts a record. */
  starts: fc.array(fc.boolean(), { minLength: 1, maxLength: 25 }),
  /** What is sent, in order: from where to where, and how it is cut into payloads. */
  sends: fc.array(fc.record({ from: fc.nat(25), to: fc.nat(25), cuts: fc.array(fc.nat(25), { maxLength: 6 }) }), { maxLength: 4 }),
  cuts: fc.array(fc.nat(25), { maxLength: 6 }),
});

function linesOf(format: keyof typeof FORMATS, starts: readonly boolean[]): Line[] {
  return starts.map((isStart, at) => {
    const name = `line-${at}-`;
    return {
      name: isStart ? name : `${FORMATS[format].rest}${name}`,
      text: `${isStart ? FORMATS[format].start : FORMATS[format].rest}${name}`,
      time: `2026-11-21T08:39:00.${String(at).padStart(9, '0')}Z`,
    };
  });
}

/** Where a payload begins. */
const pieces = (lines: readonly Line[], cuts: readonly number[]): Line[][] => {
  const borders = [...new Set([0, ...cuts.filter((cut) => cut < lines.length), lines.length])].sort((a, b) => a - b);
  return borders.slice(1).map((end, i) => lines.slice(borders[i], end));
};

let nextId = 0;
function payload(lines: readonly Line[]): SourceEvent[] {
  // CloudWatch names an event anew whenever it is put.
  return lines.map(({ text, time }) => ({ id: `cw${nextId++}`, timestamp: NOW - 60_000, message: record(text, { time }) }));
}

function deliver(store: Store, format: string, events: readonly SourceEvent[]): void {
  const rules = { ...RULES, applications: [application({ name: 'checkout', match: { container: 'web' }, format })] };
  store.bulk(run({ logGroup: APPLICATION, logStream: 'node', events }, rules));
}

test('whatever is sent again, and wherever payloads begin and end, every line that was sent is in a document', () => {
  fc.assert(
    fc.property(shape, ({ format, starts, sends, cuts }) => {
      const store = new Store();
      const lines = linesOf(format, starts);
      const sent = new Set<Line>();
      // First parts of chunks that failed half-way, then everything.
      for (const { from, to, cuts: own } of [...sends, { from: 0, to: lines.length, cuts }]) {
        const part = lines.slice(from, to);
        for (const line of part) sent.add(line);
        for (const piece of pieces(part, own)) deliver(store, format, payload(piece));
      }

      for (const { name } of sent) expect(store.holding(name)).not.toHaveLength(0);
    }),
  );
});

test('a line is in two documents only where payloads began at different lines, and then one of them says that it is a continuation', () => {
  fc.assert(
    fc.property(shape, ({ starts, sends, cuts }) => {
      const store = new Store();
      const lines = linesOf('pipe', starts);
      for (const { from, to, cuts: own } of [...sends, { from: 0, to: lines.length, cuts }])
        for (const piece of pieces(lines.slice(from, to), own)) deliver(store, 'pipe', payload(piece));

      for (const { name } of lines)
        expect(store.holding(name).filter(({ document }) => document.parse.continuation !== true).length).toBeLessThan(2);
    }),
  );
});

test('payloads that come again as they were, in any order, store every line once', () => {
  fc.assert(
    fc.property(shape, fc.array(fc.nat(5), { maxLength: 8 }), ({ format, starts, cuts }, again) => {
      const store = new Store();
      const lines = linesOf(format, starts);
      const payloads = pieces(lines, cuts).map(payload);
      for (const events of payloads) deliver(store, format, events);
      for (const position of again) deliver(store, format, payloads[position % payloads.length] ?? []);

      for (const { name } of lines) expect(store.holding(name)).toHaveLength(1);
    }),
  );
});

test('the second half of a chunk that failed half-way joins the record whose first half was stored', () => {
  const store = new Store();
  const lines = linesOf('pipe', [true, false, false, false, false]);
  deliver(store, 'pipe', payload(lines.slice(0, 3)));

  deliver(store, 'pipe', payload(lines));

  expect([...store.documents.values()].map(({ document }) => document.message)).toEqual(['line-0-\nline-1-\nline-2-\nline-3-\nline-4-']);
});
