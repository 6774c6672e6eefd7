import type { Accumulator, AccumulatorMaker } from './aggregate.ts';
import type { Compiled, Slots } from './compiled.ts';
import { QueryTooLargeError, type StageMaker } from './stage.ts';
import { detach, numberText, type Value } from './value.ts';

/** Groups that one `stats` can hold. */
export const MAX_GROUPS = 1_000_000;

interface Group {
  readonly keys: readonly Value[];
  readonly accumulators: readonly Accumulator[];
}

/** How a `stats` gathers and what it gives. */
export interface StatsPlan {
  readonly by: readonly Compiled[];
  readonly aggregates: readonly AccumulatorMaker[];
  /** Size of the rows that come out; group keys are in the first slots, aggregates behind them. */
  readonly row: { readonly size: number };
  /** Expressions over keys and aggregates, with their slots. */
  readonly items: readonly { readonly slot: number; readonly run: Compiled['run'] }[];
}

/** Groups by their keys: a map for each key but the last leads to that of the next, so that no text is made for a row that has its group. */
type Level = Map<Value, Level | Group>;

/** Gathers rows into groups; at the end gives one row per group, in the order in which the groups were first met. */
export function statsStage(plan: StatsPlan): StageMaker {
  return (next) => {
    const { by } = plan;
    const root: Level = new Map();
    const groups: Group[] = [];
    const values: Value[] = by.map(() => undefined);
    const newGroup = (): Group => {
      if (groups.length >= MAX_GROUPS)
        throw new QueryTooLargeError(`"stats" met more than ${MAX_GROUPS} groups; group by fewer or coarser values`);
      const group = { keys: values.map((value) => detach(groupValue(value))), accumulators: plan.aggregates.map((make) => make()) };
      groups.push(group);
      return group;
    };
    const whole = by.length === 0 ? newGroup() : undefined;
    const find = (slots: Slots): Group => {
      if (whole) return whole;
      let level = root;
      for (let i = 0; ; i++) {
        const each = by[i] as Compiled;
        const value = each.run(slots);
        values[i] = value;
        const key = groupKey(value, each.type === 'time');
        const below = level.get(key);
        if (i === by.length - 1) {
          if (below) return below as Group;
          const group = newGroup();
          level.set(detach(key), group);
          return group;
        }
        if (below) level = below as Level;
        else {
          const made: Level = new Map();
          level.set(detach(key), made);
          level = made;
        }
      }
    };
    return {
      push(slots) {
        const { accumulators } = find(slots);
        for (let i = 0; i < accumulators.length; i++) (accumulators[i] as Accumulator).add(slots);
        return true;
      },
      end() {
        for (const group of groups) {
          const slots: Slots = new Array(plan.row.size).fill(undefined);
          for (let i = 0; i < group.keys.length; i++) slots[i] = group.keys[i];
          for (let i = 0; i < group.accumulators.length; i++)
            slots[group.keys.length + i] = (group.accumulators[i] as Accumulator).result();
          for (const { slot, run } of plan.items) slots[slot] = run(slots);
          if (!next.push(slots)) break;
        }
        next.end();
      },
    };
  };
}

/** What tells groups apart: a number and the text that it is shown as are one group; maps and lists are none. */
function groupKey(value: Value, isTime: boolean): Value {
  if (typeof value === 'string') {
    const first = value.charCodeAt(0);
    if (first > 57 || first < 45 || value.length > 24) return value;
    const number = Number(value);
    return numberText(number) === value ? number : value;
  }
  if (typeof value === 'number') return isTime || Number.isInteger(value) ? value : Number(numberText(value));
  if (typeof value === 'boolean') return value ? 1 : 0;
  return undefined;
}

/** The value that a group shows: as the first event of the group has it, a number as a number. */
function groupValue(value: Value): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? undefined : value;
}
