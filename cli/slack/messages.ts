import { createHash } from 'node:crypto';
import type { Alert } from '../../lambdas/core/alerts/alert.ts';
import type { Notice } from '../../lambdas/core/alerts/chat.ts';
import type { Incoming } from '../../lambdas/core/alerts/incoming.ts';
import { compileNotifier, type NotifierRules } from '../../lambdas/core/alerts/notifier-rules.ts';
import { readAlerts } from '../../lambdas/core/alerts/read.ts';
import { groupKey, groupLabels, matchRoutes, type Route } from '../../lambdas/core/alerts/routes.ts';
import { type PagerRequest, renderPager } from '../../lambdas/core/pagers/render.ts';
import { DEFAULT_REDACTION } from '../../lambdas/core/redact/rule-names.ts';
import type { SlackMessage } from '../../lambdas/core/slack/blocks.ts';
import { renderMessage } from '../../lambdas/core/slack/message.ts';

/** A message that events would lead to, and why. */
export interface PreviewedMessage {
  readonly alerts: readonly Alert[];
  readonly route: Route;
  readonly notice: Notice;
  /** What Slack is sent, or what a pager is: without its key. */
  readonly payload: SlackMessage | readonly PagerRequest[];
  /** In words: which route, what group, when. */
  readonly reason: string;
}

/** Whether a payload is for a pager. */
export function isForPager(payload: PreviewedMessage['payload']): payload is readonly PagerRequest[] {
  return Array.isArray(payload);
}

/** Rules of a preview without a config: one receiver, everything by its defaults. */
export function defaultRules(account: string, region: string): NotifierRules {
  return {
    account,
    region,
    language: 'en',
    receivers: [{ name: 'preview', kind: 'bot', secretArn: '', channel: 'C0000000000', sendResolved: true, graph: true, mentions: {} }],
    route: { receiver: 'preview' },
    inhibit: [],
    owners: {},
    storm: { messages: 10, windowMs: 300_000 },
    explanations: [],
    redaction: DEFAULT_REDACTION,
    isInteractive: false,
  };
}

/**
 * The messages of events, by the code that is deployed: redacted, read, routed, grouped. Events of one group are one message. An event that only tells of an end is shown
 * as if its beginning had been told.
 */
export function previewMessages(
  incomings: readonly Incoming[],
  rules: NotifierRules,
  { as, nowMs }: { readonly as: 'first' | 'repeat' | undefined; readonly nowMs: number | undefined },
): { readonly messages: PreviewedMessage[]; readonly quiet: number } {
  const notifier = compileNotifier(rules, 0);
  const groups = new Map<string, { readonly route: Route; readonly id: string; readonly alerts: Alert[] }>();
  let quiet = 0;
  for (const incoming of incomings) {
    const alerts = readAlerts(
      { ...incoming, text: notifier.redact(incoming.text) },
      { receivedAt: incoming.sentAt, account: rules.account, region: rules.region },
    );
    if (alerts.length === 0) quiet++;
    for (const alert of alerts) {
      for (const route of matchRoutes(notifier.root, alert.labels)) {
        const key = groupKey(route, groupLabels(route, alert.labels));
        const group = groups.get(key) ?? { route, id: createHash('sha256').update(key).digest('hex').slice(0, 32), alerts: [] };
        // The later report of one alert takes the place of the one before.
        const others = group.alerts.filter((other) => other.key !== alert.key || other.updatedAt > alert.updatedAt);
        const isOld = others.some((other) => other.key === alert.key);
        groups.set(key, { ...group, alerts: isOld ? others : [...others, alert] });
      }
    }
  }
  const messages = [...groups.values()].map(({ alerts, id, route }) => {
    const notice = noticeOf(alerts, route, id, { as, nowMs });
    const settings = notifier.settingsOf(route.receiver);
    const kind = notifier.receivers.get(route.receiver)?.kind;
    const payload = kind === 'pagerduty' || kind === 'opsgenie' ? renderPager(kind, notice, settings) : renderMessage(notice, settings);
    return { alerts, route, notice, payload, reason: inWords(notice, route) };
  });
  return { messages, quiet };
}

function noticeOf(
  alerts: readonly Alert[],
  route: Route,
  groupId: string,
  { as, nowMs: given }: { readonly as: 'first' | 'repeat' | undefined; readonly nowMs: number | undefined },
): Notice {
  const newest = Math.max(...alerts.map(({ updatedAt }) => updatedAt));
  const nowMs = given ?? newest + (as === 'repeat' ? route.repeatIntervalMs : route.groupWaitMs);
  const events = alerts.filter(({ lifecycle }) => lifecycle === 'once');
  const states = alerts.filter(({ lifecycle }) => lifecycle === 'state');
  const resolved = states.filter(({ endsAt }) => endsAt !== undefined && endsAt <= nowMs);
  const firing = states.filter((alert) => !resolved.includes(alert));
  const reason = firing.length > 0 ? (as ?? 'first') : resolved.length > 0 ? 'all-resolved' : 'event';
  return {
    receiver: route.receiver,
    groupId,
    groupLabels: groupLabels(route, alerts[0]?.labels ?? {}),
    reason,
    firing,
    resolved,
    events,
    fresh: reason === 'repeat' ? [] : firing,
    mutedCount: 0,
    nowMs,
  };
}

const REASONS: { readonly [reason in Notice['reason']]: (route: Route) => string } = {
  first: ({ groupWaitMs }) => `first message of the group, ${groupWaitMs / 1000} s after its first alert`,
  'new-alerts': ({ groupIntervalMs }) => `new alerts, at the next look (each ${groupIntervalMs / 1000} s)`,
  'new-resolved': ({ groupIntervalMs }) => `some are over, at the next look (each ${groupIntervalMs / 1000} s)`,
  'all-resolved': ({ groupIntervalMs }) => `all are over, if they were told before; at the next look (each ${groupIntervalMs / 1000} s)`,
  repeat: ({ repeatIntervalMs }) => `told again, because nothing changed for ${repeatIntervalMs / 60_000} minutes`,
  event: ({ groupWaitMs }) => `an event: told once, after ${groupWaitMs / 1000} s, neither repeated nor resolved`,
};

function inWords({ groupLabels: labels, reason }: Notice, route: Route): string {
  const group = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `${REASONS[reason](route)}; group ${group.length === 0 ? 'of everything' : group.join(' ')}; route ${route.path} to ${route.receiver}`;
}
