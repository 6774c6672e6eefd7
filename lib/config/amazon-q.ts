import type { AlertKind } from '../../lambdas/core/alerts/alert.ts';
import type { Config } from './resolve.ts';

/**
 * How Amazon Q Developer in chat applications shows a kind of notification: in its own form; as any event of EventBridge, by its title only; not at all (what is neither
 * an event of AWS nor in the form of a custom notification is dropped without a word); or nothing that its documentation tells.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/related-services.html, custom-notifs.html
 */
export type AmazonQView = 'form' | 'title' | 'nothing' | 'unknown';

/** What it makes of each kind that alert-notifier knows. */
export const AMAZON_Q_VIEWS: { readonly [kind in Exclude<AlertKind, 'storm'>]: AmazonQView } = {
  'metric-alarm': 'form',
  'anomaly-alarm': 'form',
  'composite-alarm': 'form',
  'log-alarm': 'unknown',
  'promql-alarm': 'unknown',
  alertmanager: 'nothing',
  autoscaling: 'title',
  backup: 'title',
  budget: 'form',
  cloudformation: 'form',
  codebuild: 'form',
  codepipeline: 'form',
  eks: 'title',
  'github-actions': 'nothing',
  guardduty: 'form',
  health: 'form',
  'kubernetes-node': 'title',
  'malware-scan': 'title',
  rds: 'title',
  'security-hub': 'form',
  json: 'nothing',
  text: 'nothing',
};

/** What is missing there whatever is told, against our own notifier. */
export const AMAZON_Q_LACKS = [
  'groups',
  'repeats',
  'silences and inhibition',
  'routes by label',
  'a digest of a storm',
  'updates in place',
  'the last log lines and the query behind them',
  'runbook, owner and mentions',
  'redaction',
  'Korean',
] as const;

/** What an account's own notifications lose there: kinds of alarms and senders that it has and that are not shown, in words. */
export function lostInAmazonQ({ slack }: Config, alarmKinds: ReadonlySet<string>): string[] {
  const lost: string[] = [];
  for (const kind of ['log', 'promql'] as const)
    if (alarmKinds.has(kind) && AMAZON_Q_VIEWS[`${kind}-alarm`] === 'unknown')
      lost.push(`perhaps ${kind} alarms (nothing says that they are shown)`);
  if (slack.publishers.includes('aps')) lost.push('alerts of Prometheus');
  if (slack.gitHub.repositories.length > 0) lost.push('workflows of GitHub');
  return lost;
}
