import type { Alert, Link, Severity } from '../alert.ts';
import { isResolved } from '../alert.ts';
import { listAt, objectAt, type ReadInput, reportedAt, textAt, timeOf } from '../incoming.ts';
import { canonicalLabels, cleanLabels, severityOf } from '../labels.ts';
import { givenLink } from './notice.ts';

interface Reported {
  readonly labels: readonly (readonly [string, string])[];
  readonly annotations: ReadonlyMap<string, string>;
  readonly isFiring: boolean;
  readonly startsAt?: number | undefined;
  readonly endsAt?: number | undefined;
  readonly source?: string | undefined;
}

/** Alertmanager's webhook JSON, which the template that comes with this app makes Amazon Managed Prometheus send. */
export function readAlertmanagerJson(input: ReadInput): Alert[] | undefined {
  const { json } = input;
  const alerts = listAt(json, 'alerts');
  if (alerts.length === 0 || (textAt(json, 'receiver') === undefined && objectAt(json, 'groupLabels') === undefined)) return undefined;
  return alerts.slice(0, 1000).map((alert) => {
    const pairs = (name: string): [string, string][] =>
      Object.entries(objectAt(alert, name) ?? {}).flatMap(([key, value]): [string, string][] =>
        typeof value === 'string' ? [[key, value]] : [],
      );
    const endsAt = timeOf(textAt(alert, 'endsAt'));
    return toAlert(
      {
        labels: pairs('labels'),
        annotations: new Map(pairs('annotations')),
        isFiring: textAt(alert, 'status') !== 'resolved',
        startsAt: timeOf(textAt(alert, 'startsAt')),
        endsAt,
        source: textAt(alert, 'generatorURL'),
      },
      input,
    );
  });
}

/** The text that Amazon Managed Prometheus sends without a template: alerts that fire and that are resolved in one message. */
export function readAlertmanagerText(input: ReadInput): Alert[] | undefined {
  if (input.json !== undefined || !/^[ \t]*Alerts (?:Firing|Resolved):/m.test(input.text)) return undefined;
  const reported: Reported[] = [];
  let isFiring = true;
  let section: 'labels' | 'annotations' | undefined;
  let current: { labels: [string, string][]; annotations: Map<string, string>; source?: string } | undefined;
  const close = (): void => {
    if (current && current.labels.length > 0) reported.push({ ...current, isFiring });
    current = undefined;
  };
  for (const line of input.text.split(/\r?\n/)) {
    const heading = /^\s*Alerts (Firing|Resolved):/.exec(line)?.[1];
    if (heading !== undefined) {
      close();
      isFiring = heading === 'Firing';
    } else if (/^\s*Labels:/.test(line)) {
      close();
      current = { labels: [], annotations: new Map() };
      section = 'labels';
    } else if (/^\s*Annotations:/.test(line)) section = 'annotations';
    else if (/^\s*Source:/.test(line)) {
      if (current) current.source = line.replace(/^\s*Source:\s*/, '');
    } else {
      const pair = /^\s*- ([^=]+?) = (.*)$/.exec(line);
      if (pair?.[1] === undefined || current === undefined) continue;
      if (section === 'labels') current.labels.push([pair[1], pair[2] ?? '']);
      else current.annotations.set(pair[1], pair[2] ?? '');
    }
    if (reported.length >= 1000) break;
  }
  close();
  return reported.length === 0 ? undefined : reported.map((report) => toAlert(report, input));
}

function toAlert(report: Reported, input: ReadInput): Alert {
  const { annotations } = report;
  const given = new Map(report.labels);
  const name = given.get('alertname') ?? 'Prometheus alert';
  const severity: Severity = severityOf(given.get('severity')) ?? 'warning';
  const own = cleanLabels(report.labels);
  const startsAt = report.startsAt ?? input.sentAt;
  const endsAt = report.isFiring ? undefined : Math.min(report.endsAt ?? input.sentAt, input.receivedAt);
  const links: (Link | undefined)[] = [
    givenLink('runbook', annotations.get('runbook_url') ?? annotations.get('runbook')),
    givenLink('dashboard', annotations.get('dashboard_url') ?? annotations.get('dashboard')),
    givenLink('other', report.source, 'Prometheus'),
  ];
  const summary = annotations.get('summary');
  const description = annotations.get('description') ?? annotations.get('message');
  const title = summary ?? name;
  return {
    key: `alertmanager/${canonicalLabels(own)}`,
    kind: 'alertmanager',
    lifecycle: 'state',
    title,
    severity,
    labels: cleanLabels([
      ['alertname', name],
      ['kind', 'alertmanager'],
      ...report.labels,
      ['severity', severity],
      ['account', input.account],
      ['region', input.region],
    ]),
    startsAt,
    ...(endsAt === undefined ? {} : { endsAt }),
    // The sender's own repeats carry the same start: the envelope's time orders them. An end counts from when it is sent.
    updatedAt: reportedAt(undefined, input),
    ...(description === undefined ? {} : { reason: description }),
    details: [],
    links: links.filter((link) => link !== undefined),
    ...(isResolved({ ...(endsAt === undefined ? {} : { endsAt }) }, input.receivedAt)
      ? {}
      : { window: { fromMs: startsAt - 300_000, toMs: startsAt + 600_000 } }),
  };
}
