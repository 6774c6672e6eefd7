import { problemsWith, warningsWith } from '../texts.ts';

const alarms = (more: object) => ({ alarms: { enabled: true, ...more } });
const own = {
  title: 'Something is wrong',
  why: 'A test.',
  do: 'Nothing.',
  severity: 'info',
  check: {
    metric: {
      namespace: 'ContainerInsights',
      name: 'node_cpu_utilization',
      dimensions: { ClusterName: '{{cluster}}' },
      statistic: 'Maximum',
    },
    when: '> 1',
    points: '1 of 1',
    period: '60s',
    missing: 'missing',
    because: 'it is a test',
  },
};
const ownWith = (more: object) => alarms({ own: { mine: { ...own, ...more } } });

test("the catalogue and an alarm of one's own have no problem", () => {
  expect(problemsWith(alarms({}))).toEqual([]);
  expect(problemsWith(ownWith({}))).toEqual([]);
});

test('alarms that nobody hears are warned of', () => {
  expect(warningsWith(alarms({}))).toContainEqual(expect.stringContaining('alarms.enabled: alarms are deployed, but nobody is told'));
});

test.each<[string, object, string]>([
  ['a name that no alarm has', { disable: ['crash-lop'] }, 'alarms.disable[0]: no alarm has this name; did you mean crash-loop?'],
  [
    'a change of what is not there',
    { change: { 'crash-lop': { threshold: 1 } } },
    'alarms.change.crash-lop: there is no alarm crash-lop; did you mean crash-loop?',
  ],
  [
    'a threshold of a rule',
    { change: { 'workloads-waiting': { threshold: 1 } } },
    'alarms.change.workloads-waiting.threshold: this alarm has no threshold of its own',
  ],
  ['M above N', { change: { 'node-cpu': { points: '3 of 2' } } }, 'alarms.change.node-cpu: more points must breach than are looked at'],
  [
    'a period that CloudWatch does not have',
    { change: { 'node-cpu': { period: '90s' } } },
    'alarms.change.node-cpu: CloudWatch has no such period',
  ],
  [
    'more than a day',
    { change: { 'node-cpu': { points: '1500 of 1500' } } },
    'alarms.change.node-cpu: 1500 periods of 60s are too long a time to look back',
  ],
  [
    'a cluster that is not there',
    { change: { 'node-cpu': { clusters: ['nobody'] } } },
    'alarms.change.node-cpu.clusters[0]: there is no such cluster',
  ],
  [
    'namespaces of what has none',
    { change: { 'node-cpu': { namespaces: { web: { threshold: 1 } } } } },
    'alarms.change.node-cpu.namespaces: this alarm cannot differ by namespace',
  ],
  ['a warm-up of three days', { warmUp: '3d' }, 'alarms.warmUp: CloudWatch warms an alarm up neither shorter nor longer'],
  [
    'a mute rule without a schedule',
    { mute: [{ name: 'm', schedule: 'cron(0 2 * * * *)', duration: '1h', alarms: ['node-*'] }] },
    'alarms.mute[0].schedule: cron(…) has five fields, not 6',
  ],
  [
    'a mute rule of a month',
    { mute: [{ name: 'm', schedule: 'cron(0 2 * * *)', duration: '16d', alarms: ['node-*'] }] },
    'alarms.mute[0].duration: a mute rule lasts whole minutes, neither fewer nor more',
  ],
  [
    'a mute rule of a minute and a half',
    { mute: [{ name: 'm', schedule: 'cron(0 2 * * *)', duration: '90s', alarms: ['node-*'] }] },
    'alarms.mute[0].duration: a mute rule lasts whole minutes',
  ],
  [
    'two mute rules of one name',
    { mute: ['1h', '2h'].map((duration) => ({ name: 'm', schedule: 'cron(0 2 * * *)', duration, alarms: ['node-*'] })) },
    'alarms.mute[1].name: two mute rules have this name (the first is number 1)',
  ],
  [
    'a mute rule of nobody',
    { mute: [{ name: 'm', schedule: 'cron(0 2 * * *)', duration: '1h', alarms: ['nodez-*'] }] },
    'alarms.mute[0].alarms[0]: no alarm has this name',
  ],
  [
    'a time zone that nobody knows',
    { mute: [{ name: 'm', schedule: 'cron(0 2 * * *)', duration: '1h', timeZone: 'Mars/Base', alarms: ['node-*'] }] },
    'alarms.mute[0].timeZone: nobody knows this time zone',
  ],
  ['too many alarms', { maxAlarms: 10 }, 'alarms.enabled: 92 alarms would be deployed'],
])('%s is refused', (_name, more, expected) => {
  const problems = problemsWith(alarms(more)).join('\n');

  expect(problems.replace(/\d+ alarms would/, '92 alarms would')).toContain(expected);
});

