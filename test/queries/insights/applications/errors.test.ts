import { CONTAINERS, containerColumns, readJson, recordsOf, rounded, truthOf } from '../../support/container-records.ts';
import { binOf, distinct, groupBy, latest, rowsBy, SAMPLES } from '../../support/independent.ts';
import { asCounts, askSaved, expectRows, withFile } from '../../support/run-query.ts';

const RECORDS = recordsOf(CONTAINERS);

/** What each of the samples calls an error, told by its own layout. */
function isError(container: string, log: string): boolean {
  if (container === 'checkout') {
    if (log.startsWith('panic:')) return true;
    try {
      return ['error', 'fatal', 'panic', 'critical'].includes(JSON.parse(log).level);
    } catch {
      // A few lines are cut off in the middle: no JSON, but their level can be read.
      return log.includes('"level": "error"');
    }
  }
  if (container === 'server') return ['ERROR', 'FATAL'].includes(log.split(' | ')[1] ?? '');
  if (container === 'orders') return ['ERROR', 'SEVERE', 'FATAL'].includes(log.split(' ')[1] ?? '');
  return ['[error]', '[crit]', '[alert]', '[emerg]'].includes(log.split(' ')[2] ?? '');
}

const ERRORS = RECORDS.filter(({ container, log }) => isError(container, log));

test('errors-by-container finds the errors of four layouts', async () => {
  const rows = await askSaved('errors-by-container', CONTAINERS);

  expectRows(
    rows,
    rowsBy(ERRORS, containerColumns, (group) => ({ errors: group.length, last_seen: latest(group.map(({ time }) => time)) })),
  );
  const counts = asCounts(rows, 'kubernetes.container_name', 'errors');
  expect(counts['server']).toBe(truthOf(SAMPLES.cdro).level.ERROR);
  expect(counts['orders']).toBe(truthOf(SAMPLES.orders).severe);
  expect(await askSaved('errors-by-container', CONTAINERS, { namespace: 'team-' })).toHaveLength(1);
});

test('error-rate counts all lines and those that are errors, over time', async () => {
  const rows = await askSaved('error-rate', CONTAINERS);

  const expected = [...groupBy(RECORDS, ({ time }) => binOf(time))].map(([time, group]) => {
    const errors = group.filter(({ container, log }) => isError(container, log)).length;
    return { time, errors, lines: group.length, error_percent: (100 * errors) / group.length };
  });
  expectRows(rounded(rows), rounded(expected));
  const [one] = await askSaved('error-rate', CONTAINERS, { namespace: 'cdro', container: 'server', period: '1h' });
  expect(one?.['errors']).toBe(126);
});

test('a word such as error in a message is no error', async () => {
  const lines = [
    '2026-11-21T08:00:00.000000000Z stdout F {"level":"info","msg":"no error found"}',
    '2026-11-21T08:00:01.000000000Z stdout F {"level":"error","msg":"x"}',
    '2026-11-21T08:00:01.500000000Z stdout F {"severity": "CRITICAL"}',
    '2026-11-21T08:00:02.000000000Z stderr F E1121 08:00:02.000000       1 main.go:1] "x"',
    '2026-11-21T08:00:03.000000000Z stdout F GET /ERROR 200',
  ];

  const rows = await withFile('a.log', lines, (path) => askSaved('error-rate', path));

  expect(rows).toEqual([{ time: '2026-11-21 08:00:00.000', errors: 3, lines: 5, error_percent: 60 }]);
});

test('stderr-by-container tells who writes to stderr', async () => {
  const rows = await askSaved('stderr-by-container', CONTAINERS);

  const expected = rowsBy(RECORDS, containerColumns, (group) => {
    const lines = group.filter(({ stream }) => stream === 'stderr').length;
    return { stderr_lines: lines, lines: group.length, stderr_percent: (100 * lines) / group.length };
  }).filter(({ stderr_lines }) => Number(stderr_lines) > 0);
  expectRows(rounded(rows), rounded(expected));
  expect(asCounts(rows, 'kubernetes.container_name', 'stderr_lines')).toEqual({ nginx: 865, orders: 34 });
});

/** `Name: text` at the beginning of a line; a cause or a suppressed one stands behind other words. */
const HEAD = /^(?:Exception in thread "[^"]*" )?((?:[a-z]\w*\.)*(?:[A-Z][\w$]*)?(?:Exception|Error))(?::|\s|$)/;

test('exceptions-by-first-frame counts exceptions, and leaves the frame open where lines come alone', async () => {
  const rows = await askSaved('exceptions-by-first-frame', CONTAINERS);

  const heads = RECORDS.flatMap((record) => {
    const exception = HEAD.exec(record.log)?.[1];
    return exception === undefined ? [] : [{ ...record, exception }];
  });
  expectRows(
    rows,
    rowsBy(
      heads,
      ({ exception }) => ({ exception }),
      (group) => ({ times: group.length, pods: distinct(group.map(({ pod }) => pod)), last_seen: latest(group.map(({ time }) => time)) }),
    ),
  );
  expect(asCounts(rows, 'exception', 'times')).toMatchObject({ OrderService$OrderException: 132, 'java.lang.StackOverflowError': 14 });
});

test('exceptions-by-first-frame groups by the first frame where the agent joins the lines of a trace', async () => {
  // A record begins with a time, or is a trace of its own on stderr: joined as Fluent Bit's multiline filter joins them.
  const joined: string[] = [];
  for (const { log, stream } of recordsOf([SAMPLES.orders])) {
    if (stream === 'stderr' ? !log.startsWith('\t') : /^\d{4}-\d\d-\d\dT/.test(log)) joined.push(log);
    else joined[joined.length - 1] += `\n${log}`;
  }
  const events = joined.map((log, i) => ({
    timestamp: 1795249600000 + i,
    message: JSON.stringify({ log, kubernetes: { namespace_name: 'x', pod_name: 'a' } }),
  }));

  const rows = await withFile('orders.ndjson', events, (path) => askSaved('exceptions-by-first-frame', path));

  const frames = joined.flatMap((text) => {
    const lines = text.split('\n');
    const at = lines.findIndex((line) => HEAD.test(line));
    return at < 0
      ? []
      : [{ exception: HEAD.exec(lines[at] as string)?.[1], frame: lines.find((line) => line.startsWith('\tat '))?.slice(4) }];
  });
  expect(asCounts(rows, ['exception', 'first_frame'], 'times')).toEqual(
    asCounts(
      rowsBy(
        frames,
        ({ exception, frame }) => ({ exception, frame }),
        (group) => ({ times: group.length }),
      ) as never,
      ['exception', 'frame'],
      'times',
    ),
  );
  expect(rows.length).toBeGreaterThanOrEqual(3);
});

test('python-tracebacks names the error and the line that raised it', async () => {
  const rows = await askSaved('python-tracebacks', CONTAINERS);

  const traces = recordsOf([SAMPLES.checkout]).flatMap(({ log, time }) => {
    const stack = readJson(log)?.stack as string | undefined;
    if (!stack?.startsWith('Traceback')) return [];
    const lines = stack.trimEnd().split('\n');
    const frame = lines.filter((line) => line.startsWith('  File ')).pop() as string;
    const [, file, line, name] = /File "(.*)", line (\d+), in (.*)/.exec(frame) as unknown as string[];
    return [{ error: lines.pop(), place: `${file}:${line} ${name}`, time }];
  });
  expectRows(
    rows,
    rowsBy(
      traces,
      ({ error, place }) => ({ error, place }),
      (group) => ({ times: group.length, last_seen: latest(group.map(({ time }) => time)) }),
    ),
  );
});
