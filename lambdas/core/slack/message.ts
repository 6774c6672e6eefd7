import { type Alert, SEVERITIES, type Severity, worse } from '../alerts/alert.ts';
import type { Notice } from '../alerts/chat.ts';
import { labelOf } from '../alerts/labels.ts';
import { cutText } from '../alerts/text.ts';
import { type Block, blocksLength, context, LIMITS, type SlackMessage, section } from './blocks.ts';
import { buttonRow } from './buttons.ts';
import { alertDetails, sharedSentence } from './details.ts';
import { escapeText, inert, mention, oneLine } from './escape.ts';
import { dateMark, durationText } from './format.ts';
import { alertList } from './list.ts';
import { redactAlert, redactLabels } from './redact-alert.ts';
import type { Evidence, MessageSettings, Room } from './settings.ts';
import { TEXTS, type Texts } from './texts.ts';

const ROOMS: readonly Room[] = [
  { lines: 10, linePoints: 400, items: 15, reasonPoints: 900, details: 10, hasLinks: true },
  { lines: 6, linePoints: 250, items: 10, reasonPoints: 500, details: 8, hasLinks: true },
  { lines: 3, linePoints: 160, items: 8, reasonPoints: 300, details: 5, hasLinks: true },
  { lines: 3, linePoints: 160, items: 6, reasonPoints: 300, details: 5, hasLinks: false },
  { lines: 0, linePoints: 0, items: 3, reasonPoints: 120, details: 2, hasLinks: false },
];

const COLORS: { readonly [severity in Severity]: string } = { critical: '#D0312D', warning: '#E8912D', info: '#2E7DD1' };
const RESOLVED_COLOR = '#2EB67D';
const BLIND_COLOR = '#868686';
const SIGNS: { readonly [severity in Severity]: string } = { critical: '🔴', warning: '🟠', info: '🔵' };

/** The message of a notice, within all of Slack's limits whatever it holds. */
export function renderMessage(given: Notice, settings: MessageSettings, evidence: Evidence = {}): SlackMessage {
  const notice = cleanNotice(given, settings);
  const lines = evidence.lines?.map(settings.redact);
  let message = compose(notice, settings, lines, ROOMS[0] as Room);
  for (const room of ROOMS.slice(1)) {
    if (blocksLength(message) <= LIMITS.blocksJson) break;
    message = compose(notice, settings, lines, room);
  }
  return message;
}

/** A notice without secrets, and with each alert once. */
export function cleanNotice(given: Notice, { redact }: Pick<MessageSettings, 'redact'>): Notice {
  const clean = (alerts: readonly Alert[]): Alert[] => alerts.map((alert) => redactAlert(alert, redact));
  return {
    ...given,
    groupLabels: redactLabels(given.groupLabels, redact),
    firing: withoutSums(clean(given.firing)),
    resolved: withoutSums(clean(given.resolved)),
    events: clean(given.events),
    fresh: withoutSums(clean(given.fresh)),
  };
}

/** Sign, state, title and place of a clean notice on one line, as plain text: for what knows no markup. */
export function summaryOf(notice: Notice, { language }: Pick<MessageSettings, 'language'>): string {
  const all = shownOf(notice);
  return headline(notice, all, worstOf(all), TEXTS[language]).plain;
}

function shownOf({ events, firing, resolved }: Notice): readonly Alert[] {
  const shown = [...firing, ...events];
  return shown.length > 0 ? shown : resolved;
}

const worstOf = (all: readonly Alert[]): Severity => all.map(({ severity }) => severity).reduce(worse, SEVERITIES[2]);

/** CloudWatch tells of an alarm and of each of its contributors: where there are contributors, the alarm itself says nothing new. */
function withoutSums(alerts: readonly Alert[]): Alert[] {
  const whole = new Set(alerts.filter(({ key }) => key.includes('#')).map(({ key }) => key.slice(0, key.indexOf('#'))));
  return whole.size === 0 ? [...alerts] : alerts.filter(({ key }) => !whole.has(key));
}

function compose(notice: Notice, settings: MessageSettings, lines: readonly string[] | undefined, room: Room): SlackMessage {
  const texts = TEXTS[settings.language];
  const all = shownOf(notice);
  const severity = worstOf(all);
  const head = headline(notice, all, severity, texts);
  const mentions = mentionText(notice, severity, settings);
  const only = all.length === 1 && notice.resolved.length <= (isOver(notice) ? 1 : 0) ? all[0] : undefined;
  const attached: Block[] = [
    ...(only
      ? alertDetails(only, { settings, texts, room, lines, nowMs: notice.nowMs })
      : [...sharedSentence([...all, ...notice.resolved], { room }), ...alertList(notice, { texts, room })]),
    ...(notice.mutedCount > 0 ? [context([texts.muted(notice.mutedCount)])] : []),
    ...buttonRow(notice, all, { settings, texts, room }),
  ];
  const color = isOver(notice) ? RESOLVED_COLOR : all.every(({ isBlind }) => isBlind === true) ? BLIND_COLOR : COLORS[severity];
  const text = escapeText(cutText(head.plain, 300));
  return {
    text: mentions === '' ? text : `${mentions} ${text}`,
    blocks: [section(mentions === '' ? head.mrkdwn : `${mentions} ${head.mrkdwn}`)],
    ...(attached.length === 0 ? {} : { attachments: [{ color, fallback: text, blocks: attached }] as const }),
    unfurl_links: false,
    unfurl_media: false,
  };
}

