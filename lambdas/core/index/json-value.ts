/** A scalar, or a list of the scalars in it. */
export type FoundValue = string | number | boolean | null;

/**
 * Values at a dotted path of a JSON object's text, lists looked into; empty where there are none. A member whose own name holds dots
 * (`authorization.k8s.io/decision`) matches the segments that it is made of. Reads only as far as it must and builds no objects.
 */
export function valuesAt(text: string, path: string): FoundValue[] {
  const found: FoundValue[] = [];
  collect(text, skipBlank(text, 0), path, found);
  return found;
}

function collect(text: string, at: number, path: string, found: FoundValue[]): number {
  const c = text.charCodeAt(at);
  if (c === 91) return collectList(text, at, path, found);
  if (c !== 123) {
    const end = valueEnd(text, at);
    if (path === '') found.push(scalar(text.slice(at, end)));
    return end;
  }
  let i = skipBlank(text, at + 1);
  while (i < text.length && text.charCodeAt(i) === 34) {
    const keyEnd = stringEnd(text, i);
    const rest = path === '' ? undefined : restOf(path, text, i + 1, keyEnd - 1);
    i = skipBlank(text, skipBlank(text, keyEnd) + 1);
    i = rest === undefined ? valueEnd(text, i) : collect(text, i, rest, found);
    i = skipBlank(text, i);
    if (text.charCodeAt(i) !== 44) break;
    i = skipBlank(text, i + 1);
  }
  return i + 1;
}

function collectList(text: string, at: number, path: string, found: FoundValue[]): number {
  let i = skipBlank(text, at + 1);
  while (i < text.length && text.charCodeAt(i) !== 93) {
    i = skipBlank(text, collect(text, i, path, found));
    if (text.charCodeAt(i) !== 44) break;
    i = skipBlank(text, i + 1);
  }
  return i + 1;
}

/** What is left of the path behind the key between the positions; undefined where the key is not on it. */
function restOf(path: string, text: string, start: number, end: number): string | undefined {
  const length = end - start;
  if (path.length < length || !text.startsWith(path.slice(0, length), start)) return undefined;
  if (path.length === length) return '';
  return path.charCodeAt(length) === 46 ? path.slice(length + 1) : undefined;
}

function scalar(raw: string): FoundValue {
  try {
    return JSON.parse(raw) as FoundValue;
  } catch {
    return raw;
  }
}

function skipBlank(text: string, at: number): number {
  let i = at;
  while (text.charCodeAt(i) <= 32) i++;
  return i;
}

/** Position behind the string whose opening quote is at `at`. */
function stringEnd(text: string, at: number): number {
  let quote = text.indexOf('"', at + 1);
  while (quote > 0) {
    let slashes = quote - 1;
    while (text.charCodeAt(slashes) === 92) slashes--;
    if ((quote - slashes) % 2 === 1) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

/** Position behind the value at `at`; iterative, because nesting is the sender's choice. */
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
