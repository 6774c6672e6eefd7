import type { Compiled, Slots } from './compiled.ts';
import { compareNatural } from './natural-order.ts';
import { hold, QueryTooLargeError, type RunState, type Sink, type StageMaker } from './stage.ts';
import { detach, toText, type Value } from './value.ts';

/** A key to sort by: a slot and a direction (1 ascending, -1 descending). */
export interface OrderKey {
  readonly slot: number;
  readonly direction: 1 | -1;
}

interface HeldRow {
  readonly slots: Slots;
  /** Number of arrival: rows that are equal stay in that order. */
  readonly sequence: number;
}

type Compare = (a: Slots, b: Slots) => number;

function compareBy(keys: readonly OrderKey[]): Compare {
  const first = keys[0];
  if (keys.length === 1 && first) return (a, b) => compareNatural(a[first.slot], b[first.slot]) * first.direction;
  return (a, b) => {
    for (const { slot, direction } of keys) {
      const order = compareNatural(a[slot], b[slot]);
      if (order !== 0) return order * direction;
    }
    return 0;
  };
}

/** The first `limit` rows of an order, in a heap whose top is the last of them. */
class TopRows {
  private readonly rows: HeldRow[] = [];
  private sequence = 0;
  private readonly compare: Compare;
  private readonly limit: number;
  private readonly state: RunState;

  constructor(compare: Compare, limit: number, state: RunState) {
    this.compare = compare;
    this.limit = limit;
    this.state = state;
  }

  add(slots: Slots): void {
    const sequence = this.sequence++;
    const { rows } = this;
    if (rows.length < this.limit) {
      rows.push(this.copy(slots, sequence));
      this.up(rows.length - 1);
      return;
    }
    const worst = rows[0];
    if (!worst || this.compare(slots, worst.slots) >= 0) return;
    hold(this.state, worst.slots, -1);
    rows[0] = this.copy(slots, sequence);
    this.down();
  }

  /** All rows in order; the heap is empty afterwards. */
  drain(): HeldRow[] {
    return this.rows.splice(0).sort((a, b) => this.compare(a.slots, b.slots) || a.sequence - b.sequence);
  }

  private copy(slots: Slots, sequence: number): HeldRow {
    const copy = slots.map(detach);
    hold(this.state, copy, 1);
    return { slots: copy, sequence };
  }

  private after(a: HeldRow, b: HeldRow): boolean {
    const order = this.compare(a.slots, b.slots);
    return order > 0 || (order === 0 && a.sequence > b.sequence);
  }

  private up(from: number): void {
    const { rows } = this;
    const row = rows[from] as HeldRow;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.after(row, rows[parent] as HeldRow)) break;
      rows[at] = rows[parent] as HeldRow;
      at = parent;
    }
    rows[at] = row;
  }

  private down(): void {
    const { rows } = this;
    const row = rows[0] as HeldRow;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= rows.length) break;
      if (child + 1 < rows.length && this.after(rows[child + 1] as HeldRow, rows[child] as HeldRow)) child++;
      if (!this.after(rows[child] as HeldRow, row)) break;
      rows[at] = rows[child] as HeldRow;
      at = child;
    }
    rows[at] = row;
  }
}

function emit(rows: readonly HeldRow[], next: Sink): void {
  for (const row of rows) if (!next.push(row.slots)) break;
  next.end();
}

/** Sorts, keeping no more rows than can be shown. */
export function sortStage(keys: readonly OrderKey[], limit: number): StageMaker {
  return (next, state) => {
    const top = new TopRows(compareBy(keys), limit, state);
    return {
      push(slots) {
        top.add(slots);
        return true;
      },
      end: () => emit(top.drain(), next),
    };
  };
}

/** Different values that `dedup` can tell apart in one run. */
export const MAX_DEDUP_KEYS = 1_000_000;

/** Keeps, for each combination of values, the row that comes first in the order; rows that miss one of the fields all stay. */
export function dedupStage(fields: readonly Compiled[], keys: readonly OrderKey[], limit: number): StageMaker {
  return (next, state) => {
    const compare = compareBy(keys);
    const incomplete = new TopRows(compare, limit, state);
    const best = new Map<string, HeldRow>();
    let sequence = 0;
    return {
      push(slots) {
        const key = keyOf(fields, slots);
        if (key === undefined) {
          incomplete.add(slots);
          return true;
        }
        const held = best.get(key);
        if (held && compare(slots, held.slots) >= 0) return true;
        if (!held && best.size >= MAX_DEDUP_KEYS)
          throw new QueryTooLargeError(`"dedup" met more than ${MAX_DEDUP_KEYS} different values; filter more`);
        if (held) hold(state, held.slots, -1);
        const copy = slots.map(detach);
        hold(state, copy, 1);
        best.set(key, { slots: copy, sequence: sequence++ });
        return true;
      },
      end() {
        const rows = [...best.values(), ...incomplete.drain()];
        emit(
          rows.sort((a, b) => compare(a.slots, b.slots) || a.sequence - b.sequence),
          next,
        );
      },
    };
  };
}

function keyOf(fields: readonly Compiled[], slots: Slots): string | undefined {
  let key = '';
  for (const { run } of fields) {
    const text = toText(run(slots) as Value);
    if (text === undefined) return undefined;
    key += `${text.length}:${text}`;
  }
  return key;
}
