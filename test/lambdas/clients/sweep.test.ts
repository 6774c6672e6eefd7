import type { CallAws } from '../../../lambdas/clients/aws-json.ts';
import { type SweepPorts, sweepDue, sweepOrphans } from '../../../lambdas/clients/sweep.ts';
import type { MemoryAlertStore } from '../../../lambdas/core/alerts/memory-store.ts';
import { alertOf, MINUTE, NOW, Rig, SECOND } from '../core/alerts/support.ts';

const arn = (name: string, account = '111122223333'): string => `arn:aws:cloudwatch:us-east-1:${account}:alarm:${name}`;

/** Ports over what a rig has taken in; `alarms` is what CloudWatch says. */
function portsOf(rig: Rig, alarms: readonly { AlarmName: string; StateValue: string; StateUpdatedTimestamp: number }[] = []) {
  const flushed: string[] = [];
  const ended: { fingerprint: string; atMs: number; reason: string }[] = [];
  const asked: (readonly string[])[] = [];
  const metrics: CallAws = async (_action, input) => {
    const { AlarmNames } = input as { AlarmNames: string[] };
    asked.push(AlarmNames);
    return { MetricAlarms: alarms.filter(({ AlarmName }) => AlarmNames.includes(AlarmName)) };
  };
  const store: MemoryAlertStore = rig.store;
  const ports: SweepPorts = {
    table: {
      dueGroups: async (nowMs) => store.dueGroups(nowMs),
      async *openGroups() {
        yield* [...store.groups.values()].filter(({ flushAt }) => flushAt !== undefined);
      },
      liveAlerts: (id) => store.liveAlerts(id),
    },
    metrics,
    account: '111122223333',
    region: 'us-east-1',
    nowMs: rig.nowMs,
    flush: async (id) => void flushed.push(id),
    end: async ({ atMs, fingerprint, reason }) => void ended.push({ atMs, fingerprint, reason }),
    hasTime: () => true,
  };
  return { asked, ended, flushed, ports };
}

test('a group whose reminder was lost is looked at twenty seconds later, not before', async () => {
  const rig = new Rig();
  await rig.take(alertOf('A'));
  rig.nowMs = NOW + 49 * SECOND;
  expect(await sweepDue(portsOf(rig).ports)).toEqual({ overdue: 0, oldestMs: 0 });

  rig.nowMs = NOW + 51 * SECOND;
  const { flushed, ports } = portsOf(rig);
  expect(await sweepDue(ports)).toEqual({ overdue: 1, oldestMs: 21 * SECOND });
  expect(flushed).toHaveLength(1);
});

test('alarms that are OK or gone are ended, those that fire are not', async () => {
  const rig = new Rig({ receiver: 'platform', groupBy: ['alertname'] });
  for (const name of ['ok', 'gone', 'firing', 'changed-before']) await rig.take(alertOf(name, { key: arn(name) }));
  rig.nowMs = NOW + 20 * MINUTE;
  const at = (minutes: number): number => (NOW + minutes * MINUTE) / 1000;
  const { ended, ports } = portsOf(rig, [
    { AlarmName: 'ok', StateValue: 'OK', StateUpdatedTimestamp: at(5) },
    { AlarmName: 'firing', StateValue: 'ALARM', StateUpdatedTimestamp: at(0) },
    // Older than what we know: the report of a new ALARM was quicker than this answer.
    { AlarmName: 'changed-before', StateValue: 'OK', StateUpdatedTimestamp: at(-5) },
  ]);

  expect(await sweepOrphans(ports)).toBe(2);
  expect(ended.map(({ atMs, reason }) => [(atMs - NOW) / MINUTE, reason]).sort()).toEqual([
    [20, 'The alarm was deleted.'],
    [5, 'The alarm is OK.'],
  ]);
});

test('asks after old alarms of this account only, a hundred at a time, and contributors by their alarm', async () => {
  const rig = new Rig({ receiver: 'platform', groupBy: [] });
  await rig.take(alertOf('foreign', { key: arn('foreign', '444455556666') }), alertOf('event', { key: 'guardduty/1' }));
  for (let number = 0; number < 101; number++) await rig.take(alertOf('c', { key: `${arn(`alarm-${number}`)}#contributor` }));
  rig.nowMs = NOW + 9 * MINUTE;
  const early = portsOf(rig);
  await sweepOrphans(early.ports);
  rig.nowMs = NOW + 11 * MINUTE;
  const late = portsOf(rig);
  await sweepOrphans(late.ports);

  expect(early.asked).toEqual([]);
  expect(late.asked.map((names) => names.length)).toEqual([100, 1]);
  expect(late.asked.flat()).not.toContain('foreign');
});