test.each<[string, object, string]>([
  [
    'a period of ten seconds of what comes by the minute',
    { check: { ...own.check, period: '10s' } },
    'alarms.own.mine.check.period: metrics of AWS services and of Container Insights come by the minute',
  ],
  [
    'a threshold beyond all numbers',
    { check: { ...own.check, when: '> 1e999' } },
    'alarms.own.mine.check.when: a number that nothing can reach',
  ],
  ['a band without a width', { check: { ...own.check, when: 'outside band 0' } }, 'alarms.own.mine.check.when: a band needs a width'],
  [
    'more dimensions than a metric has',
    {
      check: {
        ...own.check,
        metric: {
          namespace: 'Mine',
          name: 'm',
          statistic: 'Sum',
          dimensions: Object.fromEntries([...Array(31).keys()].map((i) => [`d${i}`, 'v'])),
        },
      },
    },
    'alarms.own.mine.check.metric.dimensions: a metric has at most 30 dimensions',
  ],
  [
    'a metric that nobody sends',
    { check: { ...own.check, metric: { ...own.check.metric, name: 'node_cpu' } } },
    'alarms.own.mine.check.metric: this metric never has data: ContainerInsights has no metric node_cpu',
  ],
  [
    "AWS's own recommendation on pending pods",
    {
      check: {
        ...own.check,
        metric: { ...own.check.metric, name: 'pod_status_pending', dimensions: { ClusterName: '{{cluster}}', Namespace: 'web' } },
      },
    },
    'alarms.own.mine.check.metric: this metric never has data: ContainerInsights pod_status_pending has no set of dimensions {ClusterName, Namespace}',
  ],
  [
    'a broken pattern',
    { check: { ...own.check, metric: undefined, pattern: { source: 'controlPlane', filter: '{ $.a = }' } } },
    'alarms.own.mine.check.pattern.filter: column',
  ],
  [
    'a source that is not there',
    { check: { ...own.check, metric: undefined, pattern: { source: 'nowhere', filter: 'ERROR' } } },
    'alarms.own.mine.check.pattern.source: no source of this kind or name',
  ],
  ['a saved query that is not there', { query: 'capacity/nodes' }, 'alarms.own.mine.query: there is no saved query capacity/nodes'],
  ['a rule on nobody', { check: { rule: 'ALARM(nobody)' } }, 'alarms.own.mine.check.rule: there is no alarm nobody'],
  ['a teller that is no rule', { tellBy: 'crash-loop' }, 'alarms.own.mine.tellBy: only a rule can tell for another alarm'],
  ['a suppressor of a metric', { suppressor: { alarm: 'node-not-ready' } }, 'alarms.own.mine.suppressor: only a rule has a suppressor'],
  [
    'an EC2 action without an instance',
    { actions: { alarm: ['arn:aws:automate:us-east-1:ec2:reboot'] } },
    'alarms.own.mine.actions.alarm[0]: an EC2 action needs a metric with the dimension InstanceId',
  ],
  [
    'scaling by a rule',
    { check: { rule: 'ALARM(crash-loop)' }, actions: { alarm: ['arn:aws:autoscaling:us-east-1:111122223333:scalingPolicy:x'] } },
    'alarms.own.mine.actions.alarm[0]: an alarm on other alarms cannot do this',
  ],
  [
    "ten seconds of a service's metric",
    { check: { ...own.check, metric: { ...own.check.metric, namespace: 'AWS/EKS', name: 'apiserver_storage_size_bytes' }, period: '10s' } },
    'alarms.own.mine.check.period: metrics of AWS services and of Container Insights come by the minute',
  ],
  [
    'a wall clock of two minutes',
    { check: { ...own.check, period: '2m', wallClock: 'UTC' } },
    'alarms.own.mine.check.period: a wall clock has other periods',
  ],
  [
    'an aggregation that is none',
    {
      check: {
        logs: { query: 'control-plane/webhook-failures', aggregate: 'median(failures)' },
        when: '> 1',
        points: '1 of 1',
        missing: 'missing',
        because: 'it is a test',
      },
    },
    'alarms.own.mine.check.logs.aggregate: an aggregation is count(*)',
  ],
])("%s is refused in an alarm of one's own", (_name, more, expected) => {
  expect(problemsWith(ownWith(more)).join('\n')).toContain(expected);
});

