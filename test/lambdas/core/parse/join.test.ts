import fc from 'fast-check';
import { groupRecords, joinLine, MAX_RECORD_CHARS } from '../../../../lambdas/core/parse/join.ts';
import { newJoinState } from '../../../../lambdas/core/parse/join-state.ts';
import { joinRule } from '../../../../lambdas/core/parse/registry.ts';

const KLOG = 'I1121 08:23:24.123456   26491 file.go:64] ';

/** Each record's lines joined by `+`, headless ones marked by `?`. */
function join(format: string, lines: readonly string[], start?: string): string[] {
  const rule = joinRule(format, start === undefined ? {} : { pattern: { regex: 'x', start } });
  return groupRecords(rule, lines).map(
    ({ positions, isHeadless }) => (isHeadless ? '?' : '') + positions.map((position) => lines[position]).join('+'),
  );
}

test.each<[string, string, readonly string[], readonly string[]]>([
  [
    'klog',
    'everything without a header to the record before',
    [`${KLOG}a`, 'Trace[1]: x', '', '[-]b failed', 'goroutine 1 [running]:', `${KLOG}c`],
    [`${KLOG}a+Trace[1]: x++[-]b failed+goroutine 1 [running]:`, `${KLOG}c`],
  ],
  [
    'klog',
    'a block and what follows it',
    [`${KLOG}"M" err=<`, '\tI1121 no header', '\t{"a":1}', ' > logger="L"', `${KLOG}c`],
    [`${KLOG}"M" err=<+\tI1121 no header+\t{"a":1}+ > logger="L"`, `${KLOG}c`],
  ],
  ['klog', 'no zap line', [`${KLOG}a`, '{"level":"warn","msg":"x"}', `${KLOG}b`], [`${KLOG}a`, '{"level":"warn","msg":"x"}', `${KLOG}b`]],
  [
    'klog',
    'the rest of a record that began earlier',
    ['\tend of a block', ' > logger="L"', `${KLOG}a`],
    ['?\tend of a block+ > logger="L"', `${KLOG}a`],
  ],
  [
    'auto',
    'klog blocks, traces and dumps',
    [
      `${KLOG}"M" c=<`,
      '\ta: 1',
      '\t',
      ' >',
      `${KLOG}b`,
      'Trace[1]: x',
      `${KLOG}d`,
      'SIGQUIT: quit',
      'PC=0x1 m=0 sigcode=0',
      '',
      'goroutine 1 [running]:',
      'main.main()',
      '\t/a.go:1',
      '',
      'rax 0x0',
      `${KLOG}e`,
    ],
    [
      `${KLOG}"M" c=<+\ta: 1+\t+ >`,
      `${KLOG}b+Trace[1]: x`,
      `${KLOG}d+SIGQUIT: quit+PC=0x1 m=0 sigcode=0++goroutine 1 [running]:+main.main()+\t/a.go:1++rax 0x0`,
      `${KLOG}e`,
    ],
  ],
  [
    'auto',
    'no plain line to a klog record: programs mix them',
    [`${KLOG}a`, 'plain', 'words', `${KLOG}b`],
    [`${KLOG}a`, 'plain', 'words', `${KLOG}b`],
  ],
  [
    'java',
    'a trace to its log line',
    [
      '2026-11-21T08:26:53.698Z SEVERE [main] O - a',
      'x.YException: b',
      '\tat c',
      'Caused by: d',
      '  detail: e',
      '',
      '2026-11-21T08:26:53.699Z INFO [main] O - f',
    ],
    [
      '2026-11-21T08:26:53.698Z SEVERE [main] O - a+x.YException: b+\tat c+Caused by: d+  detail: e+',
      '2026-11-21T08:26:53.699Z INFO [main] O - f',
    ],
  ],
  [
    'java',
    'traces without log lines, each by itself',
    ['java.lang.Exception: 1', '\tat a', 'java.lang.Exception: 2', '\tat a', 'Caused by: x.Y: z', '\t... 2 more'],
    ['java.lang.Exception: 1+\tat a', 'java.lang.Exception: 2+\tat a+Caused by: x.Y: z+\t... 2 more'],
  ],
  [
    'java',
    'the second line of java.util.logging',
    ['Nov 21, 2026 8:26:53 AM a.B c', 'SEVERE: bad', 'Nov 21, 2026 8:26:54 AM a.B c', 'INFO: good'],
    ['Nov 21, 2026 8:26:53 AM a.B c+SEVERE: bad', 'Nov 21, 2026 8:26:54 AM a.B c+INFO: good'],
  ],
  [
    'python',
    'a traceback to its log line',
    ['ERROR:root:a', 'Traceback (most recent call last):', '  File "a.py"', 'ValueError: b', 'INFO:root:c'],
    ['ERROR:root:a+Traceback (most recent call last):+  File "a.py"+ValueError: b', 'INFO:root:c'],
  ],
  [
    'python',
    'chained tracebacks',
    [
      'Traceback (most recent call last):',
      '  File "a.py"',
      'KeyError: 1',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "b.py"',
      'ValueError: 2',
      'Traceback (most recent call last):',
      '  File "c.py"',
      'ValueError: 3',
      'print',
    ],
    [
      'Traceback (most recent call last):+  File "a.py"+KeyError: 1++During handling of the above exception, another exception occurred:++Traceback (most recent call last):+  File "b.py"+ValueError: 2',
      'Traceback (most recent call last):+  File "c.py"+ValueError: 3',
      'print',
    ],
  ],
  [
    'pipe',
    'all lines up to the next time stamp',
    ['2022-02-09T06:34:29.139 | INFO | a', '<xml>', '2022-02-09 not a stamp', '', '{"a":1}', '2022-02-09T06:34:29.387 | INFO | b'],
    ['2022-02-09T06:34:29.139 | INFO | a+<xml>+2022-02-09 not a stamp++{"a":1}', '2022-02-09T06:34:29.387 | INFO | b'],
  ],
  [
    'auto',
    'the body of a pipe record, whatever it is',
    [
      '2022-02-09T06:34:29.139 | INFO | a | b | c | d | e | f',
      '{"a":1}',
      'java.lang.Exception: x',
      '\tat y',
      '2022-02-09T06:34:29.387 | WARN | a | b | c | d | e | f',
    ],
    [
      '2022-02-09T06:34:29.139 | INFO | a | b | c | d | e | f+{"a":1}+java.lang.Exception: x+\tat y',
      '2022-02-09T06:34:29.387 | WARN | a | b | c | d | e | f',
    ],
  ],
  [
    'json',
    'nothing to a JSON line, but a panic is one record',
    ['{"a":1}', 'panic: x', '', 'goroutine 1 [running]:', 'main.main()', '\t/a.go:1', '{"a":2}'],
    ['{"a":1}', 'panic: x++goroutine 1 [running]:+main.main()+\t/a.go:1', '{"a":2}'],
  ],
  [
    'json',
    'a stack trace between JSON lines is one record',
    ['{"a":1}', 'java.lang.Error: x', '\tat y', '\t... 2 more', '{"a":2}'],
    ['{"a":1}', 'java.lang.Error: x+\tat y+\t... 2 more', '{"a":2}'],
  ],
  [
    'auto',
    'nothing to access logs and lines of text',
    ['127.0.0.1 - - [21/Nov/2026:08:26:50 +0000] "GET / HTTP/1.0" 200 12', 'one', 'two', 'panic: a', 'panic: b'],
    ['127.0.0.1 - - [21/Nov/2026:08:26:50 +0000] "GET / HTTP/1.0" 200 12', 'one', 'two', 'panic: a', 'panic: b'],
  ],
  ['nginx-access', 'nothing', ['a', ' b', '\tc'], ['a', ' b', '\tc']],
  ['text', 'nothing', ['a', ' b', '\tc'], ['a', ' b', '\tc']],
  ['regex:x', 'nothing without a start', ['a', ' b'], ['a', ' b']],
])('%s joins %s', (format, _name, lines, records) => {
  expect(join(format, lines)).toEqual(records);
});

