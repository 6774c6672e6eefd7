import type { ResultType } from './functions.ts';
import { timeText, toNumber, toText, type Value } from './value.ts';

/** The fields of one row, by slot. */
export type Slots = Value[];

/** An expression made into a function of a row. */
export interface Compiled {
  readonly run: (slots: Slots) => Value;
  readonly type: ResultType;
  /** Set when the value is the same for every row. */
  readonly constant?: { readonly value: Value };
}

/** What a run knows of the world outside; all is passed in. */
export interface Environment {
  /** The clock at the start of the query, milliseconds. */
  readonly nowMs: number;
  /** The time range of the query, milliseconds; undefined when none was given. */
  readonly startMs?: number;
  readonly endMs?: number;
  /** Hash functions of the platform, hexadecimal. */
  readonly md5?: (text: string) => string;
  readonly sha256?: (text: string) => string;
}

/** A constant as a compiled expression. */
export function constantOf(value: Value, type: ResultType): Compiled {
  return { run: () => value, type, constant: { value } };
}

/** Reads the text of an expression; a time is shown as a date. */
export function textOf(expression: Compiled): (slots: Slots) => string | undefined {
  const { run } = expression;
  if (expression.constant) {
    const text = toText(expression.constant.value);
    return () => text;
  }
  if (expression.type !== 'time') return (slots) => toText(run(slots));
  return (slots) => {
    const value = run(slots);
    return typeof value === 'number' ? timeText(value) : toText(value);
  };
}

/** Reads the number of an expression; a time is milliseconds. */
export function numberOf(expression: Compiled): (slots: Slots) => number | undefined {
  const { run } = expression;
  if (expression.constant) {
    const number = toNumber(expression.constant.value);
    return () => number;
  }
  return (slots) => toNumber(run(slots));
}
