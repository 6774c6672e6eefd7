import { compileRegex } from '../regex/regex.ts';
import { type Compiled, numberOf, textOf } from './compiled.ts';
import { toTruth, type Value } from './value.ts';

/** How a function is made from its arguments. */
export type FunctionMaker = (args: readonly Compiled[]) => Compiled['run'];

/** Makes a function of texts: missing when one of them is. */
function ofTexts(apply: (...texts: string[]) => Value): FunctionMaker {
  return (args) => {
    const read = args.map(textOf);
    if (read.length === 1) {
      const first = read[0] as (typeof read)[0];
      return (slots) => {
        const text = first(slots);
        return text === undefined ? undefined : apply(text);
      };
    }
    return (slots) => {
      const texts: string[] = [];
      for (const each of read) {
        const text = each(slots);
        if (text === undefined) return undefined;
        texts.push(text);
      }
      return apply(...texts);
    };
  };
}

function trimmer(left: boolean, right: boolean): FunctionMaker {
  return ofTexts((text, characters) => {
    const set = characters === undefined ? undefined : new Set(characters);
    const drop = (char: string) => (set ? set.has(char) : /\s/.test(char));
    const points = [...text];
    let from = 0;
    let to = points.length;
    if (left) while (from < to && drop(points[from] as string)) from++;
    if (right) while (to > from && drop(points[to - 1] as string)) to--;
    return points.slice(from, to).join('');
  });
}

/** Indices count code points, as `strlen` does. */
const substr: FunctionMaker = (args) => {
  const read = textOf(args[0] as Compiled);
  const start = numberOf(args[1] as Compiled);
  const length = args[2] ? numberOf(args[2]) : undefined;
  return (slots) => {
    const text = read(slots);
    const from = start(slots);
    const count = length ? length(slots) : Infinity;
    if (text === undefined || from === undefined || count === undefined || from < 0 || count < 0) return undefined;
    const first = Math.trunc(from);
    // Only a text with surrogates needs its code points counted out.
    const points: string | string[] = /[\ud800-\udbff]/.test(text) ? [...text] : text;
    const piece = points.slice(first, count === Infinity ? undefined : first + Math.trunc(count));
    return typeof piece === 'string' ? piece : piece.join('');
  };
};

const regexReplace: FunctionMaker = (args) => {
  const read = textOf(args[0] as Compiled);
  const pattern = textOf(args[1] as Compiled);
  const replacement = textOf(args[2] as Compiled);
  let source: string | undefined;
  let regex: ReturnType<typeof compileRegex> | undefined;
  return (slots) => {
    const text = read(slots);
    const wanted = pattern(slots);
    const by = replacement(slots);
    if (text === undefined || wanted === undefined || by === undefined) return undefined;
    if (wanted !== source) {
      source = wanted;
      try {
        regex = compileRegex(wanted);
      } catch {
        // A pattern out of a field may be anything; one in the query was checked before.
        regex = undefined;
      }
    }
    const matches = regex?.all(text);
    if (!matches) return undefined;
    let result = '';
    let at = 0;
    for (const match of matches) {
      result += text.slice(at, match.start) + expand(by, text.slice(match.start, match.end), match.groups);
      at = match.end;
    }
    return result + text.slice(at);
  };
};

/** `$1` and `\1` are groups, `$0` the whole match, as in RE2 and Java. */
function expand(replacement: string, whole: string, groups: readonly (string | undefined)[]): string {
  return replacement.replace(/[\\$](\d)|\\([\\$])/g, (_all, digit?: string, escaped?: string) =>
    escaped !== undefined ? escaped : digit === '0' ? whole : (groups[Number(digit) - 1] ?? ''),
  );
}

/** A text that grew over what a string can hold is missing; one event must not end the query. */
function bounded(make: FunctionMaker): FunctionMaker {
  return (args) => {
    const run = make(args);
    return (slots) => {
      try {
        return run(slots);
      } catch (error) {
        if (error instanceof RangeError) return undefined;
        throw error;
      }
    };
  };
}

