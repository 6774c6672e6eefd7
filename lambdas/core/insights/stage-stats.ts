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

/** Gathers rows into groups; at the end gives one row per group, in the order in which the groups were first met. */
export function statsStage(plan: StatsPlan): StageMaker {
  return (next) => {
    const groups = new Map<Value, Group>();
    const { by } = plan;
    const single = by.length === 1 ? (by[0] as Compiled) : undefined;
    const newGroup = (key: Value, keys: Value[]): Group => {
      if (groups.size >= MAX_GROUPS)
        throw new QueryTooLargeError(`"stats" met more than ${MAX_GROUPS} groups; group by fewer or coarser values`);
      const group = { keys: keys.map(detach), accumulators: plan.aggregates.map((make) => make()) };
      groups.set(single ? (group.keys[0] as Value) : key, group);
      return group;
    };
    if (by.length === 0) newGroup('', []);
    const whole = groups.get('');
    const find = (slots: Slots): Group => {
      if (whole && by.length === 0) return whole;
      if (single) {
        const value = groupValue(single.run(slots), single.type === 'time');
        return groups.get(value) ?? newGroup(value, [value]);
      }
      let key = '';
      const keys: Value[] = [];
      for (const each of by) {
        const value = groupValue(each.run(slots), each.type === 'time');
        keys.push(value);
        key += value === undefined ? '-;' : `${typeof value === 'string' ? value.length : 'n'}:${value as string | number};`;
      }
      return groups.get(key) ?? newGroup(key, keys);
    };
    return {
      push(slots) {
        const { accumulators } = find(slots);
        for (let i = 0; i < accumulators.length; i++) (accumulators[i] as Accumulator).add(slots);
        return true;
      },
      end() {
        for (const group of groups.values()) {
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

/** Numbers and their texts are one group; maps and lists are none. */
function groupValue(value: Value, isTime: boolean): Value {
  if (typeof value === 'string' || value === undefined) return value;
  if (typeof value === 'number') return isTime ? value : numberText(value);
  return typeof value === 'boolean' ? (value ? '1' : '0') : undefined;
}
