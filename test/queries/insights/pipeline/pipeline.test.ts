import { exportedEvents, MORE_SAMPLES, rounded, sum } from '../../support/container-records.ts';
import { binOf, earliest, groupBy, type Json, latest, percentileRange, rowsBy } from '../../support/independent.ts';
import { askSaved, expectRows } from '../../support/run-query.ts';

const EVENTS = exportedEvents(MORE_SAMPLES.functions);
/** Lines of counts (EMF), with the minute they were written in. */
const COUNTS: Json[] = EVENTS.filter(({ json }) => json?._aws !== undefined).map(({ json, time }) => ({
  ...json,
  time,
  minute: binOf(time),
}));
const ask = (name: string, parameters: Record<string, string> = {}) => askSaved(name, MORE_SAMPLES.functions, parameters);
const total = (group: readonly Json[], field: string): number => sum(group.map((each) => each[field]));

test('the counts of the recorded functions add up, and hold every kind of fault', () => {
  for (const each of COUNTS)
    expect(each.Received).toBe(each.Indexed + each.Duplicate + each.DeadLettered + each.Excluded + each.Joined + each.Returned);
  expect(total(COUNTS, 'DeadLettered')).toBe(18);
  expect(COUNTS.filter(({ Returned }) => Returned > 0)).toHaveLength(3);
});

test('pipeline-counts shows what became of the events of each source', async () => {
  const rows = await ask('pipeline-counts');

  expectRows(
    rows,
    rowsBy(
      COUNTS.filter(({ Received }) => Received > 0),
      ({ Source }) => ({ Source }),
      (group) => ({
        received: total(group, 'Received'),
        indexed: total(group, 'Indexed'),
        duplicate: total(group, 'Duplicate'),
        dead_lettered: total(group, 'DeadLettered'),
        excluded: total(group, 'Excluded'),
        joined: total(group, 'Joined'),
        returned: total(group, 'Returned'),
        unaccounted: 0,
      }),
    ),
  );
});

test.each([
  ['pipeline-dead-letters', 'DeadLettered', 'dead_lettered', ['Source', 'Function']],
  ['pipeline-duplicates', 'Duplicate', 'duplicate', ['Source']],
])('%s counts by minute', async (name, field, column, by) => {
  const rows = await ask(name);

  expectRows(
    rows,
    rowsBy(
      COUNTS.filter((each) => each[field] > 0),
      (each) => ({ time: each.minute, ...Object.fromEntries(by.map((key) => [key, each[key]])) }),
      (group) => ({ [column]: total(group, field), received: total(group, 'Received') }),
    ),
  );
  expect(rows.length).toBeGreaterThan(1);
});

test('pipeline-lag weighs the average by documents', async () => {
  const lag = (counts: readonly Json[]) =>
    [...groupBy(counts, ({ minute }) => minute)].map(([time, group]) => ({
      time,
      worst_seconds: Math.max(...group.map(({ DelayMs }) => DelayMs)) / 1000,
      average_seconds: sum(group.map(({ DelayMsAverage, Indexed }) => DelayMsAverage * Indexed)) / total(group, 'Indexed') / 1000,
      documents: total(group, 'Indexed'),
    }));
  const measured = COUNTS.filter(({ DelayMs }) => DelayMs !== undefined);

  expectRows(rounded(await ask('pipeline-lag')), rounded(lag(measured)));
  expectRows(
    rounded(await ask('pipeline-lag', { source: 'local-app' })),
    rounded(lag(measured.filter(({ Source }) => Source === 'local-application'))),
  );
});

/** One item per name of a map such as excludedByRule. */
const itemsOf = (field: string) =>
  COUNTS.flatMap((each) => Object.entries<number>(each[field]).map(([name, count]) => ({ ...each, name, count })));

test('pipeline-returned tells why documents came back', async () => {
  const rows = await ask('pipeline-returned');

  expectRows(
    rows,
    rowsBy(
      itemsOf('returnedByReason'),
      ({ Source, name }) => ({ Source, reason: name }),
      (group) => ({
        documents: total(group, 'count'),
        invocations: group.length,
        first_seen: earliest(group.map(({ time }) => time)),
        last_seen: latest(group.map(({ time }) => time)),
      }),
    ),
  );
  expect(new Set(rows.map(({ reason }) => reason))).toEqual(new Set(['rejected-execution', 'http-503']));
});

test('pipeline-dead-letter-reasons tells why documents cannot be indexed', async () => {
  const rows = await ask('pipeline-dead-letter-reasons');

  expectRows(
    rows,
    rowsBy(
      itemsOf('deadLetteredByReason'),
      ({ Source, name }) => ({ Source, reason: name }),
      (group) => ({
        documents: total(group, 'count'),
        first_seen: earliest(group.map(({ time }) => time)),
        last_seen: latest(group.map(({ time }) => time)),
      }),
    ),
  );
  expect(sum(rows.map((row) => Number(row['documents'])))).toBe(total(COUNTS, 'DeadLettered'));
});

test('pipeline-excluded and pipeline-would-exclude count by rule', async () => {
  expectRows(
    await ask('pipeline-excluded'),
    rowsBy(
      itemsOf('excludedByRule'),
      ({ Source, name }) => ({ Source, rule: name }),
      (group) => ({ events: total(group, 'count') }),
    ),
  );
  expectRows(
    await ask('pipeline-would-exclude'),
    rowsBy(
      itemsOf('wouldExcludeByRule'),
      ({ Source, name }) => ({ Source, rule: name }),
      (group) => ({ events: total(group, 'count'), received: total(group, 'Received') }),
    ),
  );
});

test('pipeline-errors shows errors and time-outs, newest first', async () => {
  const rows = await ask('pipeline-errors');

  const problems = EVENTS.filter(({ text }) => text.includes('\tERROR\t') || text.includes('Task timed out')).reverse();
  expect(rows).toEqual(
    problems.map(({ time, text, json, stream }) => ({
      '@timestamp': time,
      request_id: /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(text)?.[0],
      problem: json?.errorMessage ?? 'Task timed out after 60.00 seconds',
      '@logStream': stream,
    })),
  );
  expect(rows.map(({ problem }) => problem)).toContain('must come again: 70 rejected-execution');
});

test('function-durations reads what Lambda reports of each invocation', async () => {
  const [row, ...others] = await ask('function-durations');

  const reports = EVENTS.filter(({ text }) => text.startsWith('REPORT '));
  const durations = reports.map(({ text }) => Number(/\tDuration: (\S+) ms/.exec(text)?.[1]));
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    invocations: reports.length,
    cold_starts: reports.filter(({ text }) => text.includes('Init Duration')).length,
    timeouts: 1,
    slowest_ms: Math.max(...durations),
    memory_mb: 1024,
    used_mb: Math.max(...reports.map(({ text }) => Number(/Max Memory Used: (\d+)/.exec(text)?.[1]))),
  });
  for (const [column, percent] of [
    ['p50_ms', 50],
    ['p95_ms', 95],
  ] as const) {
    const { low, high } = percentileRange(durations, percent);
    expect(row?.[column]).toBeGreaterThanOrEqual(low);
    expect(row?.[column]).toBeLessThanOrEqual(high);
  }
});
