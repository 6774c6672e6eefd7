import type { Decision } from '../../../../lambdas/core/alarms/decision.ts';
import type { MetricAlarm, MetricId } from '../../../../lambdas/core/alarms/definition.ts';
import type { Series } from '../../../../lambdas/core/alarms/math-value.ts';
import { evaluateMetricAlarm, type MetricMemory } from '../../../../lambdas/core/alarms/metric-alarm.ts';
import { MetricStore } from '../../../../lambdas/core/alarms/metric-data.ts';
import { sampleOf } from '../../../../lambdas/core/alarms/statistic.ts';
import type { Window } from '../../../../lambdas/core/alarms/windows.ts';

const START = Date.UTC(2026, 10, 21, 10);
const MINUTE = 60_000;
const RESTARTS: MetricId = {
  namespace: 'ContainerInsights',
  metricName: 'pod_number_of_container_restarts',
  dimensions: { ClusterName: 'prod' },
};
const FRESH: MetricMemory = { state: 'INSUFFICIENT_DATA', contributors: new Map() };

function alarmOn(change: Partial<MetricAlarm> = {}, statistic = 'Sum'): MetricAlarm {
  return {
    kind: 'metric',
    name: 'restarts',
    queries: [{ id: 'm1', metric: RESTARTS, statistic, returnData: true }],
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    comparison: 'GreaterThanThreshold',
    threshold: 3,
    treatMissingData: 'missing',
    ...change,
  };
}

/** Values of successive minutes from START; `-` is none. */
function storeOf(text: string, metric: MetricId = RESTARTS, store = new MetricStore()): MetricStore {
  for (const [index, value] of text.split(' ').entries())
    if (value !== '-') store.add(metric, sampleOf(START + index * MINUTE + 7000, Number(value)));
  return store;
}

/** The decision when the minute of the text's last value has just ended. */
function decide(alarm: MetricAlarm, store: MetricStore, minutes: number, memory = FRESH): Decision {
  return evaluateMetricAlarm(alarm, store, memory, START + minutes * MINUTE + 5000);
}

