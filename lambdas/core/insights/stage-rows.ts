import { type Compiled, numberOf, type Slots } from './compiled.ts';
import { fromJson, parseStructure } from './json-path.ts';
import { hold, type Sink, type StageMaker } from './stage.ts';
import { detach, toNumber, type Value } from './value.ts';

/** `unnest list into item`: a row for each element; what is no list counts as a list of one. `expand` also opens the text of a JSON array. */
export function unnestStage({ run }: Compiled, slot: number, opensText: boolean): StageMaker {
  return (next) => ({
    push(slots) {
      const value = run(slots);
      const list = typeof value === 'string' && opensText ? (parseStructure(value) ?? value) : value;
      if (!Array.isArray(list)) {
        slots[slot] = value;
        return next.push(slots);
      }
      for (const item of list) {
        slots[slot] = fromJson(item);
        if (!next.push(slots)) return false;
      }
      return true;
    },
    end: () => next.end(),
  });
}

/** `accum`: a running sum; a row without a number carries the sum on. */
export function accumStage(source: Compiled, slot: number): StageMaker {
  return (next) => {
    const read = numberOf(source);
    let sum = 0;
    return {
      push(slots) {
        sum += read(slots) ?? 0;
        slots[slot] = sum;
        return next.push(slots);
      },
      end: () => next.end(),
    };
  };
}

/** `autoregress`: the values of the rows before; `slots[0]` gets the value `from` rows back. */
export function autoregressStage({ run }: Compiled, from: number, slotList: readonly number[]): StageMaker {
  return (next) => {
    const past: Value[] = [];
    return {
      push(slots) {
        for (let i = 0; i < slotList.length; i++) slots[slotList[i] as number] = past[from + i - 1];
        past.unshift(detach(run(slots)));
        past.length = Math.min(past.length, from + slotList.length - 1);
        return next.push(slots);
      },
      end: () => next.end(),
    };
  };
}

/** `filldown`: the last value that was there stands in for a missing one. */
export function filldownStage(slotList: readonly number[]): StageMaker {
  return (next) => {
    const last = new Map<number, Value>();
    return {
      push(slots) {
        for (const slot of slotList) {
          if (slots[slot] === undefined) slots[slot] = last.get(slot);
          else last.set(slot, detach(slots[slot]));
        }
        return next.push(slots);
      },
      end: () => next.end(),
    };
  };
}

/** Bins that `fillmissing` may add. */
export const MAX_FILLED_BINS = 100_000;

/** `fillmissing`: a row for each bin between the first and the last (or the query's range) that has none; rows come out by time. */
export function fillMissingStage(
  binSlot: number,
  nextBin: (ms: number) => number,
  fills: readonly { readonly slot: number; readonly value: Value }[],
  row: { readonly size: number },
): StageMaker {
  return (next, state) => {
    const rows: Slots[] = [];
    return {
      push(slots) {
        const copy = slots.map(detach);
        hold(state, copy, 1);
        rows.push(copy);
        return true;
      },
      end() {
        const timed = rows
          .filter((slots) => typeof slots[binSlot] === 'number')
          .sort((a, b) => (a[binSlot] as number) - (b[binSlot] as number));
        let expected: number | undefined;
        let added = 0;
        const send = (slots: Slots) => next.push(slots);
        for (const slots of timed) {
          const bin = slots[binSlot] as number;
          for (; expected !== undefined && expected < bin && added < MAX_FILLED_BINS; expected = nextBin(expected), added++) {
            const filled: Slots = new Array(row.size).fill(undefined);
            filled[binSlot] = expected;
            for (const fill of fills) filled[fill.slot] = fill.value;
            if (!send(filled)) return next.end();
          }
          if (!send(slots)) return next.end();
          expected = nextBin(bin);
        }
        for (const slots of rows) if (typeof slots[binSlot] !== 'number' && !send(slots)) break;
        next.end();
      },
    };
  };
}

/** `addtotals`: the sum of a row's numbers, and at the end a row with the sums of the columns. */
export function addTotalsStage(
  columns: readonly { readonly slot: number; readonly run: Compiled['run'] }[],
  totalSlot: number | undefined,
  withColumns: boolean,
  row: { readonly size: number },
): StageMaker {
  return (next) => {
    const sums = columns.map(() => undefined as number | undefined);
    let open = true;
    const total = (values: readonly (number | undefined)[]): number | undefined =>
      values.reduce((sum, value) => (value === undefined ? sum : (sum ?? 0) + value), undefined);
    const finish = (sink: Sink): void => {
      if (withColumns && open) {
        const slots: Slots = new Array(row.size).fill(undefined);
        for (let i = 0; i < columns.length; i++) slots[(columns[i] as { slot: number }).slot] = sums[i];
        if (totalSlot !== undefined) slots[totalSlot] = total(sums);
        sink.push(slots);
      }
      sink.end();
    };
    return {
      push(slots) {
        const values = columns.map(({ run }) => toNumber(run(slots)));
        for (let i = 0; i < values.length; i++) if (values[i] !== undefined) sums[i] = (sums[i] ?? 0) + (values[i] as number);
        if (totalSlot !== undefined) slots[totalSlot] = total(values);
        open = next.push(slots);
        return open;
      },
      end: () => finish(next),
    };
  };
}
