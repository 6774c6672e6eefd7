import { ALARM_STATES, type AlarmState } from './state.ts';

/** Thrown for a rule that CloudWatch would refuse; `column` is 1-based. */
export class RuleSyntaxError extends Error {
  override readonly name = 'RuleSyntaxError';
  readonly column: number;
  constructor(at: number, reason: string) {
    super(reason);
    this.column = at + 1;
  }
}

/** A parsed `AlarmRule`. */
export type CompositeRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'not'; readonly of: CompositeRule }
  | { readonly kind: 'and' | 'or'; readonly left: CompositeRule; readonly right: CompositeRule }
  | {
      readonly kind: 'atLeast';
      /** A number of alarms, or with `isPercent` their share. */
      readonly least: number;
      readonly isPercent: boolean;
      readonly state: AlarmState;
      /** `NOT ALARM`: every other state counts. */
      readonly isNegated: boolean;
      readonly alarms: readonly string[];
    };

/** Longest rule in characters, and most alarms and elements of one (PutCompositeAlarm, 2026). */
export const MAX_RULE_LENGTH = 10_240;
export const MAX_RULE_CHILDREN = 100;
export const MAX_RULE_ELEMENTS = 500;

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([(),])|([^\s(),"]+))/y;

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly at: number;
}

/** Reads a rule; throws RuleSyntaxError. Names may stand without quotes where they hold no blank, comma or parenthesis. */
export function parseRule(text: string): CompositeRule {
  if (text.length > MAX_RULE_LENGTH) throw new RuleSyntaxError(MAX_RULE_LENGTH, `a rule has at most ${MAX_RULE_LENGTH} characters`);
  const parser = new RuleParser(text);
  const rule = parser.whole();
  const children = new Set(alarmsIn(rule));
  if (children.size > MAX_RULE_CHILDREN)
    throw new RuleSyntaxError(0, `a rule names at most ${MAX_RULE_CHILDREN} alarms, not ${children.size}`);
  if (parser.elements > MAX_RULE_ELEMENTS)
    throw new RuleSyntaxError(0, `a rule has at most ${MAX_RULE_ELEMENTS} elements, not ${parser.elements}`);
  return rule;
}

class RuleParser {
  /** Child alarms, TRUE, FALSE, and parentheses, of which a pair counts as one. */
  elements = 0;
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  whole(): CompositeRule {
    const rule = this.#or();
    const rest = this.#peek();
    if (rest !== undefined) throw new RuleSyntaxError(rest.at, `"${rest.text}" cannot stand here; between conditions stand AND or OR`);
    return rule;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(...words: readonly string[]): Token | undefined {
    const token = this.#peek();
    if (token === undefined || token.isQuoted || !words.includes(token.text)) return undefined;
    this.#next++;
    return token;
  }

  #need(word: string): void {
    if (this.#take(word) === undefined) this.#fail(`"${word}" is missing`);
  }

  #fail(reason: string): never {
    throw new RuleSyntaxError(this.#peek()?.at ?? this.#text.length, reason);
  }

  #or(): CompositeRule {
    let left = this.#and();
    while (this.#take('OR')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  #and(): CompositeRule {
    let left = this.#not();
    while (this.#take('AND')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): CompositeRule {
    return this.#take('NOT') ? { kind: 'not', of: this.#not() } : this.#primary();
  }

  #primary(): CompositeRule {
    if (this.#take('(')) {
      this.elements++;
      const inner = this.#or();
      this.#need(')');
      return inner;
    }
    const constant = this.#take('TRUE', 'FALSE');
    if (constant !== undefined) {
      this.elements++;
      return { kind: 'constant', value: constant.text === 'TRUE' };
    }
    if (this.#take('AT_LEAST')) return this.#atLeast();
    const state = this.#take(...ALARM_STATES)?.text as AlarmState | undefined;
    if (state === undefined) this.#fail('a condition is ALARM(…), OK(…), INSUFFICIENT_DATA(…), AT_LEAST(…), TRUE or FALSE');
    this.#need('(');
    const alarm = this.#name();
    this.#need(')');
    return { kind: 'state', state, alarm };
  }

  #atLeast(): CompositeRule {
    this.#need('(');
    const token = this.#peek();
    const amount = /^(\d{1,3})(%?)$/.exec(token?.isQuoted === false ? token.text : '');
    if (amount === null) this.#fail('AT_LEAST begins with a number of alarms, or a share such as 50%');
    this.#next++;
    this.#need(',');
    const isNegated = this.#take('NOT') !== undefined;
    const state = this.#take(...ALARM_STATES)?.text as AlarmState | undefined;
    if (state === undefined) this.#fail('AT_LEAST counts alarms in ALARM, OK or INSUFFICIENT_DATA');
    this.#need(',');
    this.#need('(');
    const alarms: string[] = [];
    do alarms.push(this.#name());
    while (this.#take(','));
    this.#need(')');
    this.#need(')');
    const least = Number(amount[1]);
    const isPercent = amount[2] === '%';
    const most = isPercent ? 100 : alarms.length;
    if (least < 1 || least > most)
      throw new RuleSyntaxError(token?.at ?? 0, `AT_LEAST takes 1 to ${most}${isPercent ? '%' : ''} here, not ${least}`);
    return { kind: 'atLeast', least, isPercent, state, isNegated, alarms };
  }

  #name(): string {
    const token = this.#peek();
    if (token === undefined || (!token.isQuoted && /^[(),]$/.test(token.text))) this.#fail('the name or ARN of an alarm is missing');
    this.#next++;
    this.elements++;
    return token.text;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    const [whole, quoted, sign, word] = match;
    end = TOKEN.lastIndex;
    tokens.push({
      text: quoted?.replaceAll(/\\(.)/g, '$1') ?? sign ?? word ?? '',
      isQuoted: quoted !== undefined,
      at: end - whole.trimStart().length,
    });
  }
  if (text.slice(end).trim() !== '') throw new RuleSyntaxError(end, 'a quote is never closed');
  if (tokens.length === 0) throw new RuleSyntaxError(0, 'the rule says nothing');
  return tokens;
}

/** Names and ARNs of the alarms of a rule, in their order, each as often as it stands there. */
export function alarmsIn(rule: CompositeRule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return alarmsIn(rule.of);
    case 'and':
    case 'or':
      return [...alarmsIn(rule.left), ...alarmsIn(rule.right)];
    case 'atLeast':
      return [...rule.alarms];
  }
}

/** Whether a rule holds. An alarm that is not there has no state, so that no condition on it holds. */
export function ruleHolds(rule: CompositeRule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !ruleHolds(rule.of, stateOf);
    case 'and':
      return ruleHolds(rule.left, stateOf) && ruleHolds(rule.right, stateOf);
    case 'or':
      return ruleHolds(rule.left, stateOf) || ruleHolds(rule.right, stateOf);
    case 'atLeast': {
      const counted = rule.alarms.filter((alarm) => {
        const state = stateOf(alarm);
        return state !== undefined && (state === rule.state) !== rule.isNegated;
      }).length;
      return rule.isPercent ? counted * 100 >= rule.least * rule.alarms.length : counted >= rule.least;
    }
  }
}
