import { timeText } from '../index/time-text.ts';
import { put } from './output.ts';
import { piece } from './piece.ts';

const MINUTE_MS = 60_000;

let minute = Number.NaN;
let prefix = piece('');

/** Writes RFC 3339 text in UTC with milliseconds, the same as `timeText`; the part up to the minute is kept from the call before. */
export function putTime(out: DataView, from: number, timeMs: number): number {
  const ofMinute = Math.floor(timeMs / MINUTE_MS);
  if (ofMinute !== minute) {
    prefix = piece(timeText(ofMinute * MINUTE_MS).slice(0, -7));
    minute = ofMinute;
  }
  const rest = Math.floor(timeMs - ofMinute * MINUTE_MS) | 0;
  const second = (rest / 1000) | 0;
  const ms = (rest - second * 1000) | 0;
  const at = put(out, from, prefix);
  putTwoDigits(out, at, second);
  out.setUint8(at + 2, 46);
  out.setUint8(at + 3, 48 + ((ms / 100) | 0));
  putTwoDigits(out, at + 4, ms % 100);
  out.setUint8(at + 6, 90);
  return at + 7;
}

function putTwoDigits(out: DataView, at: number, value: number): void {
  out.setUint8(at, 48 + ((value / 10) | 0));
  out.setUint8(at + 1, 48 + (value % 10));
}
