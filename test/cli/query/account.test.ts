import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LogsApi, type QueryState, runInAccount } from '../../../cli/query/account.ts';
import { chooseLogGroups } from '../../../cli/query/account-command.ts';
import { run } from '../../../cli/query.ts';
import { fakeIo } from './helpers.ts';

const state = (status: string, rows: QueryState['rows'] = [], scanned = 0): QueryState => ({
  status,
  rows,
  bytesScanned: scanned,
  recordsScanned: scanned / 10,
  recordsMatched: rows.length,
});
const QUERY = { text: 'fields a', logGroups: ['/g'], startMs: 1_500, endMs: 3_600_400 };

/** CloudWatch's side of a query, with what it was asked. */
function fakeApi(states: QueryState[]): LogsApi & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    startQuery: (input) => {
      calls.push(`start ${JSON.stringify(input)}`);
      return Promise.resolve('q1');
    },
    queryResults: () => {
      calls.push('results');
      return Promise.resolve((states.length > 1 ? states.shift() : states[0]) as QueryState);
    },
    stopQuery: (id) => {
      calls.push(`stop ${id}`);
      return Promise.resolve();
    },
    savedQueries: () => Promise.resolve([]),
  };
}

test('starts a query, looks until it is done, and gives columns in the order of the rows', async () => {
  const api = fakeApi([
    state('Scheduled'),
    state('Running', [], 500),
    state(
      'Complete',
      [
        [
          { field: '@timestamp', value: '2026-11-21 08:00:00.000' },
          { field: 'n', value: '12' },
          { field: '@ptr', value: 'x' },
        ],
        [
          { field: '@timestamp', value: '2026-11-21 08:01:00.000' },
          { field: 'id', value: '007' },
        ],
      ],
      1000,
    ),
  ]);
  const seen: string[] = [];
  const answer = await runInAccount(
    QUERY,
    { api, now: () => 0, sleep: () => Promise.resolve(), onProgress: (each) => seen.push(each.status) },
    new AbortController().signal,
  );

  expect(api.calls[0]).toBe('start {"queryString":"fields a","logGroups":["/g"],"startSeconds":1,"endSeconds":3601}');
  expect(seen).toEqual(['Scheduled', 'Running', 'Complete']);
  expect(answer.columns).toEqual([
    { name: '@timestamp', isTime: true },
    { name: 'n', isTime: false },
    { name: 'id', isTime: false },
  ]);
  expect(answer.rows).toEqual([
    ['2026-11-21 08:00:00.000', 12, undefined],
    ['2026-11-21 08:01:00.000', undefined, '007'],
  ]);
});

test('the query says which texts of CloudWatch are numbers; of a field of the event its writing does', async () => {
  const row = { n: '2.0', code: '403', version: '1.30', id: '007', long: '12345678901234567890', seconds: '1.010', big: '1.5E9' };
  const api = fakeApi([state('Complete', [Object.entries(row).map(([field, value]) => ({ field, value }))])]);
  const text = `parse @message "* *" as seconds, version
    | stats avg(ms) as n, sum(bytes) as big by code, version, id, long, seconds`;

  const { columns, rows } = await runInAccount(
    { ...QUERY, text },
    { api, now: () => 0, sleep: () => Promise.resolve(), onProgress: () => {} },
    new AbortController().signal,
  );

  expect(Object.fromEntries(columns.map(({ name }, at) => [name, rows[0]?.[at]]))).toEqual({ ...row, n: 2, code: 403, big: 1.5e9 });
});

test('a query that is interrupted is stopped in the account', async () => {
  const api = fakeApi([state('Running', [], 10)]);
  const interrupt = new AbortController();
  const answer = await runInAccount(
    QUERY,
    { api, now: () => 0, sleep: () => Promise.resolve(interrupt.abort()), onProgress: () => undefined },
    interrupt.signal,
  );

  expect(api.calls).toContain('stop q1');
  expect(answer.status).toBe('Cancelled');
});

