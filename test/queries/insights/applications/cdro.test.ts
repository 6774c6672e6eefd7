import { CONTAINERS, recordsOf, rounded, sum, truthOf } from '../../support/container-records.ts';
import { binOf, distinct, earliest, groupBy, latest, percentileRange, rowsBy, SAMPLES } from '../../support/independent.ts';
import { askSaved, expectDescending, expectRows, withFile } from '../../support/run-query.ts';

const LINES = recordsOf([SAMPLES.cdro]);

/** The first lines of the records: `ts | level | thread | id | session | operation | class | message`, which may hold bars itself. */
const RECORDS = LINES.flatMap(({ log, time }) => {
  if (!/^\d{4}-\d\d-\d\dT/.test(log)) return [];
  const parts = log.split('|').map((part) => part.trim());
  const [ts = '', level = '', , , session = '', operation = ''] = parts;
  return [{ ts, level, session, operation, text: log.split('|').slice(7).join('|').trimStart(), time }];
});

test('the records are those that were counted when the samples were recorded', () => {
  expect(RECORDS).toHaveLength(truthOf(SAMPLES.cdro).records);
});

test('cdro-operations counts calls, errors and sessions of each operation', async () => {
  const rows = await askSaved('cdro-operations', CONTAINERS);

  const expected = rowsBy(
    RECORDS.filter(({ operation }) => operation !== ''),
    ({ operation }) => ({ operation }),
    (group) => ({
      calls: group.length,
      errors: group.filter(({ level }) => level === 'ERROR').length,
      sessions: distinct(group.map(({ session }) => session || undefined)),
    }),
  );
  expectRows(rows, expected);
  expectDescending(rows, 'calls');
});

test('cdro-jobs-by-duration reads the milliseconds of finished jobs', async () => {
  const rows = await askSaved('cdro-jobs-by-duration', CONTAINERS);

  const jobs = RECORDS.flatMap(({ operation, text }) => {
    const ms = /^Job finished in (\d+) ms/.exec(text)?.[1];
    return ms === undefined ? [] : [{ operation, ms: Number(ms) }];
  });
  const groups = groupBy(jobs, ({ operation }) => operation);
  expectRows(
    rounded(rows.map(({ p95_ms: _, ...row }) => ({ ...row, operation: row['operation'] ?? '' }))),
    rounded(
      [...groups].map(([operation, group]) => ({
        operation,
        jobs: group.length,
        average_ms: sum(group.map(({ ms }) => ms)) / group.length,
        slowest_ms: Math.max(...group.map(({ ms }) => ms)),
      })),
    ),
  );
  for (const row of rows) {
    const { low, high } = percentileRange(
      (groups.get(String(row['operation'] ?? '')) ?? []).map(({ ms }) => ms),
      95,
    );
    expect(row['p95_ms']).toBeGreaterThanOrEqual(low);
    expect(row['p95_ms']).toBeLessThanOrEqual(high);
  }
});

test('cdro-sessions-with-errors lists sessions and what they did', async () => {
  const rows = await askSaved('cdro-sessions-with-errors', CONTAINERS);

  const errors = RECORDS.filter(({ level, session }) => level === 'ERROR' && session !== '');
  expectRows(
    rows.map((row) => ({ ...row, operation: row['operation'] ?? '' })),
    rowsBy(
      errors,
      ({ session, operation }) => ({ session, operation }),
      (group) => ({
        errors: group.length,
        first_seen: earliest(group.map(({ ts }) => ts)),
        last_seen: latest(group.map(({ ts }) => ts)),
        message: group[group.length - 1]?.text as string,
      }),
    ),
  );
});

test('cdro-agents-lost counts lost connections by cause', async () => {
  const rows = await askSaved('cdro-agents-lost', CONTAINERS);

  const causes = LINES.flatMap(({ log, time }) => {
    const at = log.indexOf('java.net.');
    return at < 0 ? [] : [{ time: binOf(time), cause: log.slice(at) }];
  });
  expectRows(
    rows,
    rowsBy(
      causes,
      ({ time, cause }) => ({ time, cause }),
      (group) => ({ times: group.length }),
    ),
  );
});

test('cdro-agents-lost knows the words of the server', async () => {
  const event = (log: string) => ({
    timestamp: 1795249600000,
    message: JSON.stringify({ log, stream: 'stdout', kubernetes: { container_name: 'server' } }),
  });
  const lines = [
    '2026-11-21T08:00:00.000 | WARN | x | 1 | s | runProcedure | Step | step aborted: AGENT_TIMEOUT',
    '2026-11-21T08:00:00.000 | WARN | x | 1 | s | ping | Agent | Agent agent-7.example.com is not responding',
    '2026-11-21T08:00:00.000 | INFO | x | 1 | s | ping | Agent | Agent agent-7.example.com is alive',
  ];

  const rows = await withFile('server.ndjson', lines.map(event), (path) => askSaved('cdro-agents-lost', path));

  expect(rows.map(({ cause }) => cause).sort()).toEqual(['AGENT_TIMEOUT', 'Agent agent-7.example.com is not responding']);
});