test('EC2 and scaling actions, and periods of ten and thirty seconds, are taken where CloudWatch takes them', () => {
  const metric = { namespace: 'Example', name: 'm', dimensions: { InstanceId: 'i-0123456789abcdef0' }, statistic: 'Maximum' };
  for (const period of ['10s', '30s', '60s'])
    expect(
      problemsWith(
        ownWith({
          check: { ...own.check, metric, period },
          actions: {
            alarm: [
              'arn:aws:automate:us-east-1:ec2:recover',
              'arn:aws:autoscaling:us-east-1:111122223333:scalingPolicy:x',
              'arn:aws:ssm:us-east-1:111122223333:opsitem:1',
            ],
          },
        }),
      ),
    ).toEqual([]);
});

const rule = (text: string) => ({ ...own, check: { rule: text } });
const logs = (more: object) => ({
  ...own,
  check: {
    logs: { query: 'applications/errors-by-container', aggregate: 'sum(errors) by kubernetes.namespace_name', ...more },
    when: '> 1',
    points: '1 of 1',
    missing: 'missing',
    because: 'it is a test',
  },
});
const promql = (more: object) => ({ ...own, check: undefined, otel: { promql: 'kube_node_info == 1', every: '60s', ...more } });

test.each<[string, object, string]>([
  ['a rule that cannot be read', { x: rule('ALARM(node-cpu AND') }, 'alarms.own.x.check.rule: column 16: ")" is missing'],
  ['more than there are', { x: rule('AT_LEAST(3, ALARM, (node-cpu, node-memory))') }, 'AT_LEAST takes 1 to 2 here, not 3'],
  ['a rule that watches itself', { x: rule('ALARM(x)') }, 'alarms.own.x: this rule watches itself: x -> x'],
  [
    'two rules that watch each other',
    { x: rule('ALARM(y) OR ALARM(node-cpu)'), y: rule('NOT OK(x)') },
    'alarms.own.x: this rule watches itself: x -> y -> x',
  ],
  [
    'a suppressor that waits for the rule that it suppresses',
    { x: { ...rule('ALARM(node-cpu)'), suppressor: { alarm: 'y' } }, y: rule('ALARM(x)') },
    'alarms.own.y: this rule watches itself: y -> x -> y',
  ],
  [
    'a query every 90 seconds',
    { x: logs({ every: '90s' }) },
    'alarms.own.x.check.logs.every: a scheduled query runs each so many whole minutes',
  ],
  [
    'a sum of what the query does not give',
    { x: logs({ aggregate: 'sum(error) by kubernetes.namespace_name' }) },
    'alarms.own.x: the sum of',
  ],
  [
    'groups that the query does not give',
    { x: logs({ aggregate: 'sum(errors) by kubernetes.namespace_nam' }) },
    'did you mean "kubernetes.namespace_name"?',
  ],
  ['PromQL each five seconds', { x: promql({ every: '5s' }) }, 'alarms.own.x.otel.every: CloudWatch takes no such time'],
  ['two days of pending', { x: promql({ pending: '2d' }) }, 'alarms.own.x.otel.pending: CloudWatch takes no such time'],
  [
    'PromQL that is never closed',
    { x: promql({ promql: 'sum(kube_node_info{node="a)"} > 1' }) },
    'alarms.own.x.otel.promql: "(" is never closed',
  ],
  ['PromQL that closes nothing', { x: promql({ promql: 'sum(kube_node_info)) > 1' }) }, '")" closes nothing'],
  [
    'an action in another Region',
    { x: { ...own, actions: { alarm: ['arn:aws:sns:eu-west-1:111122223333:t'] } } },
    'alarms.own.x.actions.alarm[0]: an alarm acts in its own Region only',
  ],
])('%s is told at its place, and nothing is thrown', (_name, given, expected) => {
  expect(problemsWith(alarms({ own: given }))).toContainEqual(expect.stringContaining(expected));
});

test('rules on rules that are no circle have no problem', () => {
  const given = { a: rule('ALARM(b) AND ALARM(c)'), b: rule('ALARM(d)'), c: rule('ALARM(d)'), d: rule('ALARM(node-cpu)') };

  expect(problemsWith(alarms({ own: given }))).toEqual([]);
});

test('an owner that no tag can hold is refused, wherever it stands: messages are routed by it', () => {
  const given = alarms({
    owner: 'platform, all of it',
    own: { mine: { ...own, owner: 'a;b' } },
    change: { 'crash-loop': { owner: '#web', namespaces: { legacy: { threshold: 3, owner: 'x>y' } } } },
  });
  const found = problemsWith(given).filter((text) => text.includes('the tag `team` cannot hold this'));

  expect(found.map((text) => text.split(':')[0])).toEqual([
    'alarms.owner',
    'alarms.own.mine.owner',
    'alarms.change.crash-loop.owner',
    'alarms.change.crash-loop.namespaces.legacy.owner',
  ]);
  expect(problemsWith(alarms({ owner: '플랫폼 팀 @oncall' }))).toEqual([]);
});
