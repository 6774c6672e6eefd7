import { createHash } from 'node:crypto';
import { AlertTable } from '../../lambdas/clients/alert-table.ts';
import { createAwsClient, DYNAMODB } from '../../lambdas/clients/aws-json.ts';
import { formatMatchers } from '../../lambdas/core/alerts/matchers.ts';
import { type Silence, silenceState } from '../../lambdas/core/alerts/mute.ts';
import { isTooWide, newSilence, readMatchers, SILENCE_KEPT_MS } from '../../lambdas/core/alerts/new-silence.ts';
import { alertTableName } from '../../lib/config/alert-names.ts';
import type { Io } from '../io.ts';
import { printable } from '../query/width.ts';

/** Longest silence: what is to be quiet for longer should be switched off in the config. */
const MAX_MS = 30 * 86_400_000;

/** The table of an account's alerts. */
export function alertTable(prefix: string, region: string, io: Io): AlertTable {
  const ports = {
    env: io.env,
    now: () => io.now(),
    random: Math.random,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    remainingMs: () => 30_000,
  };
  return new AlertTable(createAwsClient(DYNAMODB, { region }, ports), alertTableName(prefix));
}

/** Reads `90m`, `4h`, `2d`; undefined for anything else, for nothing, and for more than 30 days. */
export function readSpan(text: string): number | undefined {
  const found = /^(\d{1,5})(m|h|d)$/.exec(text);
  const ms = Number(found?.[1]) * ({ m: 60_000, h: 3_600_000, d: 86_400_000 }[found?.[2] ?? ''] ?? Number.NaN);
  return ms > 0 && ms <= MAX_MS ? ms : undefined;
}

/** What a new silence is made of. */
export interface NewSilence {
  readonly matchers: readonly string[];
  readonly spanMs: number;
  readonly author: string;
  readonly comment: string;
}

/** A silence from now on, or what is wrong. One that would cover everything is refused. */
export function makeSilence({ author, comment, matchers: texts, spanMs }: NewSilence, nowMs: number): Silence | string {
  const matchers = readMatchers(texts);
  if (typeof matchers === 'string') return matchers;
  if (matchers.length === 0) return 'name what is to be silenced, such as \'alertname="pods-oom"\'';
  if (isTooWide(matchers)) return 'these matchers cover nearly everything; at least one must name what is meant';
  return newSilence({ matchers, spanMs, author, comment }, nowMs, (text) => createHash('sha256').update(text).digest('hex'));
}

/** Writes a silence. */
export async function addSilence(table: AlertTable, silence: Silence): Promise<void> {
  if (!(await table.putSilence(silence, SILENCE_KEPT_MS))) throw new Error(`there is a silence ${silence.id} already`);
}

/** Ends a silence now; false where there is none of this id that still lasts. */
export async function endSilence(table: AlertTable, id: string, nowMs: number): Promise<boolean> {
  const found = (await table.silences()).find((silence) => silence.id === id);
  if (!found || silenceState(found, nowMs) === 'expired') return false;
  return table.putSilence({ ...found, endsAt: nowMs, updatedAt: Math.max(nowMs, found.updatedAt + 1) }, SILENCE_KEPT_MS);
}

/** A silence on one line. */
export function silenceText(silence: Silence, nowMs: number): string {
  const { author, comment, endsAt, id, matchers } = silence;
  const until = new Date(endsAt).toISOString().slice(0, 16).replace('T', ' ');
  return printable(
    `${id}  ${silenceState(silence, nowMs).padEnd(7)}  until ${until} UTC  ${formatMatchers(matchers)}  ${author}: ${comment}`,
  );
}
