import { MORE_SAMPLES, recordsOf } from '../../support/container-records.ts';
import { binOf, distinct, groupBy, latest, percentileRange, rowsBy } from '../../support/independent.ts';
import { askSaved, expectRows, expectTop } from '../../support/run-query.ts';

/** Access lines in ingress-nginx' format, cut at quotes and brackets. */
const ACCESS = recordsOf([MORE_SAMPLES.ingress]).flatMap(({ log, stream, time }) => {
  if (stream !== 'stdout') return [];
  const parts = log.split('"');
  const [status = ''] = (parts[2] ?? '').trim().split(' ');
  const tail = (parts[6] ?? '').trim();
  const [, seconds = ''] = tail.split(' ');
  const [service = '', , upstreams = ''] = tail
    .split('[')
    .slice(1)
    .flatMap((part) => part.split(']'));
  const [method = '', target = ''] = (parts[1] ?? '').split(' ');
  const isHttp = method !== 'GARBAGE\\x16\\x03';
  const addresses = tail.slice(tail.lastIndexOf(']') + 2).match(/^[^ ,]+(?:, [^ ,]+)*/)?.[0];
  return [
    {
      client: log.split(' ')[0] as string,
      status,
      seconds: Number(seconds),
      service,
      upstreams,
      addresses,
      method,
      path: target.split('?')[0] as string,
      isHttp,
      time,
    },
  ];
});
const HTTP = ACCESS.filter(({ isHttp }) => isHttp);

test('the recorded requests are those that samples/README.md tells', () => {
  const counts = Object.fromEntries([...groupBy(ACCESS, ({ status }) => status)].map(([status, group]) => [status, group.length]));

  expect(counts).toEqual({ 200: 485, 400: 1, 404: 17, 499: 1, 500: 9, 502: 31, 504: 3 });
});

test('ingress-latency gives percentiles of each path', async () => {
  const rows = await askSaved('ingress-latency', MORE_SAMPLES.ingress);

  const groups = groupBy(HTTP, ({ service, path }) => `${service} ${path}`);
  expect(rows.map((row) => `${row['service'] ?? ''} ${row['path']}`).sort()).toEqual([...groups.keys()].sort());
  for (const row of rows) {
    const values = (groups.get(`${row['service'] ?? ''} ${row['path']}`) ?? []).map(({ seconds }) => seconds);
    expect(row['requests']).toBe(values.length);
    expect(row['slowest']).toBe(Math.max(...values));
    for (const percent of [50, 95, 99]) {
      const { low, high } = percentileRange(values, percent);
      expect(row[`p${percent}`]).toBeGreaterThanOrEqual(low);
      expect(row[`p${percent}`]).toBeLessThanOrEqual(high);
    }
  }
});

test('ingress-latency-over-time has a bar per minute', async () => {
  const rows = await askSaved('ingress-latency-over-time', MORE_SAMPLES.ingress, { service: 'team-a-cart' });

  const groups = groupBy(
    ACCESS.filter(({ service }) => service.startsWith('team-a-cart')),
    ({ time }) => binOf(time),
  );
  expect(rows.map(({ time, requests }) => [time, requests])).toEqual([...groups].map(([time, group]) => [time, group.length]));
  for (const row of rows) {
    const { low, high } = percentileRange(
      (groups.get(String(row['time'])) ?? []).map(({ seconds }) => seconds),
      95,
    );
    expect(row['p95']).toBeGreaterThanOrEqual(low);
    expect(row['p95']).toBeLessThanOrEqual(high);
  }
});

test('ingress-slowest-requests names the pods that were asked', async () => {
  const rows = await askSaved('ingress-slowest-requests', MORE_SAMPLES.ingress, { at_least_seconds: '0.5' });

  const expected = HTTP.filter(({ seconds }) => seconds >= 0.5).map(
    ({ time, seconds, status, method, path, service, addresses, client }) => ({
      '@timestamp': time,
      seconds: String(seconds),
      status,
      method,
      path,
      service,
      upstream: addresses,
      client,
    }),
  );
  expectTop(
    rows.map((row) => ({ ...row, seconds: String(Number(row['seconds'])) })),
    expected,
    'seconds',
    100,
  );
  expect(rows.length).toBeGreaterThan(10);
});

test('ingress-failing-services tells which service fails with what', async () => {
  const rows = await askSaved('ingress-failing-services', MORE_SAMPLES.ingress);

  expectRows(
    rows,
    rowsBy(
      ACCESS.filter(({ status }) => Number(status) >= 499),
      ({ service, status }) => ({ service, status }),
      (group) => ({
        requests: group.length,
        clients: distinct(group.map(({ client }) => client)),
        last_seen: latest(group.map(({ time }) => time)),
      }),
    ),
  );
});
