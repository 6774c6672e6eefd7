import type { Severity } from '../alerts/alert.ts';
import { cutText } from '../alerts/text.ts';
import type { Incident } from './incident.ts';

/** A request of the Alert API of Opsgenie, which Jira Service Management has too; without its key. https://docs.opsgenie.com/docs/alert-api */
export interface OpsgenieRequest {
  /** Below `/v2/alerts`. */
  readonly path: string;
  readonly body: { readonly [name: string]: unknown };
}

const PRIORITIES: { readonly [severity in Severity]: string } = { critical: 'P1', warning: 'P3', info: 'P5' };

/** The API's limits, in characters. */
const LIMITS = { message: 130, alias: 512, description: 15_000, source: 100, entity: 512, tag: 50, details: 8000 } as const;

/** The request that tells Opsgenie of an incident. The alias makes an alert that is told twice one alert. */
export function opsgenieRequest(incident: Incident): OpsgenieRequest {
  const { action, component, details, group, id, kind, links, severity, source, startsAt, summary } = incident;
  const alias = id.slice(0, LIMITS.alias);
  if (action === 'close')
    return {
      path: `/${encodeURIComponent(alias)}/close?identifierType=alias`,
      body: { source: 'eks-telemetry', note: cutText(summary, LIMITS.message) },
    };
  const text = [summary, new Date(startsAt).toISOString(), ...links.map(({ href, text: name }) => `${name}: ${href}`)].join('\n');
  return {
    path: '',
    body: {
      message: cutText(summary, LIMITS.message),
      alias,
      description: cutText(text, LIMITS.description),
      priority: PRIORITIES[severity],
      source: cutText(source, LIMITS.source),
      entity: cutText([group, component].filter((part) => part !== '').join('/'), LIMITS.entity),
      tags: [severity, kind].map((tag) => cutText(tag, LIMITS.tag)),
      details: within(details, LIMITS.details),
    },
  };
}

/** The first details that together stay below a limit. */
function within(details: Incident['details'], limit: number): Incident['details'] {
  let length = 0;
  return Object.fromEntries(
    Object.entries(details).filter(([name, value]) => {
      length += name.length + value.length;
      return length <= limit;
    }),
  );
}
