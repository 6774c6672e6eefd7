import type { Alert, Labels } from '../alerts/alert.ts';
import { formatMatchers, type Matcher } from '../alerts/matchers.ts';
import { type Silence, silenceState } from '../alerts/mute.ts';
import { SILENCE_ACTION, SILENCE_MINUTES } from '../slack/buttons.ts';

/** A silence that ends no later than this before the one that is wanted stands for it, in ms: two people press within moments. */
const SAME_END_MS = 60_000;

/** How long a button silences, in ms; undefined for a button that does something else. */
export function spanOfButton(actionId: string): number | undefined {
  if (!actionId.startsWith(SILENCE_ACTION)) return undefined;
  const minutes = SILENCE_MINUTES.find((each) => actionId === `${SILENCE_ACTION}${each}`);
  return minutes === undefined ? undefined : minutes * 60_000;
}

/**
 * Matchers for what a message tells of: the labels of its group. A group without labels is of everything at once; of its only alert the labels that name it
 * are taken. Undefined where nothing says what is meant.
 */
export function matchersOfGroup(labels: Labels, alerts: readonly Alert[]): Matcher[] | undefined {
  const named = Object.entries(labels).filter(([, value]) => value !== '');
  if (named.length > 0) return named.map(([label, value]): Matcher => ({ label, op: '=', value }));
  const [alert, ...others] = alerts;
  if (alert === undefined || others.length > 0) return undefined;
  const own = ['alertname', 'cluster', 'namespace', 'workload', 'pod', 'node']
    .map((label): Matcher => ({ label, op: '=', value: Object.hasOwn(alert.labels, label) ? (alert.labels[label] ?? '') : '' }))
    .filter(({ value }) => value !== '');
  return own.length === 0 ? undefined : own;
}

/** A silence of the same matchers that lasts as long as the one that is wanted, within a minute. */
export function standingSilence(
  silences: readonly Silence[],
  matchers: readonly Matcher[],
  endsAt: number,
  nowMs: number,
): Silence | undefined {
  const text = formatMatchers(matchers);
  return silences.find(
    (silence) =>
      silenceState(silence, nowMs) === 'active' && formatMatchers(silence.matchers) === text && silence.endsAt >= endsAt - SAME_END_MS,
  );
}

/** Silences that a word means: the one of this id, or all that name an alert so. Only those that last. */
export function findSilences(silences: readonly Silence[], target: string, nowMs: number): Silence[] {
  return silences.filter(
    (silence) =>
      silenceState(silence, nowMs) !== 'expired' &&
      (silence.id === target || silence.matchers.some(({ label, op, value }) => label === 'alertname' && op === '=' && value === target)),
  );
}

/** A silence that ends now. */
export function endedSilence(silence: Silence, nowMs: number): Silence {
  return { ...silence, endsAt: nowMs, startsAt: Math.min(silence.startsAt, nowMs), updatedAt: Math.max(nowMs, silence.updatedAt + 1) };
}
