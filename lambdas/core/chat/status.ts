import { type Alert, isResolved, SEVERITIES } from '../alerts/alert.ts';
import { labelOf } from '../alerts/labels.ts';
import { formatMatchers } from '../alerts/matchers.ts';
import { compileSilences, type Silence, silenceState } from '../alerts/mute.ts';
import { section } from '../slack/blocks.ts';
import { code, inert } from '../slack/escape.ts';
import { dateMark, durationText } from '../slack/format.ts';
import { redactAlert } from '../slack/redact-alert.ts';
import type { RedactText } from '../slack/settings.ts';
import { TEXTS } from '../slack/texts.ts';
import { type ChatAnswer, listBlocks, messageOf } from './answer.ts';
import type { ChatRules } from './rules.ts';
import { CHAT_TEXTS } from './texts.ts';

/** What is known of alerts now. */
export interface AlertState {
  /** Alerts that are in the table; those of several receivers are there several times. */
  readonly alerts: readonly Alert[];
  readonly silences: readonly Silence[];
  readonly nowMs: number;
}

/** What fires and what is silenced: urgent ones first, then the newest. */
export function statusAnswer({ alerts, nowMs, silences }: AlertState, text: string, rules: ChatRules, redact: RedactText): ChatAnswer {
  const texts = CHAT_TEXTS[rules.language];
  const silencedBy = compileSilences(silences, nowMs);
  const byKey = new Map(
    alerts.filter((alert) => alert.lifecycle === 'state' && !isResolved(alert, nowMs)).map((alert) => [alert.key, alert]),
  );
  const words = text
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  const firing = [...byKey.values()]
    .map((alert) => ({ alert: redactAlert(alert, redact), silenced: silencedBy(alert.labels) }))
    .filter(({ alert }) => isAbout(alert, words))
    .sort((a, b) => SEVERITIES.indexOf(a.alert.severity) - SEVERITIES.indexOf(b.alert.severity) || b.alert.startsAt - a.alert.startsAt);
  const lasting = silences
    .filter((silence) => silenceState(silence, nowMs) === 'active')
    .sort((a, b) => a.endsAt - b.endsAt)
    .map((silence) => silenceLine(silence, redact));
  const head = firing.length === 0 ? texts.nothingFires : texts.firing(firing.length);
  const lines = firing.map(({ alert, silenced }) => alertLine(alert, silenced === undefined ? '' : `🔕 ${texts.silenced}`, nowMs, rules));
  return {
    message: messageOf(head, [
      section(`*${head}*`),
      ...listBlocks(lines, texts.more, 7_000),
      section(lasting.length === 0 ? texts.noSilences : `*${texts.silences(lasting.length)}*`),
      ...listBlocks(lasting, texts.more, 3_000),
    ]),
    isPublic: false,
  };
}

function isAbout({ labels, title }: Alert, words: readonly string[]): boolean {
  const text = [title, ...Object.values(labels)].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function alertLine(
  { isBlind, labels, severity, startsAt, title }: Alert,
  silenced: string,
  nowMs: number,
  { language }: ChatRules,
): string {
  const sign = isBlind === true ? '⚪' : { critical: '🔴', warning: '🟠', info: '🔵' }[severity];
  const place = ['cluster', 'namespace', 'workload', 'pod', 'node']
    .map((label) => labelOf(labels, label))
    .filter((value, at, all) => value !== '' && all.indexOf(value) === at);
  const name = labelOf(labels, 'alertname');
  return [
    `${sign} *${inert(title, 120)}*`,
    ...(name === '' || name === title ? [] : [code(name, 100)]),
    ...(place.length === 0 ? [] : [inert(place.join(' / '), 150)]),
    TEXTS[language].forDuration(durationText(nowMs - startsAt, TEXTS[language])),
    ...(silenced === '' ? [] : [silenced]),
  ].join('  ·  ');
}

function silenceLine({ author, comment, endsAt, id, matchers }: Silence, redact: RedactText): string {
  const why = comment === '' ? '' : `: ${inert(redact(comment), 120)}`;
  return `🔕 ${code(id, 20)} ${matchersText(matchers, redact)}  ·  ${dateMark(endsAt)}  ·  ${inert(author, 60)}${why}`;
}

/** Matchers as they are written, without secrets. */
export function matchersText(matchers: Silence['matchers'], redact: RedactText): string {
  return code(redact(formatMatchers(matchers)), 400);
}
