import type { Piece } from '../lines/piece.ts';
import { ends, starts } from './alb-bytes.ts';

const DASH = 45;

/** The line that was scanned last and is checked and written now. */
export let bytes: Uint8Array = new Uint8Array(0);
export let view: DataView = new DataView(bytes.buffer);

/** Sets the line's bytes. */
export function setLine(of: Uint8Array, ofView: DataView): void {
  bytes = of;
  view = ofView;
}

/** What was found while the numbers of a line were looked at. */
export const albFound = {
  /** Sum of the three times in nanoseconds; -1 where one is missing. */
  durationNs: -1,
  /** Behind the last colon of the client, where its port starts. */
  clientPort: 0,
  /** The same of the target; -1 without a target. */
  targetPort: -1,
  /** Bits 5 to 7: whether the time of that field is written. */
  times: 0,
  /** The target group's name; the same for none. */
  groupStart: 0,
  groupEnd: 0,
  /** Whether the fields of redirects, errors, classifications and rewritten requests are all empty: set by who searched the line. */
  isUsualTail: false,
  /** Members of the fields from the cipher to the target group, and of domain and certificate, where lines before had the same: set with it. */
  target: undefined as Piece | undefined,
  domain: undefined as Piece | undefined,
};

/** `-` or nothing. */
export function isNothing(field: number): boolean {
  const start = starts[field] as number;
  const size = (ends[field] as number) - start;
  return size === 0 || (size === 1 && bytes[start] === DASH);
}

/** Digits without a zero in front, at most so many. */
export function isInteger(start: number, end: number, most: number): boolean {
  if (end <= start || end - start > most || (bytes[start] === 48 && end > start + 1)) return false;
  for (let i = start; i < end; i++) if ((bytes[i] as number) < 48 || (bytes[i] as number) > 57) return false;
  return true;
}
