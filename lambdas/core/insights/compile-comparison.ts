import type { Compiled } from './compiled.ts';
import { equals, order, timeText, toNumber, type Value } from './value.ts';

type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** Compiles a comparison; one side that is a constant makes the common cases quick. */
export function compileComparison(operator: Comparison, left: Compiled, right: Compiled): Compiled {
  if (operator === '=' || operator === '!=') {
    const wanted = operator === '=';
    const quick = right.constant
      ? equalsConstant(left, right.constant.value, wanted)
      : left.constant
        ? equalsConstant(right, left.constant.value, wanted)
        : undefined;
    return { run: quick ?? generalEquals(left.run, right.run, wanted), type: 'boolean' };
  }
  return { run: ordered(operator, left, right), type: 'boolean' };
}

function equalsConstant({ run, type }: Compiled, constant: Value, wanted: boolean): Compiled['run'] | undefined {
  if (typeof constant === 'string' && type === 'time') {
    // Times are numbers inside; a date in text is compared with what would be shown.
    return (slots) => {
      const value = run(slots);
      return typeof value === 'number' ? (timeText(value) === constant) === wanted : undefined;
    };
  }
  if (typeof constant === 'string' && toNumber(constant) === undefined && constant !== 'true' && constant !== 'false') {
    return (slots) => {
      const value = run(slots);
      return value === undefined ? undefined : (value === constant) === wanted;
    };
  }
  if (typeof constant !== 'number') return undefined;
  return (slots) => {
    const value = run(slots);
    if (typeof value === 'number') return (value === constant) === wanted;
    return value === undefined ? undefined : (toNumber(value) === constant) === wanted;
  };
}

function generalEquals(left: Compiled['run'], right: Compiled['run'], wanted: boolean): Compiled['run'] {
  return (slots) => {
    const same = equals(left(slots), right(slots));
    return same === undefined ? undefined : same === wanted;
  };
}

function ordered(operator: '<' | '<=' | '>' | '>=', left: Compiled, right: Compiled): Compiled['run'] {
  const a = left.run;
  const b = right.run;
  const holds = { '<': (x: number) => x < 0, '<=': (x: number) => x <= 0, '>': (x: number) => x > 0, '>=': (x: number) => x >= 0 }[
    operator
  ];
  return (slots) => {
    const difference = order(a(slots), b(slots));
    return difference === undefined ? undefined : holds(difference);
  };
}
