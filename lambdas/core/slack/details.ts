import type { Alert } from '../alerts/alert.ts';
import { labelOf } from '../alerts/labels.ts';
import { cutText } from '../alerts/text.ts';
import { type Block, context, fields, preformatted, section, verbatim } from './blocks.ts';
import { code, inert, oneLine, plain } from './escape.ts';
import { basisText, conditionText, dateMark, durationText, numberText } from './format.ts';
import type { MessageSettings, Room } from './settings.ts';
import type { Texts } from './texts.ts';

/** What the details of one alert are made with. */
export interface DetailOptions {
  readonly settings: MessageSettings;
  readonly texts: Texts;
  readonly room: Room;
  /** Redacted lines of the log; undefined where nobody looked. */
  readonly lines: readonly string[] | undefined;
  readonly nowMs: number;
}

/** Labels that stand in fields of their own or in the headline. */
const SHOWN_ELSEWHERE = new Set(['alertname', 'severity', 'kind', 'account', 'region', 'owner', 'team', 'runbook', 'query', 'alarm']);
/** Labels of which each gets a field, in this order. */
const PLACE_LABELS = [
  'cluster',
  'namespace',
  'workload',
  'pod',
  'container',
  'node',
  'service',
  'instance',
  'load_balancer',
  'target_group',
];

/** All that is known of one alert: what it means, numbers, where, log lines, remaining labels. */
export function alertDetails(alert: Alert, options: DetailOptions): Block[] {
  const { lines, room, texts } = options;
  const blocks: Block[] = [];
  const said = sentences(alert);
  if (said !== '') blocks.push(verbatim(cutText(said, room.reasonPoints)));
  if (alert.isBlind === true) blocks.push(section(`_${texts.blindNote}_`));
  const pairs = fieldsOf(alert, options);
  if (pairs.length > 0) blocks.push(fields(pairs.slice(0, 10)));
  const reason = reasonOf(alert);
  if (reason !== '' && reason !== said) blocks.push(context([inert(reason, Math.min(380, room.reasonPoints))]));
  if (lines !== undefined && room.lines > 0) blocks.push(...logLines(lines, options));
  const rest = restOf(alert, texts);
  if (rest.length > 0) blocks.push(context([rest]));
  return blocks;
}

/** The description without our own keywords, or what happened where there is none. */
function sentences({ description, kind, reason, title }: Alert): string {
  const text = description ?? (kind.endsWith('-alarm') ? '' : (reason ?? ''));
  return (
    plain(text)
      // Our own alarms end in what stands in fields and buttons, and begin with the title.
      .replace(/\n(?:Severity|Query|Runbook): [^\n]*/g, '')
      .replace(/^([^\n]*)\n/, (line, first: string) => (first.startsWith(title) ? '' : line))
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  );
}

/** What all alerts of a list mean, where they say the same of themselves. */
export function sharedSentence(alerts: readonly Alert[], { room }: Pick<DetailOptions, 'room'>): Block[] {
  const [said = '', ...others] = new Set(alerts.map(sentences));
  return said === '' || others.length > 0 ? [] : [verbatim(cutText(said, Math.min(300, room.reasonPoints)))];
}

/** CloudWatch's own words, where they say more than the fields do. */
function reasonOf({ description, details = [], kind, measurement, reason = '' }: Alert): string {
  // Which alarms it is made of stands in the fields.
  if (kind === 'composite-alarm' && details.length > 0) return '';
  if (!kind.endsWith('-alarm') && description === undefined) return '';
  const hasLimit = measurement?.threshold !== undefined || measurement?.upper !== undefined;
  return measurement?.value !== undefined && hasLimit ? '' : oneLine(reason);
}

function fieldsOf(alert: Alert, { settings, texts, nowMs, room }: DetailOptions): string[] {
  const { endsAt, lifecycle, measurement, startsAt } = alert;
  const pairs: [string, string][] = [];
  const isOver = endsAt !== undefined && endsAt <= nowMs;
  if (measurement) {
    const { unit, value } = measurement;
    if (value !== undefined) pairs.push([texts.fields.value, `*${inert(numberText(value, unit), 60)}*`]);
    const condition = conditionText(measurement, texts);
    if (condition !== undefined) pairs.push([texts.fields.condition, inert(condition, 100)]);
  }
  if (lifecycle === 'state' && isOver) {
    if (endsAt - startsAt >= 1000) pairs.push([texts.fields.from, dateMark(startsAt)]);
    pairs.push([texts.fields.sent, dateMark(endsAt)]);
  } else if (lifecycle === 'state' && nowMs - startsAt >= 60_000) {
    pairs.push([texts.fields.firingFor, durationText(nowMs - startsAt, texts)]);
  }
  for (const label of PLACE_LABELS) {
    const value = labelOf(alert.labels, label);
    if (value !== '') pairs.push([texts.labels[label] ?? label, code(value, 150)]);
  }
  const owner = settings.explain(alert.labels)?.owner ?? (labelOf(alert.labels, 'team') || labelOf(alert.labels, 'owner'));
  if (owner !== '') pairs.push([texts.fields.owner, inert(owner, 100)]);
  for (const { name, value } of (alert.details ?? []).slice(0, room.details)) {
    const shown = valueText(value);
    // The headline has the time already.
    if (shown !== dateMark(startsAt) && !pairs.some((pair) => pair[1] === shown)) pairs.push([detailName(name, texts), shown]);
  }
  return pairs.map(([name, value]) => `*${name}*\n${value === '' ? '–' : value}`);
}

/** A name or a number as code, so that it can be copied; words as words; a time in the reader's own zone. */
function valueText(value: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z$/.test(value) ? Date.parse(value) : Number.NaN;
  if (ms >= 0) return dateMark(ms);
  return /\s/.test(value.trim()) ? inert(value, 200) : code(value, 200);
}

/** Our own words for details are translated, those of others stay. */
function detailName(name: string, { details }: Texts): string {
  return Object.hasOwn(details, name) ? (details[name] ?? name) : inert(name, 80);
}

function logLines(lines: readonly string[], { room, texts }: DetailOptions): Block[] {
  const last = lines.slice(-room.lines).map((line) => cutText(oneLine(line), room.linePoints));
  const shown = last.filter((line) => line !== '').join('\n');
  return [
    context([`*${texts.fields.lastLines}*${shown === '' ? `: ${texts.noLines}` : ''}`]),
    ...(shown === '' ? [] : [preformatted(shown)]),
  ];
}

/** Whatever is left: how it was measured, account and Region, other labels. At most 1,500 characters. */
function restOf(alert: Alert, texts: Texts): string {
  const parts: string[] = [];
  if (alert.measurement) parts.push(inert(basisText(alert.measurement, texts), 150));
  const place = [labelOf(alert.labels, 'account'), labelOf(alert.labels, 'region')].filter((part) => part !== '').join(' ');
  if (place !== '') parts.push(inert(place, 60));
  for (const [name, value] of Object.entries(alert.labels)) {
    if (SHOWN_ELSEWHERE.has(name) || PLACE_LABELS.includes(name)) continue;
    parts.push(`${inert(name, 40)} ${inert(value, 60)}`);
  }
  let text = '';
  for (const part of parts) {
    if (text.length + part.length > 1500) break;
    text += text === '' ? part : `  ·  ${part}`;
  }
  return text;
}
