import { parseStructure } from './json-path.ts';
import { fromByteText, toByteText } from './utf8.ts';
import type { Value } from './value.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const COLON = 58;
const COMMA = 44;

/** A key (or an index of a list) that leads to a wanted field. */
interface Candidate {
  readonly key: string;
  readonly slots: number[];
  node: Level | undefined;
}

/** What is wanted below one map or list. */
interface Level {
  readonly candidates: Candidate[];
  /** Candidates by the first unit of their key, for keys that begin in ASCII. */
  readonly byFirst: (readonly Candidate[] | undefined)[];
}

const NO_CANDIDATES: readonly Candidate[] = [];

const TAB = 9;
/** `2026-11-21T08:24:05.210Z`. */
const LAMBDA_TIME_LENGTH = 24;

/**
 * The brace of the JSON in a line of a Lambda function (`<time>\t<request id>\t<level>\t{…}`): CloudWatch finds the fields of the first JSON fragment
 * of such a line. -1 for any other line.
 */
function behindLambdaHead(text: string, from: number, end: number): number {
  const tab = from + LAMBDA_TIME_LENGTH;
  if (text.charCodeAt(tab) !== TAB || text.charCodeAt(tab - 1) !== 90 || text.charCodeAt(from + 10) !== 84) return -1;
  const brace = text.indexOf('{', tab);
  return brace < 0 || brace >= end ? -1 : brace;
}

/**
 * Finds a few fields in a JSON text without building the rest: a pass over the keys that stops at the last field wanted.
 * For a valid text it finds what JSON.parse would, names with dots and indices of lists included; of a name that occurs twice the first counts.
 * A text that is no JSON object (nor ends with one behind Lambda's head) has no fields; what lies behind the last wanted field is looked at only for its closing brace.
 */
export class JsonScanner {
  private readonly root: Level;
  /** The same with the keys as UTF-8 bytes. */
  private readonly byteRoot: Level;
  private isBytes = false;
  private readonly wanted: number;
  private readonly slotList: readonly number[];
  private text = '';
  private limit = 0;
  private slots: Value[] = [];
  private found: Uint8Array;
  private left = 0;
  /** Commas between members so far: one less than the fields, since every field but the first has one in front of it. */
  private commas = 0;
  private commasAtLast = 0;

  /** Names as flattened (`a.b.0.c`), each with the slot its value is put into. */
  constructor(fields: readonly { readonly name: string; readonly slot: number }[]) {
    this.wanted = fields.length;
    this.slotList = fields.map((field) => field.slot);
    this.found = new Uint8Array(Math.max(1, ...fields.map((field) => field.slot + 1)));
    this.root = buildLevel(fields.map(({ name, slot }) => ({ rest: name, slot })));
    this.byteRoot = fields.every(({ name }) => toByteText(name) === name)
      ? this.root
      : buildLevel(fields.map(({ name, slot }) => ({ rest: toByteText(name), slot })));
  }

  /** Fills the slots from `text` between `start` and `end` (of UTF-8 bytes, when `isBytes`); missing fields are set to undefined. */
  scan(text: string, start: number, end: number, slots: Value[], isBytes = false): void {
    this.isBytes = isBytes;
    this.commasAtLast = 0;
    for (const slot of this.slotList) {
      slots[slot] = undefined;
      this.found[slot] = 0;
    }
    let from = start;
    while (from < end && text.charCodeAt(from) <= 32) from++;
    if (text.charCodeAt(from) !== OPEN_MAP) {
      from = behindLambdaHead(text, from, end);
      if (from < 0) return;
    }
    let last = end - 1;
    while (last > from && text.charCodeAt(last) <= 32) last--;
    if (text.charCodeAt(last) !== CLOSE_MAP) return;
    this.text = text;
    this.limit = last + 1;
    this.slots = slots;
    this.left = this.wanted;
    this.commas = 0;
    // A broken text counts as no JSON at all, as a parser would see it.
    if (this.map(from + 1, isBytes ? this.byteRoot : this.root) !== -1) return;
    for (const slot of this.slotList) slots[slot] = undefined;
    this.commasAtLast = 0;
  }

