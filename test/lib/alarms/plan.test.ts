import { readFileSync } from 'node:fs';
import type { CompositeRule } from '../../../lambdas/core/alarms/composite-rule.ts';
import { parseRule } from '../../../lambdas/core/alarms/composite-rule.ts';
import { planAlarms } from '../../../lib/alarms/plan.ts';
import type { AlarmPlan, PlannedAlarm } from '../../../lib/alarms/planned.ts';
import { deployedRule } from '../../../lib/alarms/rules.ts';
import { estimateCost } from '../../../lib/config/cost.ts';
import { type Config, loadConfigText } from '../../../lib/config/load.ts';

const base = readFileSync('alarms/scenario-config.yaml', 'utf8').replace(/^alarms:[\s\S]*$/m, '');

function configOf(alarms: string): Config {
  const loaded = loadConfigText(`${base}\nalarms:\n  enabled: true\n${alarms}`, 'test.yaml', { provesRegexes: false });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ field, what }) => `${field}: ${what}`).join('\n'));
  return loaded.config;
}

const clusterPlan = (alarms: string): AlarmPlan => planAlarms(configOf(alarms))[0] as AlarmPlan;
const one = (plan: AlarmPlan, id: string): PlannedAlarm => plan.alarms.find((each) => each.id === id) as PlannedAlarm;
const expressionOf = ({ definition }: PlannedAlarm): string =>
  definition.kind === 'metric' ? definition.queries.flatMap((query) => ('expression' in query ? [query.expression] : [])).join() : '';

test("a change of threshold, points, severity and owner is the alarm's, the rest stays", () => {
  const { definition, severity, owner } = one(
    clusterPlan('  change: { node-cpu: { threshold: 70, points: 3 of 5, severity: critical, owner: infra } }\n'),
    'node-cpu',
  );

  expect({ severity, owner }).toEqual({ severity: 'critical', owner: 'infra' });
  expect(definition).toMatchObject({
    threshold: 70,
    datapointsToAlarm: 3,
    evaluationPeriods: 5,
    comparison: 'GreaterThanThreshold',
    periodSeconds: 60,
  });
});

test('what is switched off is left out with the reason, and nobody is told of what nobody wanted', () => {
  const { alarms, leftOut } = clusterPlan('  disable: ["node-*"]\n  change: { crash-loop: { enabled: false } }\n');

  expect(alarms.some(({ name }) => name.startsWith('node-') || name === 'crash-loop')).toBe(false);
  expect(leftOut).toContainEqual({ name: 'node-cpu', reason: 'alarms.disable names it', isWanted: true });
  expect(leftOut).toContainEqual({ name: 'crash-loop', reason: 'alarms.change switches it off', isWanted: true });
  // Nothing that it watches is left.
  expect(leftOut).toContainEqual({
    name: 'nodes-under-pressure',
    reason: 'too few of the alarms that it watches are deployed',
    isWanted: false,
  });
});

test('an alarm tells by itself where the rule that tells for it is not deployed', () => {
  expect(one(clusterPlan(''), 'pods-pending').tells).toBe(false);
  expect(one(clusterPlan('  disable: [workloads-waiting]\n'), 'pods-pending').tells).toBe(true);
});

test('thresholds by namespace make one query for each namespace, and one for the others', () => {
  const plan = clusterPlan('  change: { crash-loop: { namespaces: { batch: { threshold: 5 }, sandbox: { enabled: false } } } }\n');

  expect(expressionOf(one(plan, 'crash-loop:batch'))).toBe(
    `SELECT MAX(pod_container_status_waiting_reason_crash_loop_back_off) FROM SCHEMA("ContainerInsights", ClusterName, FullPodName, Namespace, PodName) WHERE ClusterName = 'prod' AND Namespace = 'batch' GROUP BY Namespace`,
  );
  expect(expressionOf(one(plan, 'crash-loop'))).toContain(
    `WHERE ClusterName = 'prod' AND Namespace != 'batch' AND Namespace != 'sandbox' GROUP BY Namespace`,
  );
  expect(plan.alarms.filter(({ name }) => name === 'crash-loop').map(({ id }) => id)).toEqual(['crash-loop', 'crash-loop:batch']);
});

test('an alarm for each source has the source in its name', () => {
  const ids = clusterPlan('')
    .alarms.filter(({ name }) => name === 'log-silence')
    .map(({ id }) => id);

  expect(ids).toEqual(['log-silence:prod-control-plane', 'log-silence:prod-application', 'log-silence:prod-performance']);
});

test('the profile otel gets PromQL alarms, and no alarm on metrics that are not there', () => {
  const config = configOf('');
  const [plan] = planAlarms({ ...config, collection: { ...config.collection, metrics: 'otel' } });

  expect(plan?.alarms.find(({ name }) => name === 'crash-loop')?.definition.kind).toBe('promql');
  const classic = plan?.alarms
    .filter(({ definition }) => JSON.stringify(definition).includes('"ContainerInsights"'))
    .map(({ name }) => name);
  expect(classic).toEqual([]);
  expect(plan?.leftOut).toContainEqual({
    name: 'ebs-throttled',
    reason: 'collection.metrics is otel: there are no such metrics',
    isWanted: false,
  });
});

