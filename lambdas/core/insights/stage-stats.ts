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
    const newGroup = (key: Value, keys: readonly Value[]): Group => {
      if (groups.size >= MAX_GROUPS)
        throw new QueryTooLargeError(`"stats" met more than ${MAX_GROUPS} groups; group by fewer or coarser values`);
      const group = { keys: keys.map(detach), accumulators: plan.aggregates.map((make) => make()) };
      // One copy of a text, whether it is key, value or both.
      groups.set(keys[0] === key ? group.keys[0] : detach(key), group);
      return group;
    };
    if (by.length === 0) newGroup('', []);
    const whole = groups.get('');
    const find = (slots: Slots): Group => {
      if (whole && by.length === 0) return whole;
      if (single) {
        const value = single.run(slots);
        const key = groupKey(value, single.type === 'time');
        return groups.get(key) ?? newGroup(key, [groupValue(value)]);
      }
      let key = '';
      const keys: Value[] = [];
      for (const each of by) {
        const value = each.run(slots);
        const part = groupKey(value, each.type === 'time');
        keys.push(value);
        key += part === undefined ? '-;' : `${typeof part === 'string' ? part.length : 'n'}:${part as string | number};`;
      }
      return groups.get(key) ?? newGroup(key, keys.map(groupValue));
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

/** What tells groups apart: numbers and their texts are one group; maps and lists are none. */
function groupKey(value: Value, isTime: boolean): Value {
  if (typeof value === 'string' || value === undefined) return value;
  if (typeof value === 'number') return isTime ? value : numberText(value);
  return typeof value === 'boolean' ? (value ? '1' : '0') : undefined;
}

/** The value that a group shows: as the first event of the group has it, a number as a number. */
function groupValue(value: Value): Value {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return typeof value === 'object' ? undefined : value;
}
