import { CONTAINERS, readJson, recordsOf, truthOf } from '../../support/container-records.ts';
import { groupBy, latest, percentileRange, rowsBy, SAMPLES } from '../../support/independent.ts';
import { askSaved, expectRows, expectTop } from '../../support/run-query.ts';

const RECORDS = recordsOf([SAMPLES.checkout]);
const ENTRIES = RECORDS.flatMap((record) => {
  const entry = readJson(record.log);
  return entry === undefined ? [] : [{ ...record, entry }];
});

test('json-slow-requests ranks the requests of a service by their time', async () => {
  const rows = await askSaved('json-slow-requests', CONTAINERS, { at_least_ms: '800' });

  const expected = ENTRIES.filter(({ entry }) => entry.http.latency_ms >= 800).map(({ time, pod, entry }) => ({
    '@timestamp': time,
    ms: entry.http.latency_ms,
    status: entry.http.status,
    method: entry.http.method,
    path: entry.http.path,
    trace_id: entry.trace_id,
    'kubernetes.pod_name': pod,
  }));
  expectTop(rows, expected, 'ms', 100);
  expect(await askSaved('json-slow-requests', CONTAINERS, { container: 'nginx' })).toEqual([]);
});

test('json-latency-by-status gives percentiles of each status', async () => {
  const rows = await askSaved('json-latency-by-status', CONTAINERS);

  const groups = groupBy(
    ENTRIES.filter(({ entry }) => entry.http.latency_ms !== undefined),
    ({ entry }) => String(entry.http.status),
  );
  expect(new Set(rows.map(({ status }) => String(status)))).toEqual(new Set(groups.keys()));
  for (const row of rows) {
    const values = (groups.get(String(row['status'])) ?? []).map(({ entry }) => Number(entry.http.latency_ms));
    expect(row['requests']).toBe(values.length);
    expect(row['slowest']).toBe(Math.max(...values));
    for (const percent of [50, 95, 99]) {
      const { low, high } = percentileRange(values, percent);
      expect(row[`p${percent}`]).toBeGreaterThanOrEqual(low);
      expect(row[`p${percent}`]).toBeLessThanOrEqual(high);
    }
  }
});

test.each([
  [400, {}],
  [500, { at_least_status: '500' }],
])('json-errors-by-code groups failures from %i on, and errors of any status', async (least, parameters) => {
  const rows = await askSaved('json-errors-by-code', CONTAINERS, parameters);

  const failures = ENTRIES.filter(({ entry }) => entry.http.status >= least || entry.level === 'error' || entry.level === 'fatal');
  expectRows(
    rows,
    rowsBy(
      failures,
      ({ entry }) => ({ status: entry.http.status, level: entry.level, message: entry.msg }),
      (group) => ({ times: group.length, last_seen: latest(group.map(({ time }) => time)) }),
    ),
  );
});

test('json-broken-lines shows what is no JSON: plain text and lines that were cut off', async () => {
  const rows = await askSaved('json-broken-lines', CONTAINERS);

  const broken = RECORDS.filter(({ log }) => readJson(log) === undefined);
  // The text tools took lines as they stand: the five that containerd cut are JSON once they are glued.
  const { logical_lines, json_lines } = truthOf(SAMPLES.checkout);
  expect(broken).toHaveLength(logical_lines - json_lines - 5);
  expectRows(
    rows,
    broken.map(({ time, pod, stream, log }) => ({ '@timestamp': time, 'kubernetes.pod_name': pod, stream, log })),
  );
});
