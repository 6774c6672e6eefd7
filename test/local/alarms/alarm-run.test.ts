import { join } from 'node:path';
import { planAlarms } from '../../../lib/alarms/plan.ts';
import { withActions } from '../../../lib/alarms/with-actions.ts';
import { loadConfig } from '../../../lib/config/load.ts';
import { AlarmRun, type AlarmSet } from '../../../local/alarms/alarm-run.ts';
import { emfSamples } from '../../../local/alarms/emf-samples.ts';
import { summarizeAlarms } from '../../../local/alarms/summary.ts';
import { RunClock } from '../../../local/clock/run-clock.ts';
import { groupsOf, sampleSources } from '../../../local/feed/sources.ts';

interface Published {
  readonly atMs: number;
  readonly topic: string;
  readonly message: { readonly [name: string]: unknown };
}

/** The alarms of config/local.yaml; that the templates hold the same is tested with their stack. */
function alarmsOfLocal(): AlarmSet {
  const loaded = loadConfig('config/local.yaml', { provesRegexes: false });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ what }) => what).join('\n'));
  const planned = planAlarms(loaded.config).flatMap(({ alarms }) => alarms);
  const topicFor = (severity: string) => `arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-${severity}`;
  return {
    definitions: planned.map((one) => withActions(one, topicFor, true)),
    filters: planned.flatMap(({ filters }) => filters),
    mutes: [],
  };
}

let run: AlarmRun;
const published: Published[] = [];
beforeAll(async () => {
  const sources = await sampleSources(join(process.cwd(), 'samples'), groupsOf('local'));
  const all: { timestamp: number; message: string; group: string; stream: string }[] = [];
  for (const { logGroup, logStream, events } of sources) {
    if (logGroup !== '/aws/eks/local/cluster') continue;
    for await (const { timestamp, message } of events()) all.push({ timestamp, message, group: logGroup, stream: logStream });
  }
  const startMs = Math.min(...all.map(({ timestamp }) => timestamp));
  const clock = new RunClock(startMs, { elapsedMs: () => 0, sleep: () => Promise.resolve() });
  const publish = (topic: string, message: string): void => {
    published.push({ atMs: clock.now(), topic, message: JSON.parse(message) as Published['message'] });
  };
  run = new AlarmRun(alarmsOfLocal(), { clock, account: '111122223333', region: 'us-east-1', startMs, publish });
  for (const { timestamp, message, group, stream } of all)
    clock.at(timestamp, () => run.take(group, stream, [{ id: '', timestamp, message }]));
  await clock.drain();
}, 60_000);

const told = (alarm: string): string[] =>
  published
    .filter(({ message }) => message['AlarmName'] === `eks-telemetry/local/${alarm}`)
    .map(({ atMs, message }) => `${new Date(atMs).toISOString().slice(11, 16)} ${String(message['NewStateValue'])}`);

describe('the alarms of config/local.yaml over the recorded control plane', () => {
  test('etcd without space is told once, and once that it is over', () => {
    expect(told('etcd-space')).toEqual(['08:24 OK', '08:32 ALARM', '08:39 OK']);
    const [, fired] = published.filter(({ message }) => message['AlarmName'] === 'eks-telemetry/local/etcd-space');
    expect(fired).toMatchObject({
      topic: 'arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-critical',
      message: { OldStateValue: 'OK', AlarmTags: { severity: 'critical', team: 'platform', cluster: 'local' } },
    });
  });

  test('nodes that are not ready are told within the minute, and once though there are two of them', () => {
    expect(told('node-not-ready-log')).toEqual(['08:24 OK', '08:26 ALARM', '08:28 OK']);
  });

  test('the denied requests of the recording are a burst', () => {
    expect(told('access-denied')).toEqual(['08:24 ALARM', '08:29 OK']);
    expect(told('authenticator-denied')).toEqual(['08:24 OK', '08:25 ALARM', '08:29 OK']);
  });

  test('nothing else fires but the silence of the group that nothing was sent to', () => {
    const fired = summarizeAlarms(run)?.transitions.flatMap(({ alarm, to }) => (to === 'ALARM' ? [alarm.split('/')[2]] : []));

    expect([...new Set(fired)].sort()).toEqual([
      'access-denied',
      'authenticator-denied',
      'etcd-space',
      'log-silence:local-application',
      'node-not-ready-log',
    ]);
  });
});

test('embedded metrics of a function and of the agent are samples of each of their sets of dimensions', () => {
  const lambda = JSON.stringify({
    _aws: {
      Timestamp: 1000,
      CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['A'], ['A', 'B']], Metrics: [{ Name: 'm', Unit: 'Count' }] }],
    },
    A: 'a',
    B: 'b',
    m: [1, 2],
  });
  const agent = { CloudWatchMetrics: [{ Namespace: 'ContainerInsights', Dimensions: [['ClusterName']], Metrics: [{ Name: 'node_cpu' }] }] };

  expect(
    emfSamples(`2026-11-21T10:00:00Z\tid\tINFO\t${lambda}`, 5).map(({ metric, sample }) => [metric.dimensions, sample.timeMs, sample.sum]),
  ).toEqual([
    [{ A: 'a' }, 1000, 1],
    [{ A: 'a' }, 1000, 2],
    [{ A: 'a', B: 'b' }, 1000, 1],
    [{ A: 'a', B: 'b' }, 1000, 2],
  ]);
  expect(emfSamples(JSON.stringify({ ...agent, ClusterName: 'c', Timestamp: '2000', node_cpu: 7 }), 5)).toMatchObject([
    {
      metric: { namespace: 'ContainerInsights', metricName: 'node_cpu', dimensions: { ClusterName: 'c' } },
      sample: { timeMs: 2000, sum: 7 },
    },
  ]);
  expect(emfSamples('{"_aws": broken', 5)).toEqual([]);
  expect(emfSamples('plain text', 5)).toEqual([]);
});
