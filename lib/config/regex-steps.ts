import { charsetHas, WORD } from '../../lambdas/core/regex/charset.ts';
import { parseRegex, type RegexNode } from '../../lambdas/core/regex/syntax.ts';

/** Goes on with the rest of the expression from a position. */
type Next = (at: number) => boolean;

class OverBudget extends Error {}

/** What a search cost. */
export interface Search {
  /** Whether the expression matches anywhere; undefined where the budget was used up before that was known. */
  readonly found: boolean | undefined;
  readonly steps: number;
}

/**
 * Searches as a backtracking engine does and counts its steps: one for each character, repeat and alternative that it tries, `budget` at most. Undefined
 * for an expression that is not of the RE2 family (look-around, back references), and where the tries nest too deeply to count.
 */
export function countSteps(source: string, flags: string, text: string, budget: number): Search | undefined {
  let node: RegexNode;
  try {
    ({ node } = parseRegex(source, flags));
  } catch {
    return undefined;
  }
  const backtracker = new Backtracker(text, budget);
  try {
    for (let start = 0; start <= text.length; start++)
      if (backtracker.matches(node, start, () => true)) return { found: true, steps: backtracker.steps };
  } catch (error) {
    if (error instanceof OverBudget) return { found: undefined, steps: budget };
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return { found: false, steps: backtracker.steps };
}

class Backtracker {
  steps = 0;
  readonly #text: string;
  readonly #budget: number;

  constructor(text: string, budget: number) {
    this.#text = text;
    this.#budget = budget;
  }

  matches(node: RegexNode, at: number, next: Next): boolean {
    if (++this.steps >= this.#budget) throw new OverBudget();
    switch (node.kind) {
      case 'empty':
        return next(at);
      case 'set':
        return at < this.#text.length && charsetHas(node.set, this.#text.charCodeAt(at)) && next(at + 1);
      case 'assert':
        return this.#holds(node.what, at) && next(at);
      case 'group':
        return this.matches(node.item, at, next);
      case 'choice':
        return node.items.some((item) => this.matches(item, at, next));
      case 'sequence':
        return this.#sequence(node.items, 0, at, next);
      case 'repeat':
        return this.#repeat(node, 0, at, next);
    }
  }

  #sequence(items: readonly RegexNode[], from: number, at: number, next: Next): boolean {
    const item = items[from];
    return item === undefined ? next(at) : this.matches(item, at, (end) => this.#sequence(items, from + 1, end, next));
  }

  #repeat(node: Extract<RegexNode, { kind: 'repeat' }>, done: number, at: number, next: Next): boolean {
    const more = (): boolean =>
      done < node.max &&
      // An iteration of nothing, past those that must be, is what every engine refuses.
      this.matches(node.item, at, (end) => (end > at || done < node.min) && this.#repeat(node, done + 1, end, next));
    if (done < node.min) return more();
    return node.lazy ? next(at) || more() : more() || next(at);
  }

  #holds(what: Extract<RegexNode, { kind: 'assert' }>['what'], at: number): boolean {
    const text = this.#text;
    const isWord = (position: number): boolean => position >= 0 && position < text.length && charsetHas(WORD, text.charCodeAt(position));
    switch (what) {
      case 'start':
        return at === 0;
      case 'end':
        return at === text.length;
      case 'line-start':
        return at === 0 || text.charCodeAt(at - 1) === 10;
      case 'line-end':
        return at === text.length || text.charCodeAt(at) === 10;
      case 'word':
        return isWord(at - 1) !== isWord(at);
      case 'not-word':
        return isWord(at - 1) === isWord(at);
    }
  }
}

const COUNT = /^\{(\d+)(?:,(\d*))?\}/;

/**
 * The same expression with every count, `{2,5}` or `{4}`, as a repeat without an end: what is linear without counts is linear with them. Undefined where
 * there is none. A prover unrolls counts or takes them for constants, and misses what nested ones multiply to.
 */
export function withoutCounts(source: string): string | undefined {
  let result = '';
  let isInClass = false;
  let found = false;
  for (let at = 0; at < source.length; ) {
    const char = source[at] as string;
    if (char === '\\') {
      // Of \p{…} and \u{…} the brace is no count.
      const escaped = /^\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|k<[^>]*>|[\s\S])/.exec(source.slice(at))?.[0] ?? char;
      result += escaped;
      at += escaped.length;
      continue;
    }
    if (char === '[') isInClass = true;
    else if (char === ']') isInClass = false;
    const count = isInClass ? null : COUNT.exec(source.slice(at, at + 24));
    if (count === null) {
      result += char;
      at++;
      continue;
    }
    found = true;
    result += Number(count[1]) === 0 ? '*' : '+';
    at += count[0].length;
  }
  return found ? result : undefined;
}
