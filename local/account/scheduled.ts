import { LAMBDA_FAILURE_PREFIX } from '../../lambdas/core/delivery/failure-record.ts';
import type { BucketStore } from '../s3/bucket-store.ts';
import type { Resolver } from '../template/resolver.ts';
import type { LocalAccount } from './account.ts';
import { type IdleRule, readRules, type Schedule, ScheduleRunner, scheduledEvent } from './schedules.ts';

/** The schedules of an account, and the rules that do not run here. */
export interface Scheduled {
  readonly runner: ScheduleRunner;
  readonly idle: readonly IdleRule[];
}

/** Wires the rules of the templates to their functions. Alerts, where there are any, sweep every minute by themselves and take events of AWS (alerts/alert-run.ts). */
export function wireSchedules(account: LocalAccount, resolver: Resolver, hasAlerts: boolean): Scheduled {
  const { schedules, idle } = readRules(resolver, ({ properties }) => {
    return hasAlerts && (properties['ScheduleExpression'] === 'rate(1 minute)' || properties['EventPattern'] !== undefined);
  });
  const runnable: Schedule[] = [];
  for (const schedule of schedules) {
    try {
      account.host(resolver, schedule.functionArn);
      runnable.push(schedule);
    } catch (error) {
      idle.push({ path: schedule.rule.path, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const runner = new ScheduleRunner(runnable, {
    clock: account.parts.clock,
    invoke: (schedule, nowMs) => account.call(account.host(resolver, schedule.functionArn), scheduledEvent(schedule, nowMs)),
  });
  return { runner, idle };
}

/** The run's clock does not go on for the buffers of delivery streams, which may be a quarter of an hour: at the end they hand on what they have. */
async function drainDelivery(account: LocalAccount): Promise<void> {
  do await account.parts.clock.drain();
  while (account.flushDelivery());
}

/** Lets time pass until nothing is left to happen, and until the schedules that know an on-failure bucket have sent again what lies in it. */
export async function drainAll(wired: {
  readonly account: LocalAccount;
  readonly resolver: Resolver;
  readonly scheduled: Scheduled;
  readonly store: BucketStore;
}): Promise<void> {
  const { account, resolver, scheduled, store } = wired;
  await drainDelivery(account);
  const waitingIn = (bucket: string): number => store.list(bucket, LAMBDA_FAILURE_PREFIX).length;
  const buckets = store.buckets().filter((bucket) => waitingIn(bucket) > 0);
  if (buckets.length === 0) return;
  await scheduled.runner.settle(
    () => buckets.reduce((sum, bucket) => sum + waitingIn(bucket), 0),
    ({ functionArn }) => {
      const variables = JSON.stringify(account.functionResource(resolver, functionArn).properties['Environment'] ?? {});
      return buckets.some((bucket) => variables.includes(JSON.stringify(bucket)));
    },
  );
}