/** Halves of a surrogate pair that stand alone cannot be encoded. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}

const strcontains: FunctionMaker = (args) => {
  const read = textOf(args[0] as Compiled);
  const search = textOf(args[1] as Compiled);
  const fold = args[2];
  return (slots) => {
    const text = read(slots);
    const wanted = search(slots);
    if (text === undefined || wanted === undefined) return text === undefined ? undefined : false;
    if (fold && toTruth(fold.run(slots)) === true) return text.toLowerCase().includes(wanted.toLowerCase());
    return text.includes(wanted);
  };
};

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function utf8Bytes(text: string): number[] {
  const encoded = encodeURIComponent(wellFormed(text));
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at++) {
    if (encoded[at] === '%') {
      bytes.push(Number.parseInt(encoded.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(encoded.charCodeAt(at));
  }
  return bytes;
}

function fromUtf8(bytes: readonly number[]): string | undefined {
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return undefined;
  }
}

function base64encode(text: string): string {
  const bytes = utf8Bytes(text);
  let result = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] as number) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let i = 0; i < 4; i++) result += at + i > bytes.length ? '=' : BASE64[(group >> (18 - 6 * i)) & 63];
  }
  return result;
}

function base64decode(text: string): string | undefined {
  const clean = text.trim().replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(clean) || clean.length % 4 === 1) return undefined;
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const char of clean) {
    held = ((held << 6) | BASE64.indexOf(char)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
  }
  return fromUtf8(bytes);
}

function hexToAscii(text: string): string | undefined {
  const hex = text.replace(/^0x/i, '');
  if (hex.length % 2 === 1 || !/^[0-9A-Fa-f]*$/.test(hex)) return undefined;
  return (hex.match(/../g) ?? []).map((pair) => String.fromCharCode(Number.parseInt(pair, 16))).join('');
}

function hexToDec(text: string): number | undefined {
  const match = /^(-?)(?:0x)?([0-9A-Fa-f]{1,300})$/i.exec(text.trim());
  return match ? Number.parseInt(match[2] as string, 16) * (match[1] === '-' ? -1 : 1) : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** String functions by lower-case name. */
export const TEXT_FUNCTIONS: { readonly [name: string]: FunctionMaker } = {
  concat: bounded((args) => {
    const read = args.map(textOf);
    // A missing part is left out: one absent label should not lose the rest.
    return (slots) => read.map((each) => each(slots) ?? '').join('');
  }),
  ltrim: trimmer(true, false),
  rtrim: trimmer(false, true),
  trim: trimmer(true, true),
  strlen: ofTexts((text) => (/[\ud800-\udbff]/.test(text) ? [...text].length : text.length)),
  toupper: ofTexts((text) => text.toUpperCase()),
  tolower: ofTexts((text) => text.toLowerCase()),
  substr,
  replace: bounded(ofTexts((text, search, by) => (search === '' ? text : text.replaceAll(search as string, () => by as string)))),
  regexreplace: bounded(regexReplace),
  strcontains,
  startswith: ofTexts((text, search) => text.startsWith(search as string)),
  endswith: ofTexts((text, search) => text.endsWith(search as string)),
  urlencode: ofTexts((text) => encodeURIComponent(wellFormed(text))),
  urldecode: ofTexts(decode),
  base64encode: ofTexts(base64encode),
  base64decode: ofTexts(base64decode),
  split: ofTexts((text, delimiter) => text.split(delimiter as string)),
  hextoascii: ofTexts(hexToAscii),
  hextodec: ofTexts(hexToDec),
  messagesize: ofTexts((text) => utf8Length(text)),
};

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if (unit >= 0xd800 && unit <= 0xdbff && at + 1 < text.length) {
      bytes += 2;
      at++;
    } else bytes += 2;
  }
  return bytes;
}
