import { type Charset, charsetHas, WORD } from './charset.ts';
import { RegexSyntaxError } from './escape.ts';
import type { ParsedRegex, RegexNode } from './syntax.ts';

export const OP_SET = 0;
export const OP_SPLIT = 1;
export const OP_SAVE = 2;
export const OP_ASSERT = 3;
export const OP_MATCH = 4;

export const ASSERT_START = 0;
export const ASSERT_END = 1;
export const ASSERT_LINE_START = 2;
export const ASSERT_LINE_END = 3;
export const ASSERT_WORD = 4;
export const ASSERT_NOT_WORD = 5;
const ASSERT_CODES = { start: 0, end: 1, 'line-start': 2, 'line-end': 3, word: 4, 'not-word': 5 } as const;

/** What stands on one side of a position: nothing, a line feed, a letter of a word, anything else. */
export const EDGE = 0;
export const NEWLINE = 1;
export const WORD_UNIT = 2;
export const OTHER = 3;

/** Most instructions of one expression: `x{1000}{5}` and its like would make the search slow, though never exponential. */
export const MAX_INSTRUCTIONS = 5000;

/** An expression as instructions over UTF-16 units, whose units are grouped into classes that no instruction can tell apart. */
export interface Program {
  readonly op: Uint8Array;
  /** Next instruction (all), set index, capture slot or assertion by op. */
  readonly next: Int32Array;
  readonly other: Int32Array;
  readonly arg: Int32Array;
  /** Per set index: 1 for each class that is in the set. */
  readonly members: readonly Uint8Array[];
  /** Class of each of the 65,536 units. */
  readonly classOf: Uint16Array;
  /** Kind (NEWLINE, WORD_UNIT, OTHER) of each class. */
  readonly kindOf: Uint8Array;
  readonly start: number;
  readonly captures: number;
  readonly hasAssert: boolean;
  /** Every match begins at the start of the text. */
  readonly anchored: boolean;
}

class Assembler {
  readonly op: number[] = [];
  readonly next: number[] = [];
  readonly other: number[] = [];
  readonly arg: number[] = [];
  readonly sets: Charset[] = [];
  private readonly setIndex = new Map<string, number>();

  emit(op: number, next: number, other = -1, arg = 0): number {
    if (this.op.length >= MAX_INSTRUCTIONS)
      throw new RegexSyntaxError(`the expression is too large once its repetitions are written out (over ${MAX_INSTRUCTIONS} steps)`, 0);
    this.op.push(op);
    this.next.push(next);
    this.other.push(other);
    this.arg.push(arg);
    return this.op.length - 1;
  }

  unit(ranges: Charset, next: number): number {
    const key = ranges.join(',');
    let index = this.setIndex.get(key);
    if (index === undefined) {
      index = this.sets.push(ranges) - 1;
      this.setIndex.set(key, index);
    }
    return this.emit(OP_SET, next, -1, index);
  }

  /** Emits `node` so that it goes on at `next`; built from the back, so every target is known. */
  build(node: RegexNode, next: number): number {
    switch (node.kind) {
      case 'empty':
        return next;
      case 'set':
        return this.set(node.set, next);
      case 'assert':
        return this.emit(OP_ASSERT, next, -1, ASSERT_CODES[node.what]);
      case 'group': {
        const close = this.emit(OP_SAVE, next, -1, node.index * 2 + 1);
        return this.emit(OP_SAVE, this.build(node.item, close), -1, node.index * 2);
      }
      case 'sequence': {
        let at = next;
        for (let i = node.items.length - 1; i >= 0; i--) at = this.build(node.items[i] as RegexNode, at);
        return at;
      }
      case 'choice': {
        let at = this.build(node.items[node.items.length - 1] as RegexNode, next);
        for (let i = node.items.length - 2; i >= 0; i--) at = this.emit(OP_SPLIT, this.build(node.items[i] as RegexNode, next), at);
        return at;
      }
      case 'repeat':
        return this.repeat(node, next);
    }
  }

  private repeat(node: RegexNode & { kind: 'repeat' }, next: number): number {
    let at = next;
    if (node.max === Infinity) {
      const loop = this.emit(OP_SPLIT, -1, -1);
      const body = this.build(node.item, loop);
      this.branch(loop, body, next, node.lazy);
      at = loop;
    } else {
      for (let i = node.min; i < node.max; i++) {
        const split = this.emit(OP_SPLIT, -1, -1);
        this.branch(split, this.build(node.item, at), next, node.lazy);
        at = split;
      }
    }
    for (let i = 0; i < node.min; i++) at = this.build(node.item, at);
    return at;
  }

  private branch(split: number, body: number, skip: number, lazy: boolean): void {
    this.next[split] = lazy ? skip : body;
    this.other[split] = lazy ? body : skip;
  }

