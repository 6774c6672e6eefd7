import type { Alert, Severity } from '../alerts/alert.ts';
import { worse } from '../alerts/alert.ts';
import type { Notice } from '../alerts/chat.ts';
import { linksOf } from '../alerts/explanation.ts';
import { labelOf } from '../alerts/labels.ts';
import { cutText } from '../alerts/text.ts';
import { oneLine, plain } from '../slack/escape.ts';
import { basisText, conditionText, numberText } from '../slack/format.ts';
import { cleanNotice, summaryOf } from '../slack/message.ts';
import { redactLinks } from '../slack/redact-alert.ts';
import type { MessageSettings } from '../slack/settings.ts';
import { TEXTS, type Texts } from '../slack/texts.ts';

/** What a pager is told: that something is wrong, or that it is over. Plain text, redacted, cut. */
export interface Incident {
  readonly action: 'open' | 'close';
  /** The same for everything that is told of one incident: a pager puts it together by this. */
  readonly id: string;
  readonly summary: string;
  readonly severity: Severity;
  /** In ms since the epoch. */
  readonly startsAt: number;
  /** What is concerned, widest first: cluster or account, namespace, workload. */
  readonly source: string;
  readonly group: string;
  readonly component: string;
  readonly kind: string;
  readonly details: { readonly [name: string]: string };
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

/** Details, alerts of a list, and links of an incident at most; code points of a value. A page is read on a phone. */
const MOST = { details: 40, alerts: 20, links: 10, value: 1000, label: 200, summary: 1000 } as const;

/**
 * Incidents that a notice means: one for what fires in its group, closed when all of it is over, and one for events, which nobody ends. Told again, an incident
 * keeps its id, so a pager that was told twice has one.
 */
export function incidentsOf(given: Notice, settings: MessageSettings): Incident[] {
  const notice = cleanNotice(given, settings);
  const { events, firing, groupId, resolved } = notice;
  const incidents: Incident[] = [];
  if (firing.length > 0) incidents.push(incident('open', groupId, firing, { ...notice, events: [] }, settings));
  else if (resolved.length > 0) incidents.push(incident('close', groupId, resolved, { ...notice, events: [] }, settings));
  if (events.length > 0) {
    const id = `${groupId}-${Math.min(...events.map(({ startsAt }) => startsAt))}`;
    incidents.push(incident('open', id, events, { ...notice, firing: [], resolved: [] }, settings));
  }
  return incidents;
}

function incident(action: Incident['action'], id: string, alerts: readonly Alert[], notice: Notice, settings: MessageSettings): Incident {
  const texts = TEXTS[settings.language];
  const shared = (...labels: readonly string[]): string =>
    labels.map((label) => sharedLabel(alerts, label)).find((value) => value !== '') ?? '';
  const [first] = alerts;
  return {
    action,
    id,
    summary: cutText(summaryOf(notice, settings), MOST.summary),
    severity: alerts.map(({ severity }) => severity).reduce(worse, 'info'),
    startsAt: Math.min(...alerts.map(({ startsAt }) => startsAt)),
    source: shared('cluster', 'account') || 'eks-telemetry',
    group: shared('namespace', 'cluster', 'account'),
    component: shared('workload', 'pod', 'node', 'service', 'instance', 'alertname'),
    kind: first?.kind ?? 'text',
    details: bounded(alerts.length === 1 && first !== undefined ? oneAlert(first, texts) : manyAlerts(alerts, texts)),
    links: first === undefined ? [] : linksFor(first, settings, texts),
  };
}

function sharedLabel(alerts: readonly Alert[], label: string): string {
  const [value = '', ...others] = new Set(alerts.map(({ labels }) => labelOf(labels, label)));
  return others.length === 0 ? cutText(oneLine(value), MOST.label) : '';
}

function oneAlert(alert: Alert, texts: Texts): [string, string][] {
  const { description, details = [], kind, labels, measurement, reason, startsAt, title } = alert;
  const pairs: [string, string][] = [['title', title]];
  if (description !== undefined) pairs.push(['description', description]);
  if (measurement?.value !== undefined) pairs.push([texts.fields.value, numberText(measurement.value, measurement.unit)]);
  const condition = measurement && conditionText(measurement, texts);
  if (condition !== undefined) pairs.push([texts.fields.condition, condition]);
  if (measurement) pairs.push([texts.fields.measured, basisText(measurement, texts)]);
  // Of a composite it is the ARN of one of the alarms that stand in the details.
  if (reason !== undefined && kind !== 'composite-alarm') pairs.push(['reason', reason]);
  pairs.push([texts.fields.since, new Date(startsAt).toISOString()]);
  for (const { name, value } of details) pairs.push([name, value]);
  return [...pairs, ...Object.entries(labels)];
}

function manyAlerts(alerts: readonly Alert[], texts: Texts): [string, string][] {
  const shown = alerts.slice(0, MOST.alerts).map(({ labels, measurement, title }, index): [string, string] => {
    const place = ['cluster', 'namespace', 'workload', 'pod', 'node']
      .map((label) => labelOf(labels, label))
      .filter((value) => value !== '');
    const value = measurement?.value === undefined ? [] : [numberText(measurement.value, measurement.unit)];
    return [String(index + 1), [title, place.join('/'), ...value].filter((part) => part !== '').join(' · ')];
  });
  const left = alerts.length - shown.length;
  return left > 0 ? [...shown, ['…', texts.more(left)]] : shown;
}

/** Of two details with one name the first stays. */
function bounded(pairs: readonly (readonly [string, string])[]): { readonly [name: string]: string } {
  const details = new Map<string, string>();
  for (const [name, value] of pairs) {
    const key = cutText(oneLine(name), 100);
    const text = cutText(plain(value).trim(), MOST.value);
    if (key !== '' && text !== '' && !details.has(key) && details.size < MOST.details) details.set(key, text);
  }
  return Object.fromEntries(details);
}

function linksFor(alert: Alert, { explain, redact }: MessageSettings, texts: Texts): Incident['links'] {
  return redactLinks(linksOf(alert, explain(alert.labels)), redact)
    .slice(0, MOST.links)
    .map(({ kind, text, url }) => ({ href: url, text: cutText(oneLine(text ?? texts.buttons[kind]), 100) }));
}
