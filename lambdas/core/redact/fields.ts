import { holdsEscapedLetter } from './escaped-letter.ts';
import { stringEnd } from './json-strings.ts';
import { MARK_START, markOf } from './rule-names.ts';

const MARK = markOf('field');

/** Deeper than any document that is indexed; what is nested deeper is not looked into. */
const MAX_DEPTH = 200;

/** Dotted paths, compiled: which member names can end one, and the segments. */
export interface FieldRules {
  readonly paths: readonly (readonly string[])[];
  /** Texts of which one must be in a text for any path to match, such as `KeyId`; undefined where a path ends in `*`. */
  readonly needles: readonly string[] | undefined;
}

/** Compiles dotted paths; `*` stands for one segment. A member name that holds dots itself matches the segments it is made of. */
export function compileFieldRules(fields: readonly string[]): FieldRules {
  const paths = fields.map((field) => field.split('.')).filter((path) => path.every((segment) => segment !== ''));
  const ends = paths.map((path) => path.at(-1) as string);
  return { paths, needles: ends.includes('*') ? undefined : [...new Set(ends)].map(needleOf) };
}

/**
 * The end of a member name, from its first capital on where it has one: `KeyId` of `accessKeyId`. The search looks for the first letter first, and
 * capitals are rare.
 */
function needleOf(end: string): string {
  const capital = end.search(/[A-Z]/);
  return capital > 0 && end.length - capital >= 3 ? end.slice(capital) : end;
}

/** Whether a text may hold a member that a path names. A name may be written with escapes (`\\u0041`): then the answer is yes. */
export function mayHold(text: string, rules: FieldRules): boolean {
  return mayHoldPlain(text, rules) || (rules.paths.length > 0 && holdsEscapedLetter(text));
}

/** The same for a text that is known to write no letter as an escape. */
export function mayHoldPlain(text: string, { paths, needles }: FieldRules): boolean {
  if (paths.length === 0) return false;
  if (needles === undefined) return true;
  for (const needle of needles) if (text.includes(needle)) return true;
  return false;
}

/**
 * Replaces the values at the paths of a JSON object's text; `text` is the object itself, or its members without the braces. Values keep their kind, so that
 * a mapping that takes an object still gets one: texts become the mark, numbers and booleans null, lists and objects keep their shape with marks inside.
 */
export function redactFields(text: string, rules: FieldRules): string {
  if (rules.paths.length === 0 || !mayHold(text, rules)) return text;
  const edits: Edit[] = [];
  const isMembers = text.charCodeAt(0) !== 123;
  walkMembers({ text, edits }, isMembers ? 0 : 1, rules.paths, 0);
  return applied(text, edits);
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}
interface Walk {
  readonly text: string;
  readonly edits: Edit[];
}

/** Walks the members of an object from just behind its brace; returns the position behind the closing one, or the end of the text. */
function walkMembers(walk: Walk, from: number, paths: readonly (readonly string[])[], depth: number): number {
  const { text } = walk;
  let i = from;
  for (;;) {
    i = skip(text, i, /[\s,]*/y);
    if (text.charCodeAt(i) !== 34) return i + 1;
    const keyEnd = stringEnd(text, i);
    const key = keyOf(text, i, keyEnd);
    i = skip(text, keyEnd, /\s*:\s*/y);
    const inner: (readonly string[])[] = [];
    let isHit = false;
    for (const path of paths) {
      const rest = after(path, key);
      if (rest === undefined) continue;
      if (rest.length === 0) isHit = true;
      else inner.push(rest);
    }
    i = isHit ? redactValue(walk, i, depth) : walkValue(walk, i, inner, depth);
  }
}

/** What is left of a path behind a member name; undefined where the name is not on it. */
function after(path: readonly string[], key: string): readonly string[] | undefined {
  if (path[0] === '*' || path[0] === key) return path.slice(1);
  if (!key.includes('.')) return undefined;
  const parts = key.split('.');
  return parts.length <= path.length && parts.every((part, i) => path[i] === '*' || path[i] === part)
    ? path.slice(parts.length)
    : undefined;
}

function walkValue(walk: Walk, at: number, paths: readonly (readonly string[])[], depth: number): number {
  const c = walk.text.charCodeAt(at);
  if (paths.length === 0 || depth > MAX_DEPTH || (c !== 123 && c !== 91)) return valueEnd(walk.text, at);
  if (c === 123) return walkMembers(walk, at + 1, paths, depth + 1);
  let i = at + 1;
  for (;;) {
    i = skip(walk.text, i, /[\s,]*/y);
    if (i >= walk.text.length || walk.text.charCodeAt(i) === 93) return i + 1;
    i = Math.max(walkValue(walk, i, paths, depth + 1), i + 1);
  }
}

function redactValue(walk: Walk, at: number, depth: number): number {
  const { text, edits } = walk;
  const c = text.charCodeAt(at);
  // A list ends where its last item says: looking for its end at each level would read lists in lists again and again.
  if (c === 91 && depth <= MAX_DEPTH) {
    for (let i = at + 1; ; ) {
      i = skip(text, i, /[\s,]*/y);
      const next = text.charCodeAt(i);
      if (i >= text.length || next === 93) return Math.min(i + 1, text.length);
      // No JSON: an object ends around the list.
      if (next === 125 || next === 58) return i;
      i = Math.max(redactValue(walk, i, depth + 1), i + 1);
    }
  }
  const end = valueEnd(text, at);
  if (c === 34) {
    if (end - at > 2 && !text.startsWith(MARK_START, at + 1)) edits.push({ start: at, end, by: `"${MARK}"` });
  } else if (c === 123 || c === 91) edits.push({ start: at, end, by: `{"redacted":"${MARK}"}` });
  else edits.push({ start: at, end, by: 'null' });
  return end;
}

function keyOf(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

/** Position behind the JSON value at `at`; iterative, because nesting is the sender's choice. */
function valueEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      i = stringEnd(text, i) - 1;
      if (depth === 0) return i + 1;
    } else if (c === 123 || c === 91) depth++;
    else if (c === 125 || c === 93) {
      if (depth === 0) return i;
      if (--depth === 0) return i + 1;
    } else if (depth === 0 && (c === 44 || c <= 32)) return i;
  }
  return text.length;
}

function skip(text: string, at: number, what: RegExp): number {
  what.lastIndex = at;
  what.test(text);
  return Math.max(at, what.lastIndex);
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = '';
  let done = 0;
  for (const edit of edits) {
    result += text.slice(done, edit.start) + edit.by;
    done = edit.end;
  }
  return done === 0 ? text : result + text.slice(done);
}