  /** Which field of the text, counted from 1 in its order, the last one was that the last scan found. An empty map or list counts as a field. */
  get lastFieldNumber(): number {
    return this.commasAtLast + 1;
  }

  /** Reads a map after its brace; gives the place behind it, -1 when the text is broken, -2 when all is found. */
  private map(from: number, level: Level): number {
    const { text } = this;
    let at = from;
    for (;;) {
      at = this.skipBlank(at);
      let code = text.charCodeAt(at);
      if (code === CLOSE_MAP) return at + 1;
      if (code === COMMA) {
        this.commas++;
        at = this.skipBlank(at + 1);
        code = text.charCodeAt(at);
      }
      if (code !== QUOTE) return -1;
      const start = ++at;
      const first = text.charCodeAt(start);
      const end = this.endOfString(start);
      if (end < 0) return -1;
      at = this.skipBlank(end + 1);
      if (text.charCodeAt(at) !== COLON) return -1;
      at = this.skipBlank(at + 1);
      const candidates = first < 128 && first !== BACKSLASH ? (level.byFirst[first] ?? NO_CANDIDATES) : level.candidates;
      at = candidates.length > 0 ? this.keyed(at, start, end, candidates) : this.skipValue(at);
      if (at < 0) return at;
    }
  }

  private keyed(at: number, start: number, end: number, candidates: readonly Candidate[]): number {
    const { text } = this;
    for (const candidate of candidates)
      if (candidate.key.length === end - start && text.startsWith(candidate.key, start)) return this.value(at, candidate);
    let escaped = false;
    for (let i = start; i < end && !escaped; i++) escaped = text.charCodeAt(i) === BACKSLASH;
    if (!escaped) return this.skipValue(at);
    const decoded = decodeString(text.slice(start, end));
    if (decoded === undefined) return -1;
    const candidate = candidates.find((each) => each.key === decoded);
    return candidate ? this.value(at, candidate) : this.skipValue(at);
  }

  private list(from: number, level: Level): number {
    const { text } = this;
    let at = from;
    for (let index = 0; ; index++) {
      at = this.skipBlank(at);
      if (text.charCodeAt(at) === CLOSE_LIST) return at + 1;
      if (text.charCodeAt(at) === COMMA) {
        this.commas++;
        at = this.skipBlank(at + 1);
      }
      const key = String(index);
      const candidate = level.candidates.find((each) => each.key === key);
      at = candidate ? this.value(at, candidate) : this.skipValue(at);
      if (at < 0) return at;
    }
  }

  /** Reads a value that is wanted itself, or holds something wanted. */
  private value(at: number, candidate: Candidate): number {
    const { text } = this;
    const code = text.charCodeAt(at);
    let end: number;
    if (code === OPEN_MAP || code === OPEN_LIST) {
      if (candidate.slots.length > 0) {
        const { commas } = this;
        end = this.skipValue(at);
        if (end < 0) return -1;
        // It is read again below.
        this.commas = commas;
        this.put(candidate.slots, parseStructure(this.decode(text.slice(at, end))));
        if (this.left === 0) return -2;
      }
      if (!candidate.node) return this.skipValue(at);
      return code === OPEN_MAP ? this.map(at + 1, candidate.node) : this.list(at + 1, candidate.node);
    }
    end = this.skipValue(at);
    if (end < 0) return -1;
    if (candidate.slots.length > 0) {
      if (code === QUOTE) {
        const raw = this.decode(text.slice(at + 1, end - 1));
        this.put(candidate.slots, raw.includes('\\') ? decodeString(raw) : raw);
      } else this.put(candidate.slots, scalar(text, at, end));
    }
    return this.left === 0 ? -2 : end;
  }

  private decode(part: string): string {
    return this.isBytes ? fromByteText(part) : part;
  }

