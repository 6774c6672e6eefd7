import type { Alert, AlertKind, Detail, Link, Severity } from '../alert.ts';
import { consoleHost, encodePart, isRegion } from '../console-links.ts';
import type { ReadInput } from '../incoming.ts';
import { cleanLabels } from '../labels.ts';
import { isHttps } from './alarm.ts';

/** What a reader found out about an event of another service. */
export interface Found {
  readonly kind: AlertKind;
  /** What is the same for every report of one thing. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Name that routes and groups go by. */
  readonly alertname: string;
  /** Whether it fires, is resolved, or is an event that simply happened. */
  readonly state: 'firing' | 'resolved' | 'once';
  readonly at: number;
  readonly startsAt?: number;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly reason?: string | undefined;
  readonly labels?: readonly (readonly [string, string | undefined])[];
  readonly details?: readonly (readonly [string, string | undefined])[];
  readonly links?: readonly (Link | undefined)[];
}

/** Longest reason that is kept, in UTF-16 units: messages show far less, and rows of a table have a limit. */
const MAX_REASON = 4000;
const MAX_DETAILS = 12;

/** An alert of what a reader found. */
export function noticeOf(found: Found, input: ReadInput): Alert {
  const { account = input.account, region = input.region, state } = found;
  const details: Detail[] = (found.details ?? []).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [{ name, value: value.slice(0, 1000) }],
  );
  return {
    key: `${found.kind}/${found.id}`,
    kind: found.kind,
    lifecycle: state === 'once' ? 'once' : 'state',
    title: found.title.slice(0, 1000),
    severity: found.severity,
    labels: cleanLabels([
      ['alertname', found.alertname],
      ['severity', found.severity],
      ['kind', found.kind],
      ['account', account],
      ['region', region],
      ...(found.labels ?? []).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]])),
    ]),
    startsAt: found.startsAt ?? found.at,
    ...(state === 'resolved' ? { endsAt: Math.min(found.at, input.receivedAt) } : {}),
    updatedAt: found.at,
    ...(found.reason === undefined ? {} : { reason: found.reason.slice(0, MAX_REASON) }),
    details: details.slice(0, MAX_DETAILS),
    links: (found.links ?? []).filter((link) => link !== undefined),
  };
}

/** A page of a service in the console of the event's Region; undefined where the Region is no Region. */
export function consoleLink(region: string | undefined, path: string): Link | undefined {
  if (region === undefined || !isRegion(region)) return undefined;
  return { kind: 'console', url: `https://${consoleHost(region)}/${path}` };
}

/** A link that a message brings along; undefined where it is no https address. */
export function givenLink(kind: Link['kind'], url: string | undefined, text?: string): Link | undefined {
  if (url === undefined || !isHttps(url)) return undefined;
  return { kind, url, ...(text === undefined ? {} : { text }) };
}

export { encodePart };