test("a user's own start begins a record", () => {
  expect(join('regex:x', ['rest', '[a', 'b', '[c'], '^\\[')).toEqual(['?rest', '[a+b', '[c']);
});

test.each(['auto', 'klog', 'java', 'python', 'pipe', 'json', 'text', 'audit', 'regex:x'])(
  '%s loses no line and keeps their order',
  (format) => {
    const line = fc.oneof(
      fc.constantFrom(
        `${KLOG}a`,
        `${KLOG}"M" err=<`,
        ' >',
        '\tx',
        '',
        'Trace[1]: x',
        'goroutine 1 [running]:',
        'panic: x',
        '{"a":1}',
        '{',
        'Traceback (most recent call last):',
        '  File "a.py"',
        'ValueError: x',
        'During handling of the above exception, x',
        'java.lang.Exception: x',
        '\tat y',
        'Caused by: z',
        'time="x" level=info msg=y',
        '2026-11-21T08:26:53.698Z SEVERE [main] O - a',
        '2022-02-09T06:34:29.139 | INFO | a | b | c | d | e | f',
        'plain',
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
        const positions = groupRecords(joinRule(format), lines).flatMap((group) => group.positions);

        expect(positions).toEqual(lines.map((_line, at) => at));
      }),
    );
  },
);

test('gives the same records whether a stream comes at once or in pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(`${KLOG}a`, '\tx', '', 'ValueError: x', 'Traceback (most recent call last):', '{"a":1}'), { maxLength: 20 }),
      fc.nat(20),
      (lines, cut) => {
        const state = newJoinState();
        const rule = joinRule('auto');
        const verdicts = [...lines.slice(0, cut), ...lines.slice(cut)].map((text) => joinLine(rule, state, text));
        const groups = groupRecords(rule, lines);

        expect(verdicts.filter((verdict) => verdict !== 'continuation').length).toBe(groups.length);
      },
    ),
  );
});

test('closes a record before it is longer than a document may be', () => {
  const long = `\t${'x'.repeat(MAX_RECORD_CHARS / 4)}`;

  expect(join('klog', [`${KLOG}a`, long, long, long, long, `${KLOG}b`]).map((record) => record.slice(0, 2))).toEqual(['I1', '?\t', 'I1']);
});