  private put(slots: readonly number[], value: Value): void {
    this.commasAtLast = this.commas;
    for (const slot of slots) {
      if (this.found[slot] === 1) continue;
      this.found[slot] = 1;
      this.slots[slot] = value;
      this.left--;
    }
  }

  /** The place behind a value, or -1. */
  private skipValue(from: number): number {
    const { text, limit } = this;
    const code = text.charCodeAt(from);
    if (code === QUOTE) {
      const end = this.endOfString(from + 1);
      return end < 0 ? -1 : end + 1;
    }
    if (code !== OPEN_MAP && code !== OPEN_LIST) {
      let at = from;
      while (at < limit && !isEndOfScalar(text.charCodeAt(at))) at++;
      return at === from ? -1 : at;
    }
    let depth = 0;
    let commas = 0;
    for (let at = from; at < limit; at++) {
      const each = text.charCodeAt(at);
      if (each === QUOTE) {
        at = this.endOfString(at + 1);
        if (at < 0) return -1;
      } else if (each === COMMA) commas++;
      else if (each === OPEN_MAP || each === OPEN_LIST) depth++;
      else if ((each === CLOSE_MAP || each === CLOSE_LIST) && --depth === 0) {
        this.commas += commas;
        return at + 1;
      }
    }
    return -1;
  }

  /** The place of the quote that ends the string whose first unit is at `from`. */
  private endOfString(from: number): number {
    const { text, limit } = this;
    for (let at = text.indexOf('"', from); at >= 0 && at < limit; at = text.indexOf('"', at + 1)) {
      if (text.charCodeAt(at - 1) !== BACKSLASH) return at;
      let back = at - 2;
      while (back >= from && text.charCodeAt(back) === BACKSLASH) back--;
      if ((at - 1 - back) % 2 === 0) return at;
    }
    return -1;
  }

  private skipBlank(from: number): number {
    let at = from;
    while (this.text.charCodeAt(at) <= 32) at++;
    return at;
  }
}

function isEndOfScalar(code: number): boolean {
  return code === COMMA || code === CLOSE_MAP || code === CLOSE_LIST || code <= 32;
}

function decodeString(raw: string): string | undefined {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return undefined;
  }
}

/** A number, true, false or null. An integer that a double cannot hold stays text, and so does 1e400. */
function scalar(text: string, from: number, to: number): Value {
  const code = text.charCodeAt(from);
  if (code === 116) return true;
  if (code === 102) return false;
  if (code === 110) return undefined;
  const raw = text.slice(from, to);
  const number = Number(raw);
  if (Number.isNaN(number)) return undefined;
  if (!Number.isFinite(number)) return raw;
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(raw) ? number : raw;
}

function buildLevel(wanted: readonly { readonly rest: string; readonly slot: number }[]): Level {
  const byKey = new Map<string, { slots: number[]; below: { rest: string; slot: number }[] }>();
  const at = (key: string) => {
    const entry = byKey.get(key) ?? { slots: [], below: [] };
    byKey.set(key, entry);
    return entry;
  };
  for (const { rest, slot } of wanted) {
    at(rest).slots.push(slot);
    // A name may hold dots, so each of them can be the border between a key and what lies below it; with very many only the first is tried.
    const borders = rest.split('.').length <= 9 ? 9 : 1;
    for (let dot = rest.indexOf('.'), count = 0; dot > 0 && count < borders; dot = rest.indexOf('.', dot + 1), count++)
      at(rest.slice(0, dot)).below.push({ rest: rest.slice(dot + 1), slot });
  }
  const candidates = [...byKey].map(([key, { slots, below }]) => ({ key, slots, node: below.length > 0 ? buildLevel(below) : undefined }));
  const byFirst: Candidate[][] = [];
  for (const candidate of candidates) {
    const first = candidate.key.charCodeAt(0);
    if (first < 128) byFirst[first] = [...(byFirst[first] ?? []), candidate];
  }
  return { candidates, byFirst };
}
