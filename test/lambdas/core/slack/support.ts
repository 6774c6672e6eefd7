import type { Alert } from '../../../../lambdas/core/alerts/alert.ts';
import type { Notice } from '../../../../lambdas/core/alerts/chat.ts';
import { compileExplanations } from '../../../../lambdas/core/alerts/explanation.ts';
import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';
import { BUILTIN_RULES } from '../../../../lambdas/core/redact/rule-names.ts';
import type { MessageSettings } from '../../../../lambdas/core/slack/settings.ts';
import { NOW } from '../alerts/support.ts';

const redactor = compileRedaction({ builtin: BUILTIN_RULES, fields: [], patterns: [] });

export const SETTINGS: MessageSettings = {
  language: 'en',
  redact: (text) => redactor.text(text),
  explain: compileExplanations([
    {
      matchers: [],
      logGroups: ['/aws/containerinsights/{cluster}/application'],
      query: 'fields @timestamp, log\n| filter kubernetes.namespace_name = "{{namespace}}"\n| sort @timestamp desc',
      dashboard: 'eks-{cluster}',
    },
  ]),
  mentions: (severity) => (severity === 'critical' ? ['S0123ABCD'] : []),
  isInteractive: true,
};

export function noticeOf(alerts: readonly Alert[], fields: Partial<Notice> = {}): Notice {
  const events = alerts.filter(({ lifecycle }) => lifecycle === 'once');
  const states = alerts.filter(({ lifecycle }) => lifecycle === 'state');
  const resolved = states.filter(({ endsAt }) => endsAt !== undefined);
  const firing = states.filter(({ endsAt }) => endsAt === undefined);
  return {
    receiver: 'platform',
    groupId: 'group',
    groupLabels: {},
    reason: firing.length > 0 ? 'first' : resolved.length > 0 ? 'all-resolved' : 'event',
    firing,
    resolved,
    events,
    fresh: firing,
    mutedCount: 0,
    nowMs: NOW,
    ...fields,
  };
}