describe('a rule with the names of deployed alarms', () => {
  const names: { readonly [name: string]: readonly string[] } = { a: ['p/a'], b: ['p/b'], many: ['p/m:1', 'p/m:2'] };
  const print = (text: string): string | undefined => deployedRule(parseRule(text), (name) => names[name] ?? []);

  test.each([
    ['ALARM(a)', 'ALARM("p/a")'],
    ['ALARM(a) OR ALARM(b)', 'ALARM("p/a") OR ALARM("p/b")'],
    ['ALARM(a) OR ALARM(gone)', 'ALARM("p/a")'],
    ['ALARM(a) AND ALARM(gone)', undefined],
    ['ALARM(a) AND NOT ALARM(gone)', 'ALARM("p/a")'],
    ['ALARM(many)', 'ALARM("p/m:1") OR ALARM("p/m:2")'],
    ['(ALARM(a) OR ALARM(b)) AND ALARM(many)', '(ALARM("p/a") OR ALARM("p/b")) AND (ALARM("p/m:1") OR ALARM("p/m:2"))'],
    ['AT_LEAST(2, ALARM, (a, many, gone))', 'AT_LEAST(2, ALARM, ("p/a", "p/m:1", "p/m:2"))'],
    ['AT_LEAST(2, ALARM, (a, gone))', undefined],
    ['AT_LEAST(50%, NOT OK, (a, b))', 'AT_LEAST(50%, NOT OK, ("p/a", "p/b"))'],
  ])('%s becomes %s', (text, expected) => {
    const printed = print(text);
    expect(printed).toBe(expected);
    // It is a rule again.
    if (printed !== undefined) expect((parseRule(printed) as CompositeRule).kind).toBeDefined();
  });
});

test('the cost counts the metrics of math, three for a band, and the data that log alarms scan', () => {
  const lines = (alarms: string) => estimateCost(configOf(alarms)).lines.filter(({ source }) => source === 'alarms of prod');
  const quantity = (alarms: string, item: string) => lines(alarms).find((line) => line.item === item)?.quantity ?? 0;
  const only = '  disable: ["*"]\n';
  const own = (check: string) => `${only}  own:\n    mine: { title: t, why: w, do: d, severity: info, check: ${check} }\n`;
  const metric = '{ namespace: Example, name: m, statistic: Sum }';
  const rest = 'points: 1 of 1, missing: missing, because: it is a test';

  expect(quantity(own(`{ metric: ${metric}, when: "> 1", period: 60s, ${rest} }`), 'Alarms')).toBe(1);
  expect(quantity(own(`{ metric: ${metric}, when: outside band 2, period: 60s, ${rest} }`), 'Alarms')).toBe(3);
  expect(quantity(own(`{ metrics: { a: ${metric}, b: ${metric} }, expression: a / b, when: "> 1", period: 60s, ${rest} }`), 'Alarms')).toBe(
    2,
  );
  expect(quantity(own(`{ metric: ${metric}, when: "> 1", period: 10s, ${rest} }`), 'High-resolution alarms')).toBe(1);
  expect(
    quantity(own(`{ pattern: { source: application, filter: ERROR }, when: "> 1", period: 60s, ${rest} }`), 'Metrics of metric filters'),
  ).toBe(1);
});

test('names of metrics and of filters hold no character that PutMetricFilter refuses, also where thresholds differ by namespace', () => {
  const { alarms } = clusterPlan('  change: { application-errors: { namespaces: { legacy: { threshold: 60 } } } }\n');
  const names = alarms.flatMap(({ filters }) => filters.flatMap(({ metricName, metricNamespace }) => [metricName, metricNamespace]));

  expect(names).toContain('prod/application-errors.legacy-total');
  expect(names.filter((name) => !/^[^:*$]{1,255}$/.test(name))).toEqual([]);
});

test('a title that no tag may hold is read whole from the description', () => {
  const own = `own: { q: { title: 'Queue "orders" > 5, 100 %', why: w, do: d, severity: info, check: { metric: { namespace: My/App, name: q, statistic: Sum }, when: "> 5", points: 1 of 1, period: 60s, missing: missing, because: it is a test } } }`;
  const { definition } = one(clusterPlan(`  ${own}\n`), 'q');

  expect(definition.tags).not.toHaveProperty('title');
  expect(definition.description).toMatch(/^Queue "orders" > 5, 100 % \(cluster prod\)\n/);
});

test('the runbook travels as a tag; a link with a #, which no tag holds, stands in the description', () => {
  const tagOf = (alarms: string) => one(clusterPlan(alarms), 'crash-loop').definition;

  expect(tagOf('').tags).toMatchObject({ runbook: 'docs/alarms.md:crash-loop', team: 'platform', severity: 'warning' });
  expect(tagOf('  runbookUrl: https://wiki.example.com/alarms/{alarm}\n').tags).toMatchObject({
    runbook: 'https://wiki.example.com/alarms/crash-loop',
  });
  const linked = tagOf('  runbookUrl: https://wiki.example.com/alarms\n');
  expect(linked.tags).not.toHaveProperty('runbook');
  expect(linked.description).toContain('Runbook: https://wiki.example.com/alarms#crash-loop');
});
