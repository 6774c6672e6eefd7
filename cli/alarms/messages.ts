import { snsMessage, snsSubject } from '../../lambdas/core/alarms/notification.ts';
import type { Transition } from '../../lambdas/core/alarms/transition.ts';
import { type Alert, isResolved } from '../../lambdas/core/alerts/alert.ts';
import { readAlerts } from '../../lambdas/core/alerts/read.ts';

/** What the notifier makes of a change. */
export interface ToldAlert {
  readonly atMs: number;
  readonly state: 'firing' | 'resolved';
  readonly alert: Alert;
}

const OWNER = { account: '111122223333', region: 'us-east-1', regionName: 'US East (N. Virginia)', partition: 'aws', configuredMs: 0 };

/** The alerts that alert-notifier reads of what alarms tell: the notification as CloudWatch writes it, read by the code that is deployed. */
export function alertsOf(transitions: readonly Transition[]): ToldAlert[] {
  return transitions
    .filter(({ actions }) => actions.length > 0)
    .flatMap((transition, index) => {
      const { atMs } = transition;
      const incoming = { id: String(index), text: snsMessage(transition, OWNER), subject: snsSubject(transition, OWNER), sentAt: atMs };
      return readAlerts(incoming, { receivedAt: atMs, account: OWNER.account, region: OWNER.region }).map(
        (alert): ToldAlert => ({ atMs, state: isResolved(alert, atMs) ? 'resolved' : 'firing', alert }),
      );
    });
}
