import { readFileSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import type { AlarmDefinition } from '../../../lambdas/core/alarms/definition.ts';
import { planAlarms } from '../../../lib/alarms/plan.ts';
import { type TopicFor, withActions } from '../../../lib/alarms/with-actions.ts';
import { type Config, loadConfigText } from '../../../lib/config/load.ts';
import { AlarmsStack } from '../../../lib/stacks/alarms-stack.ts';
import { readAlarm, readMetricFilters, readMuteRule } from '../../../local/alarms/read-definitions.ts';
import type { JsonObject } from '../../../local/template/json.ts';
import { makeApp, resources, statements, type TemplateResource, waitsFor } from '../../support/synth.ts';

const TYPES = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::LogAlarm', 'AWS::CloudWatch::CompositeAlarm'];
const base = readFileSync('alarms/scenario-config.yaml', 'utf8').replace(/^alarms:[\s\S]*$/m, '');
const alarmsPart = `
slack:
  enabled: true
  receivers: [{ name: platform, webhook: "arn:aws:ssm:us-east-1:111122223333:parameter/eks-telemetry/slack-webhook" }]
  route: { receiver: platform }
alarms:
  enabled: true
  owner: platform
  runbookUrl: https://wiki.example.com/alarms/{alarm}
  change:
    crash-loop: { namespaces: { batch: { threshold: 5, severity: info } } }
    running-pods-unusual: { enabled: true }
    node-cpu: { actions: { alarm: ["arn:aws:lambda:us-east-1:111122223333:function:scale-out"] } }
    errors-by-container: { enabled: true }
  own:
    busy-nodes:
      title: Nodes are busy by day
      why: A trial of a wall clock.
      do: Nothing.
      severity: info
      check:
        metric: { namespace: ContainerInsights, name: node_cpu_utilization, dimensions: { ClusterName: "{{cluster}}" }, statistic: p90 }
        when: "> 70"
        points: 1 of 1
        period: 1d
        missing: missing
        because: it is a trial
        lowSamples: ignore
        wallClock: Asia/Seoul
  mute: [{ name: night, schedule: "cron(0 2 * * *)", duration: 2h, timeZone: Asia/Seoul, alarms: ["node-*"] }]
  loadBalancers: [{ name: public, cluster: prod, loadBalancer: app/public/0123456789abcdef, targetGroups: [targetgroup/checkout/fedcba9876543210] }]
`;

const topicFor: TopicFor = (severity) => `arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-${severity}`;

let config: Config;
let templates: readonly Template[];
const cluster = () => templates[0] as Template;
beforeAll(() => {
  const loaded = loadConfigText(base + alarmsPart, 'test.yaml');
  if (!loaded.ok) throw new Error(loaded.problems.map(({ field, what }) => `${field}: ${what}`).join('\n'));
  config = loaded.config;
  const app = makeApp();
  const stacks = planAlarms(config).map((plan) => new AlarmsStack(app, { config, projectRoot: process.cwd(), plan, topicFor }));
  templates = stacks.map((stack) => Template.fromStack(stack));
});

const alarmsOf = (template: Template): [string, TemplateResource][] => TYPES.flatMap((type) => resources(template, type));
const named = (name: string): [string, TemplateResource] =>
  alarmsOf(cluster()).find(([, { Properties }]) => Properties.AlarmName === `eks-telemetry/prod/${name}`) as [string, TemplateResource];

/** CloudFormation's functions in a template, as far as these stacks use them. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === 'Fn::GetAtt') return 'role-arn';
  return Object.fromEntries(entries.map(([key, inner]) => [key, resolved(inner)]));
}

test('the template says what the evaluator evaluates: read back, each alarm is the planned one', () => {
  const planned = new Map<string, AlarmDefinition>(
    planAlarms(config).flatMap(({ alarms }) => alarms.map((one) => [one.definition.name, withActions(one, topicFor, true)] as const)),
  );
  const read = templates.flatMap((template) =>
    alarmsOf(template).map(([, { Type, Properties }]) => readAlarm({ type: Type, properties: resolved(Properties) as JsonObject })),
  );

  expect(read.length).toBe(planned.size);
  for (const definition of read) expect(definition).toEqual({ actionsEnabled: true, ...planned.get(definition?.name ?? '') });
});

test('metric filters and mute rules are read back as well', () => {
  const [plan] = planAlarms(config);
  const filters = resources(cluster(), 'AWS::Logs::MetricFilter').flatMap(([, { Type, Properties }]) =>
    readMetricFilters({ type: Type, properties: Properties }),
  );
  const rules = resources(cluster(), 'AWS::CloudWatch::AlarmMuteRule').map(([, { Type, Properties }]) =>
    readMuteRule({ type: Type, properties: Properties }),
  );

  expect(filters.map(({ metricName }) => metricName).sort()).toEqual(
    plan?.alarms.flatMap((one) => one.filters.map(({ metricName }) => metricName)).sort(),
  );
  expect(rules).toMatchObject([
    { expression: 'cron(0 2 * * *)', durationMs: 7_200_000, timeZone: 'Asia/Seoul', alarms: plan?.mutes[0]?.alarms },
  ]);
  expect(rules[0]?.alarms).toContain('eks-telemetry/prod/node-not-ready');
});

test('each alarm tells the topic of its severity when it fires and when it is over', () => {
  const topic = 'arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-critical';

  expect(named('agent-silent')[1].Properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
  expect(named('node-cpu')[1].Properties.AlarmActions).toEqual([
    'arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-warning',
    'arn:aws:lambda:us-east-1:111122223333:function:scale-out',
  ]);
  // A query that failed leaves the alarm blind, and that is told.
  expect(named('webhook-failures')[1].Properties.InsufficientDataActions).toEqual([
    'arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-warning',
  ]);
  expect(named('node-cpu')[1].Properties.InsufficientDataActions).toEqual([]);
  // The rule tells for it.
  expect(named('pods-pending')[1].Properties.AlarmActions).toEqual([]);
});

test('severity, team and runbook travel as tags, and stand in the description', () => {
  const { Properties } = named('crash-loop:batch')[1];
  const tags = Object.fromEntries((Properties.Tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));

  expect(tags).toMatchObject({
    severity: 'info',
    team: 'platform',
    alarm: 'crash-loop',
    cluster: 'prod',
    namespace: 'batch',
    query: 'eks-telemetry/prod/capacity/waiting-containers',
    runbook: 'https://wiki.example.com/alarms/crash-loop',
  });
  expect(Properties.ActionConfiguration).toEqual({
    AlarmTagsPropagation: { Enabled: true, IncludedTagKeys: expect.arrayContaining(Object.keys(tags)) },
  });
  expect(Properties.AlarmDescription).toMatch(
    /^Containers are in a crash loop \(cluster prod, namespace batch\)\n[\s\S]*Runbook: https:\/\/wiki\.example\.com\/alarms\/crash-loop$/,
  );
});

test('every name, description, rule and tag is within the limits of CloudWatch', () => {
  for (const [, { Properties }] of templates.flatMap(alarmsOf)) {
    expect(Properties.AlarmName).toMatch(/^[\x20-\x7e]{1,255}$/);
    expect(Properties.AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect((Properties.AlarmRule ?? '').length).toBeLessThanOrEqual(10_240);
    expect(Properties.AlarmActions.length).toBeLessThanOrEqual(5);
    for (const { Value } of Properties.Tags as { Value: string }[]) expect(Value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u);
  }
});

test('a composite waits for its children and its suppressor', () => {
  const [id, { Properties }] = named('workloads-waiting');

  expect(Properties).toMatchObject({
    ActionsSuppressor: 'eks-telemetry/prod/node-not-ready',
    ActionsSuppressorWaitPeriod: 120,
    ActionsSuppressorExtensionPeriod: 600,
  });
  for (const child of ['pods-pending', 'deployment-below-target', 'node-not-ready'])
    expect(waitsFor(cluster(), id, named(child)[0])).toBe(true);
});

test('the role of log alarms may start queries on their groups only, and read results of any', () => {
  const found = statements(cluster(), 'Queries');

  expect(found).toEqual([
    expect.objectContaining({ Action: 'logs:StartQuery', Resource: expect.arrayContaining([expect.anything()]) }),
    expect.objectContaining({ Action: ['logs:DescribeLogGroups', 'logs:GetQueryResults', 'logs:StopQuery'], Resource: '*' }),
  ]);
  expect(JSON.stringify(found[0]?.Resource)).not.toContain('log-group:*');
});

test('nothing is planned where alarms are switched off, and no topic is named where nobody is told', () => {
  expect(planAlarms({ ...config, alarms: { ...config.alarms, enabled: false } })).toEqual([]);
  const [plan] = planAlarms(config);
  const agent = plan?.alarms.find(({ name }) => name === 'agent-silent');
  expect(agent && withActions(agent, () => undefined, true)).toMatchObject({ alarmActions: [], okActions: [] });
  expect(agent && withActions(agent, topicFor, false)).toMatchObject({ alarmActions: [topicFor('critical')], okActions: [] });
});
