import { CONTAINERS, MORE_SAMPLES, recordsOf, sum, truthOf } from '../../support/container-records.ts';
import { binOf, containerOf, distinct, groupBy, latest, rowsBy, SAMPLES } from '../../support/independent.ts';
import { asCounts, askSaved, expectDescending, expectRows, expectTop } from '../../support/run-query.ts';

/** Access lines, cut at their quotes: nginx writes a quote inside of a value as \x22. */
const ACCESS = recordsOf([SAMPLES.web]).flatMap(({ log, stream, time }) => {
  if (stream !== 'stdout') return [];
  const [head = '', request = '', numbers = ''] = log.split('"');
  const [status = '', bytes = ''] = numbers.trim().split(' ');
  const [method, target] = /^[A-Z]+ /.test(request) ? request.split(' ') : [];
  return [{ client: head.split(' ')[0] as string, status, bytes: Number(bytes), method, path: target?.split('?')[0], time }];
});

test('the access lines are those that were counted when the samples were recorded', () => {
  expect(
    asCounts(
      rowsBy(
        ACCESS,
        ({ status }) => ({ status }),
        (group) => ({ n: group.length }),
      ) as never,
      'status',
      'n',
    ),
  ).toEqual(truthOf(SAMPLES.web).status);
});

test('nginx-status-by-path counts requests and bytes of paths', async () => {
  const rows = await askSaved('nginx-status-by-path', CONTAINERS);

  expectRows(
    rows,
    rowsBy(
      ACCESS,
      ({ path, status }) => ({ path: path?.slice(0, 200), status }),
      (group) => ({ requests: group.length, bytes: sum(group.map(({ bytes }) => bytes)) }),
    ),
  );
  expectDescending(rows, 'requests');
});

test('nginx-top-clients counts requests, failures, bytes and paths of clients', async () => {
  const rows = await askSaved('nginx-top-clients', CONTAINERS);

  expectRows(
    rows,
    rowsBy(
      ACCESS,
      ({ client }) => ({ client }),
      (group) => ({
        requests: group.length,
        failures: group.filter(({ status }) => /^[45]/.test(status)).length,
        bytes: sum(group.map(({ bytes }) => bytes)),
        paths: distinct(group.map(({ path }) => path)),
      }),
    ),
  );
});

test('nginx-server-errors lists the requests that the server failed', async () => {
  const rows = await askSaved('nginx-server-errors', CONTAINERS);

  const { pod } = containerOf(SAMPLES.web);
  expectRows(
    rows,
    ACCESS.filter(({ status }) => status.startsWith('5')).map(({ time, client, status, method, path }) => ({
      '@timestamp': time,
      client,
      status,
      method,
      path,
      'kubernetes.pod_name': pod,
    })),
  );
  expect(rows).toHaveLength(200);
});

test('nginx-status-per-minute counts by class of status', async () => {
  const rows = await askSaved('nginx-status-per-minute', CONTAINERS);

  const ofClass = (group: typeof ACCESS, first: string) => group.filter(({ status }) => status.startsWith(first)).length;
  expectRows(
    rows,
    [...groupBy(ACCESS, ({ time }) => binOf(time))].map(([time, group]) => ({
      time,
      requests: group.length,
      ok: ofClass(group, '2'),
      redirected: ofClass(group, '3'),
      client_errors: ofClass(group, '4'),
      server_errors: ofClass(group, '5'),
    })),
  );
});

test.each([
  ['web', [SAMPLES.web], {}],
  ['ingress', [MORE_SAMPLES.ingress], { container: 'controller' }],
])('nginx-errors groups the complaints of %s', async (_name, files, parameters) => {
  const rows = await askSaved('nginx-errors', files, parameters);

  const errors = recordsOf(files).flatMap(({ log, time }) => {
    const [, level, text = ''] = /^\S+ \S+ \[(error|crit|warn|alert|emerg)\] \S+ \*\d+ (.*)$/.exec(log) ?? [];
    return level === undefined
      ? []
      : [{ level, problem: text.split(',')[0]?.replace(/".*"/, '"…"') as string, client: /client: ([^,]+)/.exec(text)?.[1], time }];
  });
  const expected = rowsBy(
    errors,
    ({ level, problem }) => ({ level, problem }),
    (group) => ({
      times: group.length,
      clients: distinct(group.map(({ client }) => client)),
      last_seen: latest(group.map(({ time }) => time)),
    }),
  );
  expectTop(rows, expected, 'times', 100);
});
