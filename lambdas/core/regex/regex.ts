import type { Charset } from './charset.ts';
import { Dfa } from './dfa.ts';
import { backtrackCost, toNativeSource } from './native.ts';
import { Pike } from './pike.ts';
import { compileProgram } from './program.ts';
import { parseRegex, type RegexNode } from './syntax.ts';

export { RegexSyntaxError } from './escape.ts';

/** Where a match lies (UTF-16 units) and what its groups took; a group that took no part is undefined. */
export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

/** A compiled expression of the RE2 family: no input and no expression makes a search take more than linear time or a small fixed number of steps. */
export interface Regex {
  readonly source: string;
  /** Names by position (index 0 is the first group). */
  readonly groupNames: readonly (string | undefined)[];
  /** A text that every match contains, if one is known: a cheap search first. */
  readonly required: string | undefined;
  /** Whether it matches anywhere. */
  test(text: string): boolean;
  /** The leftmost match at or after `from`. */
  exec(text: string, from?: number): RegexMatch | undefined;
  /** All matches from left to right that do not overlap; undefined if finding them would take more than `MATCH_ALL_WORK` steps. */
  all(text: string): RegexMatch[] | undefined;
}

/** Steps of the platform's RegExp that are let pass on one text (a few milliseconds at worst); beyond, the linear engines run. */
const NATIVE_STEPS = 2_000_000;
/** Steps for finding all matches in one text: each match may look ahead to the end of the text. */
export const MATCH_ALL_WORK = 20_000_000;

/** Compiles an expression; throws RegexSyntaxError with the position when it is not accepted. Flags: i, s, m. */
export function compileRegex(source: string, flags = ''): Regex {
  const parsed = parseRegex(source, flags);
  const program = compileProgram(parsed);
  const text = literalText(parsed.node);
  const required = text ?? longestLiteral(parsed.node);
  const prefix = text ?? leadingLiteral(parsed.node);
  const cost = hasWordAssert(parsed.node) ? undefined : backtrackCost(parsed.node, program.anchored);
  const nativeLength = cost ? (cost.exponent === 0 ? Infinity : (NATIVE_STEPS / cost.factor) ** (1 / cost.exponent)) : -1;
  const native = cost ? new RegExp(toNativeSource(parsed.node), 'gu') : undefined;
  let dfa: Dfa | undefined;
  let pike: Pike | undefined;

  function test(input: string): boolean {
    if (text !== undefined) return input.includes(text);
    if (required !== undefined && !input.includes(required)) return false;
    const begin = firstStart(input, 0);
    return begin >= 0 && testFrom(input, begin);
  }

  /** Where a match can begin at the earliest: in a long text often far behind, so that the engines have little left to read. -1 for nowhere. */
  function firstStart(input: string, from: number): number {
    return prefix === undefined ? from : input.indexOf(prefix, from);
  }

  function testFrom(input: string, begin: number): boolean {
    if (native && input.length - begin <= nativeLength) {
      native.lastIndex = begin;
      return native.test(input);
    }
    dfa ??= new Dfa(program);
    // What begins with fixed text asks nothing of what stands in front of it.
    return dfa.test(begin > 0 ? input.slice(begin) : input);
  }

  function exec(input: string, from = 0): RegexMatch | undefined {
    const begin = firstStart(input, from);
    if (begin < 0) return undefined;
    if (native && input.length - begin <= nativeLength) {
      native.lastIndex = begin;
      const match = native.exec(input);
      return match ? { start: match.index, end: match.index + match[0].length, groups: match.slice(1) } : undefined;
    }
    if (from === 0 && ((required !== undefined && !input.includes(required)) || !testFrom(input, begin))) return undefined;
    pike ??= new Pike(program);
    const slots = pike.exec(input, begin);
    if (!slots) return undefined;
    const groups = parsed.groupNames.map((_, i) =>
      (slots[i * 2 + 3] as number) < 0 ? undefined : input.slice(slots[i * 2 + 2], slots[i * 2 + 3]),
    );
    return { start: slots[0] as number, end: slots[1] as number, groups };
  }

  function all(input: string): RegexMatch[] | undefined {
    const matches: RegexMatch[] = [];
    const limit = (pike?.work ?? 0) + MATCH_ALL_WORK;
    let nativeSteps = 0;
    for (let from = 0; from <= input.length; ) {
      const match = exec(input, from);
      if (!match) return matches;
      matches.push(match);
      from = match.end > match.start ? match.end : match.end + (isHighSurrogate(input, match.end) ? 2 : 1);
      if (cost) nativeSteps += cost.factor * Math.max(1, input.length - match.start) ** Math.max(0, cost.exponent - 1);
      if ((pike?.work ?? 0) > limit || nativeSteps > MATCH_ALL_WORK * 10) return undefined;
    }
    return matches;
  }

  return { source, groupNames: parsed.groupNames, required, test, exec, all };
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The platform's `\b` under the flag `u` is the same, but only in all of its versions without case folding: the own engine is surer. */
function hasWordAssert(node: RegexNode): boolean {
  if (node.kind === 'assert') return node.what === 'word' || node.what === 'not-word';
  if (node.kind === 'sequence' || node.kind === 'choice') return node.items.some(hasWordAssert);
  return (node.kind === 'group' || node.kind === 'repeat') && hasWordAssert(node.item);
}

function singleCharacter(set: Charset): string | undefined {
  return set.length === 2 && set[0] === set[1] ? String.fromCodePoint(set[0] as number) : undefined;
}

function literalText(node: RegexNode): string | undefined {
  if (node.kind === 'set') return singleCharacter(node.set);
  if (node.kind !== 'sequence') return undefined;
  let text = '';
  for (const item of node.items) {
    const part = item.kind === 'set' ? singleCharacter(item.set) : undefined;
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** The fixed characters (two at least) that each match begins with. */
function leadingLiteral(node: RegexNode): string | undefined {
  let text = '';
  const visit = (item: RegexNode): boolean => {
    if (item.kind === 'sequence') return item.items.every(visit);
    if (item.kind === 'group') return visit(item.item);
    const character = item.kind === 'set' ? singleCharacter(item.set) : undefined;
    if (character === undefined) return false;
    text += character;
    return true;
  };
  visit(node);
  return text.length >= 2 ? text : undefined;
}

/** The longest run of fixed characters (two at least) that each match must contain. */
function longestLiteral(node: RegexNode): string | undefined {
  let best = '';
  let run = '';
  const visit = (item: RegexNode): void => {
    const character = item.kind === 'set' ? singleCharacter(item.set) : undefined;
    if (character !== undefined) run += character;
    else if (item.kind === 'sequence') for (const part of item.items) visit(part);
    else if (item.kind === 'group') visit(item.item);
    else if (item.kind !== 'assert' && item.kind !== 'empty') {
      if (run.length > best.length) best = run;
      run = '';
      if (item.kind === 'repeat' && item.min > 0) {
        visit(item.item);
        if (run.length > best.length) best = run;
        run = '';
      }
    }
  };
  visit(node);
  if (run.length > best.length) best = run;
  return best.length >= 2 ? best : undefined;
}
