import { cutText } from '../alerts/text.ts';
import type { Incident } from './incident.ts';

/** An event for PagerDuty's Events API v2, without its routing key: that is a secret and comes last. https://developer.pagerduty.com/docs/send-alert-event */
export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly client?: string;
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: 'critical' | 'warning' | 'info';
    readonly timestamp: string;
    readonly component?: string;
    readonly group?: string;
    readonly class: string;
    readonly custom_details: Incident['details'];
  };
  readonly links?: Incident['links'];
}

/** The API's limits: characters of a summary and of a key. An event is at most 512 KB, which 40 details of 1,000 code points stay below. */
const LIMITS = { summary: 1024, key: 255 } as const;

/** The event that tells PagerDuty of an incident. */
export function pagerDutyEvent({
  action,
  component,
  details,
  group,
  id,
  kind,
  links,
  severity,
  source,
  startsAt,
  summary,
}: Incident): PagerDutyEvent {
  const dedup_key = id.slice(0, LIMITS.key);
  if (action === 'close') return { event_action: 'resolve', dedup_key };
  return {
    event_action: 'trigger',
    dedup_key,
    client: 'eks-telemetry',
    payload: {
      summary: cutText(summary, LIMITS.summary),
      source,
      severity,
      timestamp: new Date(startsAt).toISOString(),
      ...(component === '' ? {} : { component }),
      ...(group === '' ? {} : { group }),
      class: kind,
      custom_details: details,
    },
    ...(links.length === 0 ? {} : { links }),
  };
}
