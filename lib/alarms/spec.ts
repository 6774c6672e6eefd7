import type { BandComparison, StaticComparison } from '../../lambdas/core/alarms/state.ts';

const UNIT_SECONDS: { readonly [unit: string]: number } = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `5m` in seconds; the schema has looked at its shape. */
export function secondsOf(duration: string): number {
  return Number(duration.slice(0, -1)) * (UNIT_SECONDS[duration.at(-1) ?? ''] ?? Number.NaN);
}

/** `3 of 5` as M and N. */
export function pointsOf(text: string): { readonly datapointsToAlarm: number; readonly evaluationPeriods: number } {
  const [datapointsToAlarm = Number.NaN, evaluationPeriods = Number.NaN] = text.split(' of ').map(Number);
  return { datapointsToAlarm, evaluationPeriods };
}

/** A condition: a comparison with a number, or with a band so many standard deviations wide. */
export type Condition =
  | { readonly kind: 'threshold'; readonly comparison: StaticComparison; readonly threshold: number }
  | { readonly kind: 'band'; readonly comparison: BandComparison; readonly deviations: number };

const COMPARISONS: { readonly [sign: string]: StaticComparison } = {
  '>': 'GreaterThanThreshold',
  '>=': 'GreaterThanOrEqualToThreshold',
  '<': 'LessThanThreshold',
  '<=': 'LessThanOrEqualToThreshold',
};
const BANDS: { readonly [word: string]: BandComparison } = {
  above: 'GreaterThanUpperThreshold',
  below: 'LessThanLowerThreshold',
  outside: 'LessThanLowerOrGreaterThanUpperThreshold',
};

/** Reads `> 3` or `above band 2`. */
export function conditionOf(text: string): Condition {
  const [word = '', second = '', third = ''] = text.split(' ');
  const band = BANDS[word];
  if (band !== undefined) return { kind: 'band', comparison: band, deviations: Number(third) };
  return { kind: 'threshold', comparison: COMPARISONS[word] ?? 'GreaterThanThreshold', threshold: Number(second) };
}

/** The same condition with another number. */
export function withThreshold(when: string, threshold: number): string {
  return when.replace(/\S+$/, String(threshold));
}

const PLACEHOLDER = /\{\{(\w+)\}\}/g;

/** Puts values in place of `{{name}}`; a name without a value stays as it is, so that it is seen. */
export function fill(text: string, values: { readonly [name: string]: string }): string {
  return text.replaceAll(PLACEHOLDER, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] as string) : whole));
}

/** Names of the placeholders of a text. */
export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] as string);
}

/** `node*` as an expression; `*` stands for any text. */
export function matchesName(pattern: string, name: string): boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(name);
}
