import { plain } from '../../lambdas/core/slack/escape.ts';
import type { AlertRun } from './alert-run.ts';

/** What was told in a run. */
export interface AlertSummary {
  readonly messages: number;
  /** In threads. */
  readonly replies: number;
  /** Messages that were changed in place. */
  readonly changed: number;
  /** Incidents that pagers were told of, and how many of them are closed. */
  readonly incidents: { readonly opened: number; readonly closed: number };
  readonly told: readonly { readonly at: string; readonly channel: string; readonly text: string }[];
  /** Messages that subscriptions of other protocols would have had. */
  readonly notDelivered: readonly { readonly protocol: string; readonly count: number }[];
}

/** How many messages a report lists. */
const MAX_TOLD = 30;

/** Sums up what Slack got; undefined where the templates have no alerts. */
export function summarizeAlerts(alerts: AlertRun | undefined): AlertSummary | undefined {
  if (alerts === undefined) return undefined;
  const { messages } = alerts.sink;
  const roots = messages.filter(({ threadTs }) => threadTs === undefined);
  return {
    messages: roots.length,
    replies: messages.length - roots.length,
    changed: roots.filter(({ edits }) => edits > 0).length,
    incidents: { opened: alerts.incidents.length, closed: alerts.incidents.filter(({ closedMs }) => closedMs !== undefined).length },
    told: roots.slice(0, MAX_TOLD).map(({ channel, message, postedMs }) => ({
      at: new Date(postedMs).toISOString(),
      channel,
      text: plain(message.text).slice(0, 160),
    })),
    notDelivered: [...alerts.topics.notDelivered].map(([protocol, count]) => ({ protocol, count })),
  };
}
