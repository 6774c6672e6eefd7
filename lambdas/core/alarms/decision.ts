import type { AlarmState } from './state.ts';

/** One of the things that an alarm watches by itself: a group of a query, a series. */
export interface Contributor {
  /** A function of the attributes: the same thing has the same id in every evaluation. */
  readonly id: string;
  readonly attributes: { readonly [name: string]: string };
  /** Contributors have no INSUFFICIENT_DATA. */
  readonly state: 'OK' | 'ALARM';
  readonly reason: string;
  readonly reasonData: string;
  /** Newest value, where there is one. */
  readonly value?: number;
}

/** What an evaluation found. */
export interface Decision {
  readonly state: AlarmState;
  /** As `StateReason`: at most 1,023 characters. */
  readonly reason: string;
  /** JSON, as `StateReasonData`. */
  readonly reasonData: string;
  /** Newest value behind the decision, where there is one. */
  readonly value?: number;
  /** For alarms that watch several things; those in ALARM and those that just left it. */
  readonly contributors?: readonly Contributor[];
}

/** Longest state reason, in characters (`StateReason`). */
const MAX_REASON = 1023;

/** Cuts a reason to what CloudWatch keeps. */
export function cutReason(text: string): string {
  return text.length <= MAX_REASON ? text : `${text.slice(0, MAX_REASON - 3)}...`;
}

/** An id for attributes, whatever their order. */
export function contributorId(attributes: { readonly [name: string]: string }): string {
  const text = JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  // Two independent 32-bit FNV hashes: long enough to tell 500 groups apart, and nobody's secret.
  return [0x811c9dc5, 0x01000193]
    .map((seed) => {
      let hash = seed;
      for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
      return (hash >>> 0).toString(16).padStart(8, '0');
    })
    .join('');
}

/** A time as CloudWatch writes it into notifications and reasons' data: `2026-11-21T10:00:00.000+0000`. */
export function alarmTime(atMs: number): string {
  return new Date(atMs).toISOString().replace('Z', '+0000');
}

/** A number as CloudWatch writes it in a reason: always with a point (`3.0`), large and small ones with an exponent. */
export function reasonNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-3)) {
    const [digits = '0', exponent = '0'] = value.toExponential().split('e');
    return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