test('log groups come from the call, the query, or the saved query', async () => {
  const saved = (list: { name: string; logGroups: string[] }[]) => ({ savedQueries: () => Promise.resolve(list) });

  expect(await chooseLogGroups('fields a', { logGroups: ['/x'], name: 'q', cluster: undefined }, saved([]))).toEqual(['/x']);
  expect(await chooseLogGroups('SOURCE logGroups() | fields a', { logGroups: [], name: 'q', cluster: undefined }, saved([]))).toEqual([]);
  expect(
    await chooseLogGroups('fields a', { logGroups: [], name: 'q', cluster: undefined }, saved([{ name: 'prod/q', logGroups: ['/y'] }])),
  ).toEqual(['/y']);
  expect(
    await chooseLogGroups(
      'fields a',
      { logGroups: [], name: 'q', cluster: undefined },
      saved([
        { name: 'a/q', logGroups: ['/y'] },
        { name: 'b/q', logGroups: ['/z'] },
      ]),
    ),
  ).toContain('several');
  expect(await chooseLogGroups('fields a', { logGroups: [], name: undefined, cluster: undefined }, saved([]))).toContain('--log-group');
  const own = '# which groups\nSOURCE logGroups(namePrefix: ["/aws/eks/"]) | fields a';
  expect(await chooseLogGroups(own, { logGroups: [], name: undefined, cluster: undefined }, saved([]))).toEqual([]);
  expect(await chooseLogGroups('fields source', { logGroups: [], name: undefined, cluster: undefined }, saved([]))).toContain(
    '--log-group',
  );
});

describe('with the SDK against a server on this machine', () => {
  let server: Server;
  const asked: { target: string; body: Record<string, unknown> }[] = [];
  const saved = { ...process.env };
  beforeAll(async () => {
    let looks = 0;
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const target = String(request.headers['x-amz-target']).split('.').pop() as string;
        asked.push({ target, body: JSON.parse(text) as Record<string, unknown> });
        const answers: Record<string, unknown> = {
          StartQuery: { queryId: 'q-1' },
          GetQueryResults: {
            status: looks++ === 0 ? 'Running' : 'Complete',
            results: [
              [
                { field: 'user.username', value: 'alice' },
                { field: 'requests', value: '18' },
              ],
            ],
            statistics: { bytesScanned: 2_500_000_000, recordsScanned: 1_000_000, recordsMatched: 18 },
          },
          DescribeQueryDefinitions: { queryDefinitions: [{ name: 'prod/denied-requests', logGroupNames: ['/aws/eks/prod/cluster'] }] },
        };
        response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answers[target] ?? {}));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_REGION: 'us-east-1',
    });
  });
  afterAll(async () => {
    for (const key of Object.keys(process.env)) if (!(key in saved)) delete process.env[key];
    Object.assign(process.env, saved);
    await new Promise((done) => server.close(done));
  });

  test('runs a saved query with the log groups it was deployed with, and tells what it cost', async () => {
    const io = fakeIo({ env: { AWS_REGION: 'us-east-1' } });
    const code = await run(['denied-requests', '--start', '2h', '--json'], io);

    expect(code).toBe(0);
    expect(io.out()).toBe('{"user.username":"alice","requests":18}\n');
    expect(io.err()).toContain('Complete: 1,000,000 events scanned (2.5 GB), 18 matched, 1 rows; about 0.01 USD (at 0.005 per GB)');
    const start = asked.find((each) => each.target === 'StartQuery')?.body as {
      logGroupNames: string[];
      startTime: number;
      endTime: number;
      queryString: string;
    };
    expect(start.logGroupNames).toEqual(['/aws/eks/prod/cluster']);
    expect(start.endTime - start.startTime).toBe(7200);
    expect(start.queryString).toContain('responseStatus.code = 403');
  });
});
