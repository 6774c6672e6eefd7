import { lines } from './ascii-line.ts';
import { type LineKey, linePairs } from './line-pairs.ts';
import { put, putLine } from './output.ts';
import { piece } from './piece.ts';

/** A value of a pair as a JSON string. */
export function putValue(out: DataView, from: number, start: number, end: number): number {
  if (lines[start] === 34) return putLine(out, from, start, end);
  out.setUint8(from, 34);
  const at = putLine(out, from + 1, start, end);
  out.setUint8(at, 34);
  return at + 1;
}

const KV = piece(',"kv":{');

/** `,"kv":{…}` of the pairs from `first` on but those whose role is in the bits of `without`; nothing where none is left. */
export function putPairs(out: DataView, from: number, first: number, without: number): number {
  const { count, keys, starts, ends } = linePairs;
  let at = from;
  for (let k = first; k < count; k++) {
    const { member, role } = keys[k] as LineKey;
    if (without & (1 << role)) continue;
    if (at === from) at = put(out, at, KV);
    else out.setUint8(at++, 44);
    at = putValue(out, put(out, at, member), starts[k] as number, ends[k] as number);
  }
  if (at === from) return at;
  out.setUint8(at, 125);
  return at + 1;
}
