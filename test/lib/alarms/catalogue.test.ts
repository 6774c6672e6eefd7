import { idsIn, parseMath } from '../../../lambdas/core/alarms/math-parse.ts';
import { loadCatalogue, readAlarmFile } from '../../../lib/alarms/catalogue.ts';
import { METRIC_TABLE, metricRowOf, unknownMetric } from '../../../lib/alarms/metric-table.ts';
import { metricsInPromql, unknownInPromql } from '../../../lib/alarms/metrics-otel.ts';
import { storageSizeMetric } from '../../../lib/alarms/targets.ts';
import { formatProblem } from '../../../lib/config/problems.ts';
import { builtinQueryFolder, queryNamesIn } from '../../../lib/config/saved-queries.ts';
import type { CheckConfig, MetricConfig } from '../../../lib/config/schema-alarms.ts';

const { alarms, problems } = loadCatalogue();
const checks = alarms.flatMap(({ name, alarm }) =>
  (['check', 'classic', 'otel'] as const).flatMap((profile) => {
    const check = alarm[profile];
    return check === undefined ? [] : [{ name, profile, alarm, check }];
  }),
);
const metricsOf = ({ metric, metrics }: CheckConfig): MetricConfig[] => [
  ...(metric === undefined ? [] : [metric]),
  ...Object.values(metrics ?? {}),
];

test('the catalogue has no problem', () => {
  expect(problems.map(formatProblem)).toEqual([]);
  expect(alarms.length).toBeGreaterThan(80);
});

describe('what the alarms look at', () => {
  const looked = checks.flatMap(({ name, profile, check }) =>
    metricsOf(check).map((metric) => [`${name} (${profile}): ${metric.namespace} ${metric.name}`, metric] as const),
  );

  test.each(looked)('%s is a metric with this set of dimensions', (_title, metric) => {
    const names =
      metric.name === '{{storageSizeMetric}}'
        ? ['1.25', '1.27', '1.28'].map(storageSizeMetric)
        : ['DeliveryToAmazonOpenSearchService', 'DeliveryToS3'].map((one) => metric.name.replace('{{destination}}', one));
    for (const name of names) {
      expect(metricRowOf(metric.namespace, name)).toBeDefined();
      expect(unknownMetric(metric.namespace, name, Object.keys(metric.dimensions))).toBeUndefined();
    }
  });

  test.each(checks.flatMap(({ name, check }) => (check.groups === undefined ? [] : [[name, check.groups] as const])))(
    '%s asks a set of dimensions that is published',
    (_name, groups) => {
      expect(unknownMetric(groups.namespace, groups.name, groups.dimensions)).toBeUndefined();
    },
  );

  test.each(
    checks.flatMap(({ name, check }) =>
      check.byNamespace === undefined || check.metric === undefined ? [] : [[name, check.byNamespace, check.metric] as const],
    ),
  )('%s has a set of dimensions by which it can differ by namespace', (_name, dimensions, metric) => {
    expect(dimensions).toContain('Namespace');
    expect(unknownMetric(metric.namespace, metric.name, dimensions)).toBeUndefined();
  });

  test.each(checks.flatMap(({ name, check }) => (check.promql === undefined ? [] : [[name, check.promql] as const])))(
    '%s asks PromQL only for what the profile sends',
    (_name, promql) => {
      expect(metricsInPromql(promql)).not.toEqual([]);
      expect(unknownInPromql(promql)).toEqual([]);
      expect(promql).toContain('"@resource.k8s.cluster.name"="{{cluster}}"');
    },
  );
});

describe('missing data', () => {
  test.each(checks.flatMap(({ name, check }) => (check.metric === undefined ? [] : [[name, check, check.metric] as const])))(
    '%s reads a metric that is written only when something happens as health',
    (_name, check, metric) => {
      const isSparse = metricRowOf(metric.namespace, metric.name)?.idle === 'sparse';
      const isAboutSilence = /^< 1$/.test(check.when ?? '') || metric.name.startsWith('GetRecords.');

      if (isSparse && !isAboutSilence) expect(check.missing === 'notBreaching' || check.missing === 'ignore').toBe(true);
    },
  );

  test('a count below one is an alarm on silence, and reads it as breaching unless another alarm tells of it', () => {
    const silent = checks
      .filter(({ check }) => check.when === '< 1' && metricsOf(check).length > 0)
      .map(({ name, check }) => [name, check.missing]);

    expect(silent).toEqual([
      ['targets-none', 'breaching'],
      ['log-silence', 'breaching'],
      ['agent-silent', 'breaching'],
      ['service-empty', 'notBreaching'],
    ]);
  });

  test('a statement follows each choice', () => {
    for (const { check } of checks) if (check.missing !== undefined) expect(check.because?.length ?? 0).toBeGreaterThan(10);
  });
});

