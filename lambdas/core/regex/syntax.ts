import { parseBracket } from './bracket.ts';
import { ANY, type Charset, foldCharset, NOT_NEWLINE } from './charset.ts';
import { RegexSyntaxError, readEscape } from './escape.ts';

/** A parsed regular expression of the RE2 family. */
export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly set: Charset }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'not-word' }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly item: RegexNode; readonly min: number; readonly max: number; readonly lazy: boolean }
  | { readonly kind: 'group'; readonly item: RegexNode; readonly index: number };

/** The result of parsing: the tree, and the name of each capturing group (index 0 is group 1). */
export interface ParsedRegex {
  readonly node: RegexNode;
  readonly groupNames: readonly (string | undefined)[];
}

/** The largest count in `{n,m}`; RE2's own limit. */
export const MAX_REPEAT = 1000;
const MAX_DEPTH = 200;

interface Flags {
  ignoreCase: boolean;
  dotAll: boolean;
  multiLine: boolean;
  ungreedy: boolean;
}

class Reader {
  readonly source: string;
  at = 0;
  depth = 0;
  readonly names: (string | undefined)[] = [];
  constructor(source: string) {
    this.source = source;
  }
  peek(): string {
    return this.source[this.at] ?? '';
  }
  fail(message: string, at = this.at): never {
    throw new RegexSyntaxError(message, at);
  }
}

/** Parses a regular expression; look-around and back-references are refused because no linear engine can run them. */
export function parseRegex(source: string, flags: string): ParsedRegex {
  const reader = new Reader(source);
  const node = parseChoice(reader, {
    ignoreCase: flags.includes('i'),
    dotAll: flags.includes('s'),
    multiLine: flags.includes('m'),
    ungreedy: false,
  });
  if (reader.at < source.length) reader.fail('a ")" without "("; write "\\)" for the character');
  return { node, groupNames: reader.names };
}

function parseChoice(reader: Reader, flags: Flags): RegexNode {
  if (++reader.depth > MAX_DEPTH) reader.fail(`more than ${MAX_DEPTH} groups inside each other`);
  const items: RegexNode[] = [];
  for (;;) {
    items.push(parseSequence(reader, flags));
    if (reader.peek() !== '|') break;
    reader.at++;
  }
  reader.depth--;
  return items.length === 1 ? (items[0] as RegexNode) : { kind: 'choice', items };
}

function parseSequence(reader: Reader, flags: Flags): RegexNode {
  const items: RegexNode[] = [];
  while (reader.at < reader.source.length && reader.peek() !== '|' && reader.peek() !== ')') {
    const item = parseAtom(reader, flags);
    if (item) items.push(parseRepeats(reader, item, flags));
  }
  if (items.length === 0) return { kind: 'empty' };
  return items.length === 1 ? (items[0] as RegexNode) : { kind: 'sequence', items };
}

function parseRepeats(reader: Reader, first: RegexNode, flags: Flags): RegexNode {
  let item = first;
  for (let count = 0; ; count++) {
    const range = parseRange(reader);
    if (!range) return item;
    if (count > 0) reader.fail('two repetitions in a row, such as "**"; put the first into a group');
    const lazy = (reader.peek() === '?') !== flags.ungreedy;
    if (reader.peek() === '?') reader.at++;
    else if (reader.peek() === '+') reader.fail('possessive repetitions such as "a++" are not supported; use "a+"');
    item = { kind: 'repeat', item, min: range[0], max: range[1], lazy };
  }
}

function parseRange(reader: Reader): [number, number] | undefined {
  const char = reader.peek();
  if (char === '*' || char === '+' || char === '?') {
    reader.at++;
    return char === '*' ? [0, Infinity] : char === '+' ? [1, Infinity] : [0, 1];
  }
  if (char !== '{') return undefined;
  const match = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(reader.source.slice(reader.at, reader.at + 20));
  if (!match) return undefined;
  const min = Number(match[1]);
  const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) reader.fail(`a repetition count over ${MAX_REPEAT}`);
  if (max < min) reader.fail(`the repetition {${min},${max}} ends before it begins`);
  reader.at += match[0].length;
  return [min, max];
}

