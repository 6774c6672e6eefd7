import { binOf, earliest, groupBy, klogTime, latest, linesOf, SAMPLES, truth } from '../../support/independent.ts';
import { asCounts, askSaved, expectRows, expectTop, withFile } from '../../support/run-query.ts';

const LINES = linesOf(SAMPLES.api);

/** Lines that begin with a klog header, with their shown time. */
const RECORDS = LINES.flatMap((line) => {
  const time = klogTime(line);
  return time === undefined ? [] : [{ line, time }];
});

test('webhook-failures tells refused requests from those that passed unchecked', async () => {
  const rows = await askSaved('webhook-failures', SAMPLES.api);

  const failures = RECORDS.filter(({ line }) => line.includes('Failed calling webhook, failing '));
  const groups = groupBy(failures, ({ line }) => /failing (\w+) ([\w.-]+): /.exec(line)?.slice(1).join(' ') as string);
  expectRows(
    rows,
    [...groups].map(([key, group]) => {
      const [failing, webhook] = key.split(' ');
      const last = latest(group.map(({ time }) => time));
      const text = group.find(({ time }) => time === last)?.line as string;
      return {
        webhook,
        failing,
        failures: group.length,
        first_seen: earliest(group.map(({ time }) => time)),
        last_seen: last,
        last_error: text.slice(text.indexOf(`${webhook}: `) + `${webhook}: `.length),
      };
    }),
  );
  expect(asCounts(rows, 'failing', 'failures')).toEqual({
    open: truth['kube-apiserver'].failing_open,
    closed: truth['kube-apiserver'].failing_closed,
  });
});

test.each([
  ['etcd-space-exceeded', (line: string) => line.includes('mvcc: database space exceeded'), 38],
  ['etcd-unreachable', (line: string) => /createTransport failed to connect.*:2379/.test(line), 765],
])('%s counts lines per minute', async (name, isWanted, total) => {
  const rows = await askSaved(name, SAMPLES.api);

  // Lines without a header of their own would have the time of the line before.
  let time = '';
  const bins: Record<string, number> = {};
  for (const line of LINES) {
    time = klogTime(line) ?? time;
    if (isWanted(line)) bins[binOf(time)] = (bins[binOf(time)] ?? 0) + 1;
  }
  expect(asCounts(rows, 'time', 'lines')).toEqual(bins);
  expect(rows.reduce((sum, row) => sum + Number(row['lines']), 0)).toBe(total);
  expect(rows.map((row) => row['time'])).toEqual(rows.map((row) => row['time']).sort());
});

test('the lines about the full database are those that were counted when the samples were recorded', () => {
  expect(LINES.filter((line) => line.includes('mvcc: database space exceeded'))).toHaveLength(truth['kube-apiserver'].mvcc_lines);
});

test('api-server-errors counts E lines by the place that wrote them', async () => {
  const rows = await askSaved('api-server-errors', SAMPLES.api);

  const errors = RECORDS.filter(({ line }) => /^[EF]/.test(line));
  expect(errors).toHaveLength(truth['kube-apiserver'].severity.E);
  const groups = groupBy(errors, ({ line }) => /^\S+ \S+ +\d+ (\S+:\d+)\] /.exec(line)?.[1] as string);
  const expected = [...groups].map(([place, group]) => {
    const last = latest(group.map(({ time }) => time));
    const text = group.find(({ time }) => time === last)?.line as string;
    return {
      place,
      lines: group.length,
      first_seen: earliest(group.map(({ time }) => time)),
      last_seen: last,
      last_text: text.slice(text.indexOf('] ') + 2),
    };
  });
  expectTop(rows, expected, 'lines', 100);
});

// The components of the samples never waited for their own limits. These are the two forms in which client-go says so (before and since 1.32).
test('client-side-throttling reads the old and the new form of the line', async () => {
  const lines = [
    'I1121 08:23:40.100000   26518 request.go:629] Waited for 1.037997549s due to client-side throttling, not priority and fairness, request: GET:https://10.0.9.1:443/apis/batch/v1/namespaces/team-a/jobs?limit=500',
    'I1121 08:23:41.200000   26518 request.go:752] "Waited before sending request" delay="1.200875613s" reason="client-side throttling, not priority and fairness" verb="POST" URL="https://10.0.9.1:443/api/v1/namespaces/team-a/pods"',
    'I1121 08:23:42.300000   26518 request.go:752] "Waited before sending request" delay="2.5s" reason="client-side throttling, not priority and fairness" verb="POST" URL="https://10.0.9.1:443/api/v1/namespaces/team-a/pods"',
    ...linesOf(SAMPLES.controllerManager).slice(0, 50),
  ];

  const rows = await withFile('kube-controller-manager-0123.log', lines, (path) => askSaved('client-side-throttling', path));

  expect(rows).toEqual([
    {
      '@logStream': 'kube-controller-manager-0123',
      verb: 'POST',
      path: '/api/v1/namespaces/team-a/pods',
      waits: 2,
      last_delay: '2.5s',
      last_seen: '2026-11-21 08:23:42.300',
    },
    {
      '@logStream': 'kube-controller-manager-0123',
      verb: 'GET',
      path: '/apis/batch/v1/namespaces/team-a/jobs',
      waits: 1,
      last_delay: '1.037997549s',
      last_seen: '2026-11-21 08:23:40.100',
    },
  ]);
  expect(await askSaved('client-side-throttling', [SAMPLES.controllerManager, SAMPLES.scheduler, SAMPLES.api])).toEqual([]);
});