  /** A set of code points as units: one of the basic plane, or a pair of surrogates. */
  private set(set: Charset, next: number): number {
    const basic: number[] = [];
    const pairs: [number, number, number, number][] = [];
    for (let at = 0; at < set.length; at += 2) {
      const low = set[at] as number;
      const high = set[at + 1] as number;
      if (low <= 0xffff) pushWithoutSurrogates(basic, low, Math.min(high, 0xffff));
      if (high > 0xffff) pushPairs(pairs, Math.max(low, 0x10000), high);
    }
    let at = basic.length > 0 || pairs.length === 0 ? this.unit(basic, next) : -1;
    for (const [highLow, highHigh, lowLow, lowHigh] of pairs) {
      const pair = this.unit([highLow, highHigh], this.unit([lowLow, lowHigh], next));
      at = at < 0 ? pair : this.emit(OP_SPLIT, at, pair);
    }
    return at;
  }
}

function pushWithoutSurrogates(into: number[], low: number, high: number): void {
  if (low < 0xd800) into.push(low, Math.min(high, 0xd7ff));
  if (high > 0xdfff) into.push(Math.max(low, 0xe000), high);
}

function pushPairs(into: [number, number, number, number][], low: number, high: number): void {
  const highOf = (code: number) => 0xd800 + ((code - 0x10000) >> 10);
  const lowOf = (code: number) => 0xdc00 + ((code - 0x10000) & 0x3ff);
  let from = highOf(low);
  let to = highOf(high);
  if (from === to) {
    into.push([from, from, lowOf(low), lowOf(high)]);
    return;
  }
  if (lowOf(low) > 0xdc00) into.push([from, from++, lowOf(low), 0xdfff]);
  if (lowOf(high) < 0xdfff) into.push([to, to--, 0xdc00, lowOf(high)]);
  if (from <= to) into.push([from, to, 0xdc00, 0xdfff]);
}

/** Turns a parsed expression into a program. */
export function compileProgram(parsed: ParsedRegex): Program {
  const assembler = new Assembler();
  const match = assembler.emit(OP_MATCH, -1);
  const close = assembler.emit(OP_SAVE, match, -1, 1);
  const start = assembler.emit(OP_SAVE, assembler.build(parsed.node, close), -1, 0);
  const { classOf, members, kindOf } = classify(assembler.sets);
  return {
    op: Uint8Array.from(assembler.op),
    next: Int32Array.from(assembler.next),
    other: Int32Array.from(assembler.other),
    arg: Int32Array.from(assembler.arg),
    members,
    classOf,
    kindOf,
    start,
    captures: (parsed.groupNames.length + 1) * 2,
    hasAssert: assembler.op.includes(OP_ASSERT),
    anchored: startsAnchored(parsed.node),
  };
}

function startsAnchored(node: RegexNode): boolean {
  if (node.kind === 'assert') return node.what === 'start';
  if (node.kind === 'group') return startsAnchored(node.item);
  if (node.kind === 'choice') return node.items.every(startsAnchored);
  return node.kind === 'sequence' && node.items.length > 0 && startsAnchored(node.items[0] as RegexNode);
}

/** Units that are in the same sets and of the same kind form one class. */
function classify(sets: readonly Charset[]): { classOf: Uint16Array; members: Uint8Array[]; kindOf: Uint8Array } {
  const cuts = new Set<number>([0, 10, 11]);
  for (const set of [...sets, WORD])
    for (let at = 0; at < set.length; at += 2) cuts.add(set[at] as number).add((set[at + 1] as number) + 1);
  const bounds = [...cuts].filter((cut) => cut <= 0xffff).sort((a, b) => a - b);
  const classOf = new Uint16Array(0x10000);
  const ids = new Map<string, number>();
  const rows: number[][] = [];
  const kinds: number[] = [];
  for (let i = 0; i < bounds.length; i++) {
    const low = bounds[i] as number;
    const kind = low === 10 ? NEWLINE : charsetHas(WORD, low) ? WORD_UNIT : OTHER;
    const inside: number[] = [];
    for (let set = 0; set < sets.length; set++) if (charsetHas(sets[set] as Charset, low)) inside.push(set);
    const key = `${kind}:${inside.join(',')}`;
    let id = ids.get(key);
    if (id === undefined) {
      id = rows.push(inside) - 1;
      ids.set(key, id);
      kinds.push(kind);
    }
    classOf.fill(id, low, bounds[i + 1] ?? 0x10000);
  }
  const members = sets.map(() => new Uint8Array(rows.length));
  for (let id = 0; id < rows.length; id++) for (const set of rows[id] as number[]) (members[set] as Uint8Array)[id] = 1;
  return { classOf, members, kindOf: Uint8Array.from(kinds) };
}

/** Whether an assertion holds between two neighbours. */
export function assertHolds(assertion: number, before: number, after: number): boolean {
  switch (assertion) {
    case ASSERT_START:
      return before === EDGE;
    case ASSERT_END:
      return after === EDGE;
    case ASSERT_LINE_START:
      return before === EDGE || before === NEWLINE;
    case ASSERT_LINE_END:
      return after === EDGE || after === NEWLINE;
    case ASSERT_WORD:
      return (before === WORD_UNIT) !== (after === WORD_UNIT);
    default:
      return (before === WORD_UNIT) === (after === WORD_UNIT);
  }
}
