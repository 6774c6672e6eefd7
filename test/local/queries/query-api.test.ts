import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAwsClient, LOGS } from '../../../lambdas/clients/aws-json.ts';
import { serveApis } from '../../../local/aws/api-server.ts';
import { EksApi } from '../../../local/aws/eks-api.ts';
import { LogsApi } from '../../../local/aws/logs-api.ts';
import { EventStore } from '../../../local/logs/event-store.ts';
import { QueryApi } from '../../../local/queries/query-api.ts';

const GROUP = '/aws/eks/prod/cluster';
const OTHER = '/aws/containerinsights/prod/application';
let directory: string;
let api: QueryApi;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'query-api-'));
  const store = new EventStore(directory);
  const event = (n: number) => ({
    id: `e${n}`,
    timestamp: n * 1000,
    message: JSON.stringify({ n, level: n % 2 === 0 ? 'warn' : 'error' }),
  });
  store.put(GROUP, 'audit-1', [1, 2, 3, 4].map(event));
  store.put(OTHER, 'web', [event(5)]);
  api = new QueryApi({ account: '111122223333', files: store.files, hasGroup: (name) => name === '/empty', now: () => 9000 });
});
afterEach(() => rmSync(directory, { recursive: true }));

interface Answer {
  readonly status?: string;
  readonly results?: readonly (readonly { readonly field: string; readonly value: string }[])[];
  readonly statistics?: object;
  readonly queryId?: string;
  readonly __type?: string;
  readonly message?: string;
}

const call = (action: string, input: object): Answer => (api.answer(action, JSON.stringify(input))?.body ?? {}) as Answer;
const ask = async (input: object): Promise<Answer> => {
  const started = call('StartQuery', { logGroupNames: [GROUP], startTime: 0, endTime: 9, ...input });
  if (started.queryId === undefined) return started;
  for (;;) {
    const answer = call('GetQueryResults', { queryId: started.queryId });
    if (answer.status !== 'Running') return answer;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

test('rows are fields with texts, newest first, each with the pointer of its event, and what was scanned is counted', async () => {
  const answer = await ask({ queryString: 'fields @timestamp, n, nothing | filter n > 1' });

  expect(answer).toEqual({
    queryLanguage: 'CWLI',
    status: 'Complete',
    statistics: { recordsMatched: 3, recordsScanned: 4, bytesScanned: 90, logGroupsScanned: 1 },
    results: [4, 3, 2].map((n) => [
      { field: '@timestamp', value: `1970-01-01 00:00:0${n}.000` },
      { field: 'n', value: String(n) },
      { field: '@ptr', value: `e${n}` },
    ]),
  });
});

test('a range holds both of its ends, in seconds; groups are named once, by name, by names or by ARN; the limit of the call cuts', async () => {
  const numbers = async (input: object): Promise<(string | undefined)[] | undefined> =>
    (await ask({ queryString: 'fields n', ...input })).results?.map((row) => row[0]?.value);

  expect(await numbers({ startTime: 2, endTime: 3 })).toEqual(['3', '2']);
  expect(await numbers({ logGroupNames: [GROUP, OTHER], limit: 2 })).toEqual(['5', '4']);
  expect(await numbers({ logGroupNames: undefined, logGroupName: OTHER })).toEqual(['5']);
  expect(
    await numbers({ logGroupNames: undefined, logGroupIdentifiers: [`arn:aws:logs:us-east-1:111122223333:log-group:${OTHER}:*`] }),
  ).toEqual(['5']);
  expect(await numbers({ logGroupNames: ['/empty'] })).toEqual([]);
});

test('groups of stats have no pointer', async () => {
  expect((await ask({ queryString: 'stats count(*) as c by level | sort level desc' })).results).toEqual([
    [
      { field: 'level', value: 'warn' },
      { field: 'c', value: '2' },
    ],
    [
      { field: 'level', value: 'error' },
      { field: 'c', value: '2' },
    ],
  ]);
});

test.each<[string, object, string, RegExp]>([
  ['a query that cannot be read', { queryString: 'filter n >' }, 'MalformedQueryException', /1:11/],
  ['a group that is not there', { queryString: 'fields n', logGroupNames: ['/none'] }, 'ResourceNotFoundException', /\/none/],
  ['no group', { queryString: 'fields n', logGroupNames: [] }, 'InvalidParameterException', /names the log groups/],
  ['groups named twice', { queryString: 'fields n', logGroupName: GROUP }, 'InvalidParameterException', /exactly one/],
  ['51 groups', { queryString: 'fields n', logGroupNames: Array(51).fill(GROUP) }, 'InvalidParameterException', /at most 50/],
  ['a range that ends before it begins', { queryString: 'fields n', startTime: 9, endTime: 1 }, 'InvalidParameterException', /startTime/],
  ['a limit out of its range', { queryString: 'fields n', limit: 10_001 }, 'InvalidParameterException', /1 to 10000/],
  ['another language', { queryString: 'SELECT 1', queryLanguage: 'SQL' }, 'InvalidParameterException', /only CWLI/],
])('%s is refused with the error of CloudWatch Logs', async (_name, input, type, message) => {
  expect(await ask(input)).toMatchObject({ __type: type, message: expect.stringMatching(message) });
});

test('a query is stopped once, and one that is not there cannot be asked', async () => {
  const { queryId } = call('StartQuery', { logGroupNames: [GROUP], startTime: 0, endTime: 9, queryString: 'fields n' });

  expect(call('StopQuery', { queryId })).toEqual({ success: true });
  expect(call('StopQuery', { queryId }).__type).toBe('InvalidParameterException');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(call('GetQueryResults', { queryId }).status).toBe('Cancelled');
  expect(call('GetQueryResults', { queryId: 'x' }).__type).toBe('ResourceNotFoundException');
  expect(call('DescribeQueries', { status: 'Cancelled' })).toMatchObject({ queries: [{ queryId, queryString: 'fields n' }] });
});

test('the client of the functions gets the rows over the endpoint of the run', async () => {
  const server = await serveApis(new LogsApi('111122223333', 'us-east-1'), new EksApi([], () => 0), undefined, (action, body) =>
    api.answer(action, body),
  );
  try {
    const ports = {
      env: { AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: 'AKIALOCALRUN00000000', AWS_SECRET_ACCESS_KEY: 'local' },
      now: () => 0,
      random: () => 0,
      sleep: () => Promise.resolve(),
      remainingMs: () => 10_000,
    };
    const client = createAwsClient(LOGS, { region: 'us-east-1' }, ports);
    const { queryId } = await client('StartQuery', { logGroupNames: [GROUP], startTime: 0, endTime: 9, queryString: 'fields n | limit 1' });
    let answer = await client('GetQueryResults', { queryId });
    while (answer['status'] === 'Running') answer = await client('GetQueryResults', { queryId });

    expect(answer['results']).toEqual([
      [
        { field: 'n', value: '4' },
        { field: '@ptr', value: 'e4' },
      ],
    ]);
    await expect(client('StartQuery', { logGroupNames: ['/none'], startTime: 0, endTime: 9, queryString: 'fields n' })).rejects.toThrow(
      /ResourceNotFoundException/,
    );
  } finally {
    await server.close();
  }
});
