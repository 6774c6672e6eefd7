import { type Charset, charsetsOverlap } from './charset.ts';
import type { RegexNode } from './syntax.ts';

/** How much a backtracking engine can be made to work: at most `factor * length ^ exponent` steps. */
export interface BacktrackCost {
  readonly factor: number;
  readonly exponent: number;
}

interface Sum {
  factor: number;
  /** Loops that can end at several places for one text. */
  openLoops: number;
  /** Some loop whose end is fixed by the character after it. */
  closedLoop: boolean;
}

/** A bound that can be proven for the platform's RegExp, or undefined when loops nest or hold more than one character set. */
export function backtrackCost(node: RegexNode, anchored: boolean): BacktrackCost | undefined {
  const sum: Sum = { factor: 1, openLoops: 0, closedLoop: false };
  if (!addCost(node, 'match', sum) || sum.factor > 4096) return undefined;
  return { factor: sum.factor, exponent: (anchored ? 0 : 1) + sum.openLoops + (sum.closedLoop ? 1 : 0) };
}

/** What can follow: the first characters, the end of the whole match, or nothing that is known. */
type Follow = Charset | 'match' | 'unknown';

function addCost(node: RegexNode, follow: Follow, sum: Sum): boolean {
  switch (node.kind) {
    case 'empty':
    case 'set':
    case 'assert':
      return true;
    case 'group':
      return addCost(node.item, follow, sum);
    case 'choice':
      sum.factor *= node.items.length;
      return node.items.every((item) => addCost(item, follow, sum));
    case 'sequence':
      return node.items.every((item, i) =>
        addCost(item, i === node.items.length - 1 ? follow : firstOf(node.items.slice(i + 1), follow), sum),
      );
    case 'repeat': {
      if (node.max === node.min && node.max <= 20) {
        for (let i = 0; i < node.max && sum.factor <= 4096; i++) if (!addCost(node.item, 'unknown', sum)) return false;
        sum.factor *= Math.max(1, Math.ceil(node.max / 10));
        return true;
      }
      if (node.max <= 1) {
        sum.factor *= 2;
        return addCost(node.item, follow, sum);
      }
      const item = node.item.kind === 'group' ? node.item.item : node.item;
      if (item.kind !== 'set') return false;
      const closed = follow === 'match' || (typeof follow === 'object' && !charsetsOverlap(item.set, follow));
      if (closed) sum.closedLoop = true;
      else sum.openLoops++;
      return true;
    }
  }
}

function firstOf(items: readonly RegexNode[], follow: Follow): Follow {
  for (const item of items) {
    const first = firstSet(item);
    if (first === 'empty') continue;
    return first;
  }
  return follow === 'match' && items.length > 0 ? 'match' : follow;
}

function firstSet(node: RegexNode): Charset | 'empty' | 'unknown' {
  if (node.kind === 'set') return node.set;
  if (node.kind === 'empty') return 'empty';
  if (node.kind === 'group') return firstSet(node.item);
  if (node.kind === 'sequence') {
    for (const item of node.items) {
      const first = firstSet(item);
      if (first !== 'empty') return first;
    }
    return 'empty';
  }
  if (node.kind === 'repeat' && node.min > 0) return firstSet(node.item);
  return 'unknown';
}

/** The expression in the platform's own syntax, for the flag `u`. */
export function toNativeSource(node: RegexNode): string {
  switch (node.kind) {
    case 'empty':
      return '(?:)';
    case 'set':
      return setSource(node.set);
    case 'assert':
      return { start: '^', end: '$', 'line-start': '(?:^|(?<=\\n))', 'line-end': '(?:$|(?=\\n))', word: '\\b', 'not-word': '\\B' }[
        node.what
      ];
    case 'group':
      return `(${toNativeSource(node.item)})`;
    case 'sequence':
      return node.items.map((item) => (item.kind === 'choice' ? `(?:${toNativeSource(item)})` : toNativeSource(item))).join('');
    case 'choice':
      return node.items.map(toNativeSource).join('|');
    case 'repeat': {
      const atom = node.item.kind === 'set' || node.item.kind === 'group' ? toNativeSource(node.item) : `(?:${toNativeSource(node.item)})`;
      return `${atom}{${node.min},${node.max === Infinity ? '' : node.max}}${node.lazy ? '?' : ''}`;
    }
  }
}

function setSource(set: Charset): string {
  if (set.length === 2 && set[0] === set[1]) return unitSource(set[0] as number);
  if (set.length === 2 && set[0] === 0 && set[1] === 0x10ffff) return '[^]';
  let body = '';
  for (let at = 0; at < set.length; at += 2) {
    body += unitSource(set[at] as number);
    if (set[at] !== set[at + 1]) body += `-${unitSource(set[at + 1] as number)}`;
  }
  return `[${body}]`;
}

function unitSource(code: number): string {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
    ? String.fromCharCode(code)
    : `\\u{${code.toString(16)}}`;
}
