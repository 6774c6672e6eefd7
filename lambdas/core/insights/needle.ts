import { compileRegex } from '../regex/regex.ts';
import type { Expression, Query } from './ast.ts';
import { toByteText } from './utf8.ts';

/** A text that every event that can pass the first filters contains: looked for before anything else is done with an event. */
export interface Needle {
  readonly text: string;
  /** The same as UTF-8 bytes, one per unit. */
  readonly bytes: string;
  /** The text stands in the message as it is. Otherwise it may also be written with JSON escapes, so an event with `\u00` must be looked at anyway. */
  readonly exact: boolean;
}

/** Characters that a JSON writer has no reason to escape other than as `\u00xx`. */
const PLAIN = /^[A-Za-z0-9_:. -]+$/;

/** Most needles that are looked for. */
const MAX_NEEDLES = 4;

/** Finds the needles of the filters that stand before anything that makes fields: an event must hold all of them. */
export function findNeedles(query: Query): readonly Needle[] {
  const needles: Needle[] = [];
  for (const command of query.commands) {
    if (command.kind === 'fields' && command.items.every((item) => item.alias === undefined)) continue;
    if (command.kind !== 'filter') break;
    collect(command.condition, needles);
  }
  return needles.slice(0, MAX_NEEDLES);
}

function collect(node: Expression, needles: Needle[]): void {
  if (node.kind === 'binary' && node.operator === 'and') {
    collect(node.left, needles);
    collect(node.right, needles);
    return;
  }
  const needle = needleOf(node);
  if (needle) needles.push(needle);
}

function needleOf(node: Expression): Needle | undefined {
  if (node.kind === 'binary' && node.operator === '=' && node.left.kind === 'field' && node.right.kind === 'string')
    return plain(node.left.name, node.right.value);
  if (node.kind === 'in' && !node.negated && node.items.length === 1 && node.left.kind === 'field' && node.items[0]?.kind === 'string')
    return plain(node.left.name, node.items[0].value);
  if (node.kind !== 'like' || node.negated || node.left.kind !== 'field') return undefined;
  const text = node.pattern.kind === 'string' ? node.pattern.value : requiredOf(node.pattern.source);
  if (text === undefined || text === '') return undefined;
  return node.left.name === '@message' ? { text, bytes: toByteText(text), exact: true } : plain(node.left.name, text, true);
}

function plain(field: string, text: string, part = false): Needle | undefined {
  // System fields do not lie in the message; a text that reads as a number or a truth may be written in several ways.
  if (
    field.startsWith('@') ||
    !PLAIN.test(text) ||
    (!part && !/[A-Za-z]{2}/.test(text)) ||
    text === 'true' ||
    text === 'false' ||
    /^[\d.eE+-]*$/.test(text)
  )
    return undefined;
  return { text, bytes: text, exact: false };
}

function requiredOf(source: string): string | undefined {
  try {
    return compileRegex(source).required;
  } catch {
    return undefined;
  }
}
