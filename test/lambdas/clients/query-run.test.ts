import { AwsError, type CallAws } from '../../../lambdas/clients/aws-json.ts';
import { runQuery } from '../../../lambdas/clients/query-run.ts';

const REQUEST = { logGroups: ['/a'], query: 'fields @message', fromMs: 1500, toMs: 61_500, limit: 100 };
const BOUNDS = { maxScanBytes: 1000, timeoutMs: 10_000 };
const row = (text: string) => [
  { field: '@message', value: text },
  { field: '@ptr', value: 'p' },
];

/** CloudWatch that answers GetQueryResults in turn, on a clock that only pauses move. */
function account(states: readonly ({ status: string; bytes?: number; results?: object[] } | Error)[], stopError?: Error) {
  const calls: [string, object][] = [];
  let nowMs = 0;
  let looks = 0;
  const call: CallAws = async (action, input) => {
    calls.push([action, input]);
    if (action === 'StartQuery') return { queryId: 'q1' };
    if (action === 'StopQuery') {
      if (stopError) throw stopError;
      return { success: true };
    }
    const state = states[Math.min(looks++, states.length - 1)];
    if (state instanceof Error) throw state;
    return { status: state?.status, results: state?.results ?? [], statistics: { bytesScanned: state?.bytes ?? 0, recordsScanned: 7 } };
  };
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number): Promise<void> => {
      nowMs += ms;
    },
  };
  return { run: () => runQuery(call, REQUEST, BOUNDS, clock), actions: () => calls.map(([action]) => action), calls };
}

test('the window is whole seconds, and rows become a table without CloudWatch’s own column', async () => {
  const { calls, run } = account([
    { status: 'Running' },
    { status: 'Complete', bytes: 500, results: [row('a'), [{ field: 'x', value: '1' }]] },
  ]);

  expect(await run()).toMatchObject({
    status: 'Complete',
    scannedBytes: 500,
    scannedEvents: 7,
    table: {
      columns: ['@message', 'x'],
      rows: [
        ['a', undefined],
        [undefined, '1'],
      ],
    },
  });
  expect(calls[0]).toEqual([
    'StartQuery',
    { logGroupNames: ['/a'], queryString: 'fields @message', startTime: 1, endTime: 62, limit: 100 },
  ]);
});

test('a query that scans too much is stopped, and what was found is there', async () => {
  const { actions, run } = account([
    { status: 'Running' },
    { status: 'Running', bytes: 1001 },
    { status: 'Cancelled', bytes: 1200, results: [row('a')] },
  ]);

  expect(await run()).toMatchObject({ status: 'scan-limit', scannedBytes: 1200, table: { rows: [['a']] } });
  expect(actions()).toEqual(['StartQuery', 'GetQueryResults', 'GetQueryResults', 'StopQuery', 'GetQueryResults']);
});

test('a query that takes too long is stopped at its time', async () => {
  const { actions, run } = account([{ status: 'Running' }]);

  expect(await run()).toMatchObject({ status: 'timeout', tookMs: 10_000 });
  expect(actions().slice(-2)).toEqual(['StopQuery', 'GetQueryResults']);
});

test('a query that ended in the moment it was to be stopped is whole', async () => {
  const ended = new AwsError('logs', 'StopQuery', 'InvalidParameterException', 400, 'not running');
  const { run } = account(
    [
      { status: 'Running', bytes: 2000 },
      { status: 'Complete', bytes: 2000, results: [row('a')] },
    ],
    ended,
  );

  expect(await run()).toMatchObject({ status: 'Complete', table: { rows: [['a']] } });
});

test.each(['Failed', 'Cancelled', 'Timeout', 'Unknown'])('an end as %s is told', async (status) => {
  expect(await account([{ status }]).run()).toMatchObject({ status });
});

test('a query that nobody can look at any more is stopped', async () => {
  const { actions, run } = account([new AwsError('logs', 'GetQueryResults', 'AccessDeniedException', 400, '')]);

  await expect(run()).rejects.toThrow('AccessDenied');
  expect(actions()).toEqual(['StartQuery', 'GetQueryResults', 'StopQuery']);
});