function parseAtom(reader: Reader, flags: Flags): RegexNode | undefined {
  const char = reader.peek();
  switch (char) {
    case '(':
      return parseGroup(reader, flags);
    case '[': {
      const { set, end } = parseBracket(reader.source, reader.at, flags.ignoreCase);
      reader.at = end;
      return { kind: 'set', set };
    }
    case '.':
      reader.at++;
      return { kind: 'set', set: flags.dotAll ? ANY : NOT_NEWLINE };
    case '^':
      reader.at++;
      return { kind: 'assert', what: flags.multiLine ? 'line-start' : 'start' };
    case '$':
      reader.at++;
      return { kind: 'assert', what: flags.multiLine ? 'line-end' : 'end' };
    case '\\':
      return parseEscape(reader, flags);
    case '*':
    case '+':
    case '?':
      return reader.fail(`"${char}" has nothing before it to repeat; write "\\${char}" for the character`);
    default: {
      const code = reader.source.codePointAt(reader.at) as number;
      reader.at += code > 0xffff ? 2 : 1;
      return literal(code, flags);
    }
  }
}

function literal(code: number, flags: Flags): RegexNode {
  return { kind: 'set', set: flags.ignoreCase ? foldCharset([code, code]) : [code, code] };
}

function parseGroup(reader: Reader, flags: Flags): RegexNode | undefined {
  const start = reader.at++;
  let index = -1;
  let inner = flags;
  if (reader.peek() === '?') {
    const rest = reader.source.slice(reader.at, reader.at + 4);
    if (/^\?(<?[=!]|>)/.test(rest))
      reader.fail('look-ahead, look-behind and atomic groups are not supported: they cannot run in linear time', start);
    const named = /^\?P?<([A-Za-z_][A-Za-z0-9_]*)>/.exec(reader.source.slice(reader.at, reader.at + 300));
    const inline = /^\?([imsU]*)(?:-([imsU]+))?([:)])/.exec(reader.source.slice(reader.at, reader.at + 20));
    if (named) {
      if (reader.names.includes(named[1])) reader.fail(`two groups are named "${named[1]}"`, start);
      index = reader.names.push(named[1]);
      reader.at += named[0].length;
    } else if (inline) {
      inner = { ...flags };
      for (const letter of inline[1] as string) setFlag(inner, letter, true);
      for (const letter of inline[2] ?? '') setFlag(inner, letter, false);
      reader.at += inline[0].length;
      if (inline[3] === ')') {
        // `(?i)` holds to the end of the group it stands in.
        Object.assign(flags, inner);
        return undefined;
      }
    } else if (rest.startsWith('?<') || rest.startsWith('?P'))
      reader.fail('a group name is letters, digits and "_", as in (?<name>…)', start);
    else reader.fail(`"(${rest.slice(0, 2)}" is no kind of group that is known`, start);
  } else index = reader.names.push(undefined);
  const item = parseChoice(reader, { ...inner });
  if (reader.peek() !== ')') reader.fail('this "(" is never closed; write "\\(" for the character', start);
  reader.at++;
  return index < 0 ? item : { kind: 'group', item, index };
}

function setFlag(flags: Flags, letter: string, on: boolean): void {
  if (letter === 'i') flags.ignoreCase = on;
  else if (letter === 's') flags.dotAll = on;
  else if (letter === 'm') flags.multiLine = on;
  else flags.ungreedy = on;
}

function parseEscape(reader: Reader, flags: Flags): RegexNode {
  const start = reader.at;
  const next = reader.source[start + 1];
  if (next === undefined) reader.fail('a "\\" at the end; write "\\\\" for the character');
  const simple = ASSERTS[next as string];
  if (simple) {
    reader.at += 2;
    return { kind: 'assert', what: simple };
  }
  if (/[1-9]/.test(next as string)) reader.fail('back-references such as "\\1" are not supported: they cannot run in linear time');
  if (next === 'Q') {
    const close = reader.source.indexOf('\\E', start);
    const text = reader.source.slice(start + 2, close < 0 ? undefined : close);
    reader.at = close < 0 ? reader.source.length : close + 2;
    return { kind: 'sequence', items: [...text].map((char) => literal(char.codePointAt(0) as number, flags)) };
  }
  const escaped = readEscape(reader.source, start);
  reader.at = escaped.end;
  const set = escaped.set ?? [escaped.code as number, escaped.code as number];
  return { kind: 'set', set: flags.ignoreCase ? foldCharset(set) : set };
}

const ASSERTS: { readonly [letter: string]: 'start' | 'end' | 'word' | 'not-word' } = {
  A: 'start',
  z: 'end',
  Z: 'end',
  b: 'word',
  B: 'not-word',
};