test("no threshold is above what a sample can be: AWS's own alarm on pending pods is", () => {
  const found = checks.flatMap(({ name, check }) => {
    const most = check.metric === undefined ? undefined : metricRowOf(check.metric.namespace, check.metric.name)?.most;
    const isOfSamples = check.metric?.statistic === 'Maximum' || check.metric?.statistic === 'Average';
    const threshold = Number(/^>=? (\S+)$/.exec(check.when ?? '')?.[1]);
    return most !== undefined && isOfSamples && threshold >= most && check.when !== '>= 1' ? [name] : [];
  });

  expect(found).toEqual([]);
  expect(unknownMetric('ContainerInsights', 'pod_status_pending', ['ClusterName', 'Namespace'])).toMatch(
    /no set of dimensions \{ClusterName, Namespace\}/,
  );
});

test('every alarm names a saved query that is there, or has none to name', () => {
  const names = queryNamesIn(builtinQueryFolder() ?? '');
  const unknown = alarms.flatMap(({ name, alarm }) =>
    alarm.query === undefined || names.includes(alarm.query) ? [] : [`${name}: ${alarm.query}`],
  );
  const without = alarms.filter(({ alarm }) => alarm.query === undefined).map(({ name }) => name);

  expect(unknown).toEqual([]);
  expect(without.filter((name) => !/^(search|log-ingest|lambda|stream-throttled|alb-rejected|pvc-)/.test(name))).toEqual([]);
});

test('every title goes into a tag as it stands', () => {
  expect(alarms.flatMap(({ alarm }) => (/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,120}$/u.test(alarm.title) ? [] : [alarm.title]))).toEqual([]);
});

test('the metric of an expression is used, and nothing else', () => {
  for (const { check } of checks) {
    if (check.expression === undefined) continue;
    expect([...new Set(idsIn(parseMath(check.expression)))].sort()).toEqual(Object.keys(check.metrics ?? {}).sort());
  }
});

test('the table names each metric of a namespace once', () => {
  const names = METRIC_TABLE.flatMap(({ namespace, names: all }) => all.map((name) => `${namespace} ${name}`));

  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

describe('a broken file is told with its place', () => {
  const base = 'title: t\n  why: w\n  do: d\n  severity: warning\n';
  const metric =
    'metric: { namespace: ContainerInsights, name: node_cpu_utilization, dimensions: { ClusterName: "{{cluster}}" }, statistic: Maximum }';
  const rest = 'when: "> 1"\n    points: 1 of 1\n    period: 60s\n    missing: missing\n    because: of the test\n';
  test.each([
    [
      'an unknown metric',
      `x:\n  ${base}  check:\n    ${metric.replace('node_cpu_utilization', 'node_cpu')}\n    ${rest}`,
      'f.yaml:7:13: x.check.metric: this metric never has data: ContainerInsights has no metric node_cpu',
    ],
    [
      'another set of dimensions',
      `x:\n  ${base}  check:\n    ${metric.replace('ClusterName:', 'Namespace:')}\n    ${rest}`,
      'f.yaml:7:13: x.check.metric: this metric never has data: ContainerInsights node_cpu_utilization has no set of dimensions {Namespace}',
    ],
    [
      'more of fewer',
      `x:\n  ${base}  check:\n    ${metric}\n    ${rest.replace('1 of 1', '3 of 2')}`,
      'f.yaml:9:13: x.check.points: more points must breach than are looked at',
    ],
    [
      'a period that does not exist',
      `x:\n  ${base}  check:\n    ${metric}\n    ${rest.replace('60s', '90s')}`,
      'f.yaml:10:13: x.check.period: CloudWatch has no such period',
    ],
    [
      'two kinds at once',
      `x:\n  ${base}  check:\n    ${metric}\n    rule: ALARM(y)\n    ${rest}`,
      'f.yaml:7:5: x.check: the check looks at metric and rule at once',
    ],
    ['a reason that is missing', `x:\n  ${base}  check:\n    ${metric}\n    ${rest.replace(/ {4}because.*\n/, '')}`, 'because is missing'],
    [
      'a placeholder without a value',
      `x:\n  ${base}  check:\n    ${metric.replace('{{cluster}}', '{{stream}}')}\n    ${rest}`,
      '{{stream}} stands for nothing with each: cluster',
    ],
    ['a broken rule', `x:\n  ${base}  check:\n    rule: ALARM(y\n`, 'f.yaml:7:11: x.check.rule: column 8: ")" is missing'],
    ['a name that nobody reads', `x:\n  ${base}  chek: {}\n`, 'x'],
  ])('%s', (_title, text, expected) => {
    expect(readAlarmFile(text, 'f.yaml').problems.map(formatProblem).join('\n')).toContain(expected);
  });
});
