import { EVENTS } from '../../support/audit.ts';
import { type Json, keyOf, microsOf, percentileRange, rowsBy, SAMPLES, shownTime } from '../../support/independent.ts';
import { askSaved, expectDescending, withFile } from '../../support/run-query.ts';

const OPEN_BY_NATURE = ['exec', 'attach', 'portforward', 'proxy', 'log'];

function isCall(event: Json): boolean {
  return event.stage === 'ResponseComplete' && event.verb !== 'watch' && !OPEN_BY_NATURE.includes(event.objectRef?.subresource);
}

/** Milliseconds from the arrival of a request to its end, to the microsecond. */
function msOf(event: Json): number {
  return (microsOf(event.stageTimestamp) - microsOf(event.requestReceivedTimestamp)) / 1000;
}

test('slow-api-calls gives percentiles by verb, resource and subresource', async () => {
  const rows = await askSaved('slow-api-calls', SAMPLES.audit);

  const groups = new Map<string, number[]>();
  for (const event of EVENTS.filter(isCall)) {
    const key = keyOf(event.verb, event.objectRef?.resource, event.objectRef?.subresource);
    groups.set(key, [...(groups.get(key) ?? []), msOf(event)]);
  }
  expect(rows).toHaveLength(Math.min(100, groups.size));
  expectDescending(rows, 'p99_ms');
  for (const row of rows) {
    const values = groups.get(keyOf(row['verb'], row['objectRef.resource'], row['objectRef.subresource'])) as number[];
    expect(row['requests']).toBe(values.length);
    expect(row['max_ms']).toBeCloseTo(Math.max(...values), 3);
    for (const percent of [50, 95, 99]) {
      const { low, high } = percentileRange(values, percent);
      expect(row[`p${percent}_ms`]).toBeGreaterThanOrEqual(low);
      expect(row[`p${percent}_ms`]).toBeLessThanOrEqual(high);
    }
  }
});

test('slow-api-calls leaves out what was always quicker than a bound', async () => {
  const rows = await askSaved('slow-api-calls', SAMPLES.audit, { at_least_ms: '5000' });

  const slow = EVENTS.filter((event) => isCall(event) && msOf(event) >= 5000);
  const groups = rowsBy(
    slow,
    (event) => ({ verb: event.verb, resource: event.objectRef?.resource, subresource: event.objectRef?.subresource }),
    () => ({}),
  );
  expect(rows).toHaveLength(groups.length);
});

test('slowest-requests lists single requests, the slowest first', async () => {
  const rows = await askSaved('slowest-requests', SAMPLES.audit);

  const expected = EVENTS.filter((event) => isCall(event) && msOf(event) >= 1000).sort((a, b) => msOf(b) - msOf(a));
  expect(rows.length).toBe(Math.min(50, expected.length));
  expectDescending(rows, 'ms');
  expect(new Set(rows.map((row) => row['auditID']))).toEqual(new Set(expected.slice(0, 50).map((event) => event.auditID)));
  const [slowest] = expected;
  expect(rows[0]).toEqual({
    '@timestamp': shownTime(slowest.stageTimestamp),
    ms: msOf(slowest),
    'user.username': slowest.user.username,
    verb: slowest.verb,
    requestURI: slowest.requestURI,
    'responseStatus.code': slowest.responseStatus.code,
    userAgent: slowest.userAgent,
    auditID: slowest.auditID,
  });
});

test('a request that went on over midnight is not slower or quicker for it', async () => {
  const [real] = EVENTS.filter(isCall);
  const event = { ...real, requestReceivedTimestamp: '2026-11-21T23:59:59.500000Z', stageTimestamp: '2026-11-22T00:00:01.750001Z' };

  const rows = await withFile('kube-apiserver-audit.log', [event], (path) => askSaved('slowest-requests', path));

  expect(rows).toMatchObject([{ ms: 2250.001 }]);
});