function isOver({ events, firing }: Notice): boolean {
  return firing.length + events.length === 0;
}

function headline(
  notice: Notice,
  all: readonly Alert[],
  severity: Severity,
  texts: Texts,
): { readonly mrkdwn: string; readonly plain: string } {
  const first = all[0];
  const title = titleOf(notice, all);
  const state = stateText(notice, all, texts);
  const sign = isOver(notice) ? '✅' : first?.isBlind === true ? '⚪' : SIGNS[severity];
  const since = Math.min(...all.map(({ startsAt }) => startsAt));
  const isEvent = notice.firing.length + notice.resolved.length === 0;
  const time = isEvent ? dateMark(since) : isOver(notice) ? '' : `${texts.fields.since} ${dateMark(since)}`;
  const place = placeOf(all);
  const parts = [state, isOver(notice) ? '' : texts.severities[severity], place === '' ? '' : inert(place, 200), time].filter(
    (part) => part !== '',
  );
  const counts = notice.firing.length + notice.events.length + notice.resolved.length > 1 ? ` (${countText(notice, texts)})` : '';
  return {
    mrkdwn: `${sign} *${inert(title, 250)}*${counts}\n${parts.join('  ·  ')}`,
    plain: oneLine(`${sign} ${state}: ${title}${counts}${place === '' ? '' : ` · ${place}`}`),
  };
}

function countText(notice: Notice, texts: Texts): string {
  const { events, firing, fresh, reason, resolved } = notice;
  if (firing.length + events.length === 0) return texts.resolvedAlerts(resolved.length);
  const parts = [texts.alerts(firing.length + events.length)];
  if (reason === 'new-alerts' && fresh.length > 0) parts.push(texts.newAlerts(fresh.length));
  if (resolved.length > 0) parts.push(texts.resolvedAlerts(resolved.length));
  return parts.join(', ');
}

function stateText(notice: Notice, all: readonly Alert[], texts: Texts): string {
  const { events, firing, nowMs, reason, resolved } = notice;
  if (events.length > 0 && firing.length === 0) return all.some(({ kind }) => kind === 'storm') ? texts.states.storm : texts.states.event;
  const areApprovals = all.every(({ approval }) => approval !== undefined);
  if (firing.length === 0) {
    const longest = Math.max(0, ...resolved.map(({ endsAt = nowMs, startsAt }) => endsAt - startsAt));
    const over = areApprovals ? texts.states.decided : texts.states.resolved;
    return longest < 1000 ? over : `${over} ${texts.afterDuration(durationText(longest, texts))}`;
  }
  const lasts = durationText(nowMs - Math.min(...firing.map(({ startsAt }) => startsAt)), texts);
  if (areApprovals) return reason === 'repeat' ? texts.stillWaiting(lasts) : texts.states.waiting;
  if (reason === 'repeat') return texts.stillFiring(firing.length, lasts);
  return firing.every(({ isBlind }) => isBlind === true) ? texts.states.blind : texts.states.firing;
}

/** The alert's own title, or what all of them have in common. */
function titleOf({ groupLabels }: Notice, all: readonly Alert[]): string {
  const titles = new Set(all.map(({ title }) => title));
  const [first = ''] = titles;
  if (titles.size === 1) return first;
  const name = labelOf(groupLabels, 'alertname');
  if (name !== '') return name;
  const rest = Object.entries(groupLabels).map(([label, value]) => `${label} ${value}`);
  if (all.some(({ kind }) => kind === 'storm')) return `${all.length} ×`;
  return rest.length > 0 ? rest.join(', ') : [...titles].slice(0, 3).join(', ');
}

/** Cluster, namespace and workload that all alerts share. */
function placeOf(all: readonly Alert[]): string {
  const shared = (label: string): string => {
    const [first, ...others] = new Set(all.map(({ labels }) => labelOf(labels, label)));
    return others.length === 0 ? (first ?? '') : '';
  };
  const pod = shared('pod') || shared('workload') || shared('node');
  return [shared('cluster') || shared('account'), shared('namespace'), pod].filter((part) => part !== '').join(' / ');
}

/** Only when something begins, and only for whom the config names. */
function mentionText({ firing, fresh, reason }: Notice, severity: Severity, settings: MessageSettings): string {
  if ((reason !== 'first' && reason !== 'new-alerts') || firing.length === 0) return '';
  const ids = new Set(
    fresh
      .filter((alert) => alert.severity === severity && alert.isBlind !== true)
      .flatMap(({ labels }) => settings.mentions(severity, labels)),
  );
  return [...ids]
    .slice(0, 5)
    .map(mention)
    .filter((text) => text !== '')
    .join(' ');
}
