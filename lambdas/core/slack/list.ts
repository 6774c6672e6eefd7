import { type Alert, SEVERITIES } from '../alerts/alert.ts';
import type { Notice } from '../alerts/chat.ts';
import { labelOf } from '../alerts/labels.ts';
import { type Block, context, section } from './blocks.ts';
import { inert, link } from './escape.ts';
import { conditionText, dateMark, durationText, numberText } from './format.ts';
import type { Room } from './settings.ts';
import type { Texts } from './texts.ts';

/** What the list of a group is made with. */
export interface ListOptions {
  readonly texts: Texts;
  readonly room: Room;
}

/** The alerts of a group, a line each: new and urgent ones first, then what goes on, then what is over; the rest as a number. */
export function alertList(notice: Notice, { room, texts }: ListOptions): Block[] {
  const { events, firing, fresh, nowMs, resolved } = notice;
  const isFresh = new Set(fresh.map(({ key }) => key));
  const open = [...firing, ...events].sort(
    (a, b) =>
      SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
      Number(isFresh.has(b.key)) - Number(isFresh.has(a.key)) ||
      b.startsAt - a.startsAt,
  );
  // A title that all share stands in the headline.
  const titles = new Set([...open, ...resolved].map(({ title }) => title));
  const hasTitle = titles.size > 1;
  const isStorm = open.some(({ kind }) => kind === 'storm');
  const blocks: Block[] = isStorm ? [context([texts.storm(events.length)])] : [];
  const openItems = Math.max(1, open.length > 0 && resolved.length > 0 ? Math.ceil(room.items * 0.7) : room.items);
  blocks.push(...lines(open, openItems, texts, (alert) => openLine(alert, nowMs, texts, hasTitle)));
  blocks.push(
    ...lines(resolved, Math.max(1, room.items - Math.min(open.length, openItems)), texts, (alert) => resolvedLine(alert, texts, hasTitle)),
  );
  return blocks;
}

/** Blocks of at most ten lines: each line has at most some 290 characters before escaping, so ten of ordinary text fit a section. */
function lines(alerts: readonly Alert[], limit: number, texts: Texts, lineOf: (alert: Alert) => string): Block[] {
  const shown = alerts.slice(0, limit).map(lineOf);
  if (alerts.length > limit) shown.push(`_${texts.more(alerts.length - limit)}_`);
  const blocks: Block[] = [];
  let text = '';
  for (const line of shown) {
    if (text !== '' && text.length + line.length > 2800) {
      blocks.push(section(text));
      text = '';
    }
    text += text === '' ? line : `\n${line}`;
  }
  if (text !== '') blocks.push(section(text));
  return blocks;
}

function openLine(alert: Alert, nowMs: number, texts: Texts, hasTitle: boolean): string {
  const { isBlind, lifecycle, measurement, severity, startsAt } = alert;
  const sign = isBlind === true ? '⚪' : { critical: '🔴', warning: '🟠', info: '🔵' }[severity];
  const parts = [`${sign} ${nameOf(alert, hasTitle)}`];
  if (measurement?.value !== undefined) {
    const condition = conditionText(measurement, texts);
    parts.push(
      `*${inert(numberText(measurement.value, measurement.unit), 40)}*${condition === undefined ? '' : ` (${inert(condition, 60)})`}`,
    );
  }
  parts.push(
    lifecycle === 'once' || nowMs - startsAt < 60_000
      ? dateMark(startsAt, '{time_secs}')
      : texts.forDuration(durationText(nowMs - startsAt, texts)),
  );
  return parts.join('  ·  ');
}

function resolvedLine(alert: Alert, texts: Texts, hasTitle: boolean): string {
  const lasted = (alert.endsAt ?? alert.startsAt) - alert.startsAt;
  return [`✅ ${nameOf(alert, hasTitle)}`, lasted >= 1000 ? texts.afterDuration(durationText(lasted, texts)) : '']
    .filter((part) => part !== '')
    .join('  ·  ');
}

/** What tells this alert from the others of its group, as a link where it has one. Long addresses would fill the message. */
function nameOf(alert: Alert, hasTitle: boolean): string {
  const { labels, links, title } = alert;
  const place = ['namespace', 'workload', 'pod', 'container', 'node', 'instance']
    .map((label) => labelOf(labels, label))
    .filter((value, index, all) => value !== '' && all.indexOf(value) === index);
  const where = place.join('/');
  const text = where === '' ? title : hasTitle ? `${title}  ${where}` : where;
  const url = links?.find(({ kind }) => kind === 'alarm' || kind === 'console')?.url;
  return url === undefined || url.length > 200
    ? inert(text, 160)
    : link(url, text.length > 160 ? `${text.slice(0, 150).toWellFormed()}…` : text);
}