describe('an alarm on one metric', () => {
  test("says in CloudWatch's words why it fires", () => {
    const decision = decide(alarmOn(), storeOf('0 4 2 7'), 4, { ...FRESH, state: 'OK' });

    expect(decision).toMatchObject({ state: 'ALARM', value: 7 });
    expect(decision.reason).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [7.0 (21/11/26 10:03:00), 2.0 (21/11/26 10:02:00), 4.0 (21/11/26 10:01:00)] were greater than the threshold (3.0) (minimum 2 datapoints for OK -> ALARM transition).',
    );
    expect(JSON.parse(decision.reasonData)).toEqual({
      version: '1.0',
      queryDate: '2026-11-21T10:04:05.000+0000',
      startDate: '2026-11-21T10:01:00.000+0000',
      statistic: 'Sum',
      period: 60,
      recentDatapoints: [4, 2, 7],
      threshold: 3,
      evaluatedDatapoints: [
        { timestamp: '2026-11-21T10:03:00.000+0000', sampleCount: 1, value: 7 },
        { timestamp: '2026-11-21T10:02:00.000+0000', sampleCount: 1, value: 2 },
        { timestamp: '2026-11-21T10:01:00.000+0000', sampleCount: 1, value: 4 },
      ],
    });
  });

  test('and why it is over', () => {
    expect(decide(alarmOn(), storeOf('4 4 2 1 0'), 5, { ...FRESH, state: 'ALARM' })).toMatchObject({
      state: 'OK',
      reason: expect.stringMatching(
        /^Threshold Crossed: 3 out of the last 3 datapoints \[0\.0 .* were not greater than the threshold \(3\.0\) \(minimum 2 datapoints for ALARM -> OK transition\)\.$/,
      ),
    });
  });

  test('without data it says how many points are missing', () => {
    expect(decide(alarmOn(), new MetricStore(), 5)).toMatchObject({
      state: 'INSUFFICIENT_DATA',
      reason: 'Insufficient Data: 3 datapoints were unknown.',
    });
    expect(decide(alarmOn({ treatMissingData: 'breaching' }), new MetricStore(), 5)).toMatchObject({
      state: 'ALARM',
      reason: 'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    });
  });

  test('another set of dimensions is another metric', () => {
    const store = storeOf('9 9 9', { ...RESTARTS, dimensions: { ClusterName: 'prod', Namespace: 'web' } });

    expect(decide(alarmOn(), store, 3).state).toBe('INSUFFICIENT_DATA');
  });

  test('a five-minute period slides with every minute', () => {
    const alarm = alarmOn({ periodSeconds: 300, evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 5 });
    const store = storeOf('0 0 0 3 3 0 0 0 0 0');
    const states = Array.from({ length: 10 }, (_, index) => decide(alarm, store, index + 1).state);

    // The pair of threes lies in one window from the fifth minute to the eighth.
    expect(states).toEqual(['OK', 'OK', 'OK', 'OK', 'ALARM', 'ALARM', 'ALARM', 'ALARM', 'OK', 'OK']);
  });

  test('on AWS/DynamoDB missing data is ignored, whatever the alarm says', () => {
    const metric = { ...RESTARTS, namespace: 'AWS/DynamoDB' };
    const alarm = alarmOn({ queries: [{ id: 'm1', metric, statistic: 'Sum', returnData: true }], treatMissingData: 'notBreaching' });

    expect(decide(alarm, new MetricStore(), 3, { ...FRESH, state: 'ALARM' }).state).toBe('ALARM');
  });
});

describe('percentiles', () => {
  const alarm = (change: Partial<MetricAlarm> = {}) =>
    alarmOn({ evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 90, ...change }, 'p90');
  const store = (count: number) => {
    const filled = new MetricStore();
    for (let value = 1; value <= count; value++) filled.add(RESTARTS, sampleOf(START + value, value));
    return filled;
  };

  test('p90 of 1 to 100 is 90, and of 1 to 101 is 91', () => {
    expect(decide(alarm(), store(100), 1)).toMatchObject({ state: 'OK', value: 90 });
    expect(decide(alarm(), store(101), 1)).toMatchObject({ state: 'ALARM', value: 91 });
  });

  test('with `ignore`, 99 samples under a p90 keep the state and 100 do not', () => {
    const ignoring = alarm({ lowSamples: 'ignore', threshold: 10 });

    expect(decide(ignoring, store(99), 1, { ...FRESH, state: 'OK' }).state).toBe('OK');
    expect(decide(ignoring, store(100), 1, { ...FRESH, state: 'OK' }).state).toBe('ALARM');
  });
});

describe('metric math', () => {
  const REQUESTS: MetricId = { namespace: 'AWS/EKS', metricName: 'apiserver_request_total', dimensions: { ClusterName: 'prod' } };
  const ERRORS: MetricId = { ...REQUESTS, metricName: 'apiserver_request_total_5XX' };
  const ratio = alarmOn({
    queries: [
      { id: 'errors', metric: ERRORS, statistic: 'Sum', returnData: false },
      { id: 'total', metric: REQUESTS, statistic: 'Sum', returnData: false },
      { id: 'share', expression: 'IF(total > 1000, 100 * FILL(errors, 0) / total, 0)', returnData: true },
    ],
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 1,
  });

  test('a ratio counts only where there is traffic', () => {
    const quiet = storeOf('20', ERRORS, storeOf('100', REQUESTS));
    const busy = storeOf('20', ERRORS, storeOf('1900', REQUESTS));

    expect(decide(ratio, quiet, 1)).toMatchObject({ state: 'OK', value: 0 });
    expect(decide(ratio, busy, 1)).toMatchObject({ state: 'ALARM', value: 2000 / 1900 });
    expect(decide(ratio, storeOf('1900', REQUESTS), 1)).toMatchObject({ state: 'OK', value: 0 });
  });

  test.each([
    ['an id that nothing has', 'errors / nothing', 'no metric or expression has the id nothing'],
    ['a number as the result', '1 + 1', 'the expression is a number'],
    ['an expression made of itself', 'share + 1', 'the expression share is made of itself'],
    ['a broken expression', 'errors +', 'the expression ends too early'],
  ])('%s leaves INSUFFICIENT_DATA with the reason', (_name, expression, reason) => {
    const broken = { ...ratio, queries: [...ratio.queries.slice(0, 2), { id: 'share', expression, returnData: true }] };

    expect(decide(broken, storeOf('1', REQUESTS), 1)).toMatchObject({
      state: 'INSUFFICIENT_DATA',
      reason: expect.stringContaining(reason),
    });
  });
});

describe('anomaly detection', () => {
  class Modelled extends MetricStore {
    override band(_alarm: string, _id: string, deviations: number, windows: readonly Window[]): [Series, Series] {
      return [windows.map(() => 10 - deviations), windows.map(() => 10 + deviations)];
    }
  }
  const banded = (comparison: MetricAlarm['comparison']): MetricAlarm => {
    const { threshold: _none, ...rest } = alarmOn({ comparison, evaluationPeriods: 1, datapointsToAlarm: 1, thresholdMetricId: 'ad1' });
    return { ...rest, queries: [...rest.queries, { id: 'ad1', expression: 'ANOMALY_DETECTION_BAND(m1, 2)', returnData: true }] };
  };

  test.each([
    ['LessThanLowerOrGreaterThanUpperThreshold', '7', 'ALARM'],
    ['LessThanLowerOrGreaterThanUpperThreshold', '8', 'OK'],
    ['LessThanLowerOrGreaterThanUpperThreshold', '13', 'ALARM'],
    ['LessThanLowerThreshold', '13', 'OK'],
    ['GreaterThanUpperThreshold', '7', 'OK'],
    ['GreaterThanUpperThreshold', '12.5', 'ALARM'],
  ] as const)('%s: %s is %s around a band of 8 to 12', (comparison, value, expected) => {
    expect(decide(banded(comparison), storeOf(value, RESTARTS, new Modelled()), 1).state).toBe(expected);
  });

  test('without a model there is nothing to compare with', () => {
    expect(decide(banded('GreaterThanUpperThreshold'), storeOf('99'), 1).state).toBe('INSUFFICIENT_DATA');
  });
});

describe('Metrics Insights', () => {
  const pods = (namespace: string, pod: string): MetricId => ({
    namespace: 'ContainerInsights',
    metricName: 'pod_status_pending',
    dimensions: { ClusterName: 'prod', Namespace: namespace, PodName: pod },
  });
  const query = `SELECT SUM(pod_status_pending) FROM SCHEMA("ContainerInsights", ClusterName, Namespace, PodName) WHERE ClusterName = 'prod' GROUP BY Namespace`;
  const alarm = alarmOn({
    queries: [{ id: 'q1', expression: query, returnData: true }],
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    threshold: 1,
    treatMissingData: 'notBreaching',
  });

  test('each group is a contributor, and the alarm names those that fire', () => {
    const store = storeOf('1', pods('web', 'a'), storeOf('1', pods('web', 'b'), storeOf('1', pods('batch', 'c'))));
    const decision = decide(alarm, store, 1);

    expect(decision).toMatchObject({ state: 'ALARM', reason: '1 out of 2 time series evaluated to ALARM' });
    expect(decision.contributors).toMatchObject([{ attributes: { Namespace: 'web' }, state: 'ALARM', value: 2 }]);
  });

  test('a contributor that recovers is told once more', () => {
    const store = storeOf('1 0', pods('web', 'a'), storeOf('1 0', pods('web', 'b')));
    const first = decide(alarm, store, 1);
    const memory = { state: first.state, contributors: new Map((first.contributors ?? []).map((each) => [each.id, each])) };

    expect(decide(alarm, store, 2, memory)).toMatchObject({
      state: 'OK',
      contributors: [{ attributes: { Namespace: 'web' }, state: 'OK' }],
    });
  });

  test('a contributor whose series is gone recovers as its missing data says', () => {
    const first = decide(alarm, storeOf('2', pods('web', 'a')), 1);
    const memory = { state: first.state, contributors: new Map((first.contributors ?? []).map((each) => [each.id, each])) };

    expect(decide(alarm, new MetricStore(), 9, memory)).toMatchObject({
      state: 'OK',
      contributors: [{ attributes: { Namespace: 'web' }, state: 'OK' }],
    });
    expect(decide({ ...alarm, treatMissingData: 'ignore' }, new MetricStore(), 9, memory).state).toBe('ALARM');
  });

  test('a metric with one dimension more is not of the schema', () => {
    const other = { ...pods('web', 'a'), dimensions: { ...pods('web', 'a').dimensions, FullPodName: 'a-1' } };

    expect(decide(alarm, storeOf('9', other), 1).state).toBe('OK');
  });

  test('a query that is none is said to be so', () => {
    const broken = { ...alarm, queries: [{ id: 'q1', expression: "SELECT SUM(a) FROM SCHEMA(x) WHERE b > 'c'", returnData: true }] };

    expect(decide(broken, new MetricStore(), 1)).toMatchObject({
      state: 'INSUFFICIENT_DATA',
      reason: expect.stringContaining('a condition is a dimension'),
    });
  });
});
