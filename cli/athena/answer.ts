import type { Cell } from '../../lambdas/core/insights/run.ts';
import type { Io } from '../io.ts';
import { type Answer, renderCsv, renderJson, renderTable } from '../query/render.ts';
import type { AthenaOptions } from './options.ts';

/** Types whose values are numbers; decimals come as text, so that no digit is lost on the way. */
const NUMERIC = /^(?:tinyint|smallint|int|integer|bigint|float|real|double|decimal)\b/;
/** Columns of time that an answer counts over: bars then show the shape of a day. */
const SERIES = ['minute', 'hour', 'day'];

/** A value as the answer shows it: numbers as numbers where none of their digits is lost, NULL as nothing, nested values as JSON. */
export function toCell(value: unknown, type: string): Cell {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string' && NUMERIC.test(type)) {
    const number = Number(value);
    return value !== '' && Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number)) ? number : value;
  }
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}

/** Rows with their columns, as the tables of `query` take them. */
export function toAnswer(
  columns: readonly { readonly name: string; readonly type: string }[],
  rows: readonly (readonly unknown[])[],
): Answer {
  return {
    columns: columns.map(({ name }, index) => ({ name, isTime: index === 0 && SERIES.includes(name) })),
    rows: rows.map((row) => columns.map(({ type }, index) => toCell(row[index], type))),
  };
}

/** Prints an answer in the form that was asked for. */
export function printAnswer(answer: Answer, output: AthenaOptions['output'], { stdout }: Pick<Io, 'stdout'>): void {
  if (output === 'json') stdout.write(renderJson(answer));
  else if (output === 'csv') stdout.write(renderCsv(answer));
  else if (answer.rows.length > 0) stdout.write(renderTable(answer, answer.columns[0]?.isTime === true));
}
