import { OpenStrings } from './quoted.ts';
import { type BuiltinRule, MARK_START } from './rule-names.ts';

/** A secret that was found, and the rule that says so. */
export interface Found {
  readonly rule: BuiltinRule;
  readonly start: number;
  readonly end: number;
  /** What JSON allows in its place where it is no text. */
  readonly literal?: string;
  /** Its ends are certain in plain text only: in JSON its quotes may be those of the text around it. */
  readonly isLoose?: boolean;
}

/** How a text is searched. */
export interface Wanted {
  readonly rules: ReadonlySet<string>;
  /** Whether only secrets with certain ends are wanted. */
  readonly isStrict: boolean;
}

const SECRET_OBJECT = /"kind\\*"\s*:\s*\\*"Secret(?:List)?\\*"|"resource\\*"\s*:\s*\\*"secrets\\*"|"name\\*"\s*:\s*\\*"aws-auth\\*"/;

/**
 * What is known of one text while it is searched. Whatever reads on from where it starts notes here how far it came, so that the same characters are not
 * read again from each of a thousand starts: that keeps the search linear on hostile text.
 */
export class Findings {
  readonly text: string;
  readonly rules: ReadonlySet<string>;
  readonly isStrict: boolean;
  readonly found: Found[] = [];
  /** Position behind the last secret that was found: it may hold as many names as it likes. One with uncertain ends may hide others, and does not count. */
  resume = 0;
  /** End of the last object or list that was walked: what opens before it was part of that. Loose walks may be wrong and hide nothing from others. */
  walkedTo = 0;
  looselyWalkedTo = 0;
  /** End of the last command whose words were read. */
  walkedCommandsTo = 0;
  /** Where the `=` of each `command=` stands, to be looked at when all else is done. */
  commands: number[] | undefined;
  /** Whether a word was seen that each Secret has. */
  mayBeOfSecret = false;
  #strings: OpenStrings | undefined;
  #isSecretObject: boolean | undefined;

  constructor(text: string, { rules, isStrict }: Wanted) {
    this.text = text;
    this.rules = rules;
    this.isStrict = isStrict;
  }

  /** Notes a secret of a rule that is on, but for an empty one and one that was replaced before. */
  add(rule: BuiltinRule, start: number, end: number, isLoose = false): void {
    if (end <= start || (isLoose && this.isStrict) || !this.rules.has(rule) || this.text.startsWith(MARK_START, start)) return;
    this.found.push({ rule, start, end, isLoose });
    if (!isLoose) this.resume = Math.max(this.resume, end);
  }

  /** Notes a secret that only a search of the JSON strings by themselves makes out for certain; outside of JSON it may be empty. */
  addLoose(rule: BuiltinRule, start: number, end: number): void {
    if (this.rules.has(rule) && !this.isStrict) this.found.push({ rule, start, end, isLoose: true });
  }

  /** Notes a number in JSON, which null takes the place of. */
  addNumber(rule: BuiltinRule, start: number, end: number, isLoose = false): void {
    if (this.rules.has(rule) && !(isLoose && this.isStrict)) this.found.push({ rule, start, end, isLoose, literal: 'null' });
  }

  /** Whether the quote at `at` opens a string, going by those before it. */
  opensString(at: number): boolean {
    this.#strings ??= new OpenStrings(this.text);
    return this.#strings.opensAt(at);
  }

  /** Whether a Secret, a list or a request for some, or the aws-auth map is in the text. */
  get isOfSecret(): boolean {
    this.#isSecretObject ??= SECRET_OBJECT.test(this.text);
    return this.#isSecretObject;
  }
}

/** What a search found so far; undefined as long as there was nothing to look at with care. */
export type Search = Findings | undefined;
