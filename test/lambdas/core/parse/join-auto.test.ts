import fc from 'fast-check';
import { groupRecords } from '../../../../lambdas/core/parse/join.ts';
import { joinRule } from '../../../../lambdas/core/parse/registry.ts';

/** Each record's lines joined by `⏎`, headless ones marked by `?`. */
function join(lines: readonly string[], format = 'auto'): string[] {
  return groupRecords(joinRule(format), lines).map(
    ({ positions, isHeadless }) => (isHeadless ? '?' : '') + positions.map((position) => lines[position]).join('⏎'),
  );
}

/** Lines that are whole records, by whom they are written. */
const SINGLE = [
  '2026-11-21T08:26:53.698Z SEVERE [main] O - a',
  '2026-11-21 08:26:53,698 ERROR app.views: failed',
  '[2026-11-21 08:26:53 +0000] [7] [INFO] Booting worker with pid: 7',
  'INFO:root:c',
  '2026/11/21 08:26:48 [notice] 1#1: using the "epoll" event method',
  '2026/11/21 08:26:48 listening on :8080',
  '127.0.0.1 - - [21/Nov/2026:08:26:50 +0000] "GET / HTTP/1.0" 200 12',
  'I1121 08:23:24.123456   26491 file.go:64] a',
  'time="2026-11-21T08:26:53Z" level=info msg=y',
  'level=info msg="ready" port=8080',
  '{"level":"info","msg":"x"}',
  'Server listening on port 8080',
  'INFO:     10.0.0.7:51234 - "GET /healthz HTTP/1.1" 200 OK',
  'WARNING: terminally deprecated method',
  'fatal error: could not reach the database',
  'SIGTERM: shutting down',
  'runtime.version is 21',
  'connection closed (peer 10.0.0.9)',
  'done.',
  'main loop started',
  'see https://example.com/path/index.html',
  'example.com/path/index.html',
  '<event id="1">a</event>',
  'a < b and c > d',
  'exiting',
  '===== migration 12 =====',
  '* Connected to db.example.com',
  'Caused an alarm: 7',
  'at last',
  'File not found',
  '日本語の行',
];

test('records of one line each are never joined, whatever the order they come in', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...SINGLE), { minLength: 1, maxLength: 40 }), (lines) => {
      expect(join(lines)).toEqual(lines);
    }),
  );
});

test.each(['auto', 'json', 'logfmt', 'zap', 'logrus'])('%s: plain words that begin at the margin are records of their own', (format) => {
  const words = fc
    .array(fc.stringMatching(/^[A-Za-z][a-z]{0,8}$/), { minLength: 2, maxLength: 6 })
    .map((all) => all.join(' '))
    // These say themselves what they belong to.
    .filter((line) => !/(?:Exception|Error|Throwable|Failure)$/.test(line));
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...SINGLE), words), { minLength: 1, maxLength: 30 }), (lines) => {
      expect(join(lines, format)).toEqual(lines);
    }),
  );
});

const STAMPED = '2026-11-21 08:26:53,698 ERROR [main] a.B - failed';

test.each<[string, readonly string[], readonly string[]]>([
  [
    'an exception with its frames and causes, and then plain lines',
    [STAMPED, 'x.YException: b', '\tat c.D.e(D.java:7)', 'Caused by: f.GError: h', '\t... 7 more', 'ready', 'steady'],
    [`${STAMPED}⏎x.YException: b⏎\tat c.D.e(D.java:7)⏎Caused by: f.GError: h⏎\t... 7 more`, 'ready', 'steady'],
  ],
  [
    'a second exception without a log line of its own',
    [STAMPED, 'x.YException: b', '\tat c.D.e(D.java:7)', 'x.ZException: b', '\tat c.D.e(D.java:8)'],
    [`${STAMPED}⏎x.YException: b⏎\tat c.D.e(D.java:7)`, 'x.ZException: b⏎\tat c.D.e(D.java:8)'],
  ],
  [
    'frames without their tabs',
    [STAMPED, 'x.YException', 'at c.D.e(D.java:7)', '... 3 more', 'at noon it ends'],
    [`${STAMPED}⏎x.YException⏎at c.D.e(D.java:7)⏎... 3 more`, 'at noon it ends'],
  ],
  [
    'a traceback, chained, and then plain lines',
    [
      STAMPED,
      'Traceback (most recent call last):',
      '  File "a.py", line 1, in f',
      '    g()',
      'KeyError: 1',
      '',
      'During handling of the above exception, another exception occurred:',
      '',
      'Traceback (most recent call last):',
      '  File "b.py", line 2, in h',
      'requests.exceptions.ConnectionError: refused',
      'retrying',
    ],
    [
      [
        STAMPED,
        'Traceback (most recent call last):',
        '  File "a.py", line 1, in f',
        '    g()',
        'KeyError: 1',
        '',
        'During handling of the above exception, another exception occurred:',
        '',
        'Traceback (most recent call last):',
        '  File "b.py", line 2, in h',
        'requests.exceptions.ConnectionError: refused',
      ].join('⏎'),
      'retrying',
    ],
  ],
  [
    'pretty-printed JSON behind a bracket',
    ['2026-11-21 08:26:53,698 INFO config {', '  "a": [', '    1', '  ]', '}', 'next'],
    ['2026-11-21 08:26:53,698 INFO config {⏎  "a": [⏎    1⏎  ]⏎}', 'next'],
  ],
  [
    'pretty-printed JSON on the line after',
    [STAMPED, '{', '  "a": 1', '}', '{', '  "b": 2', '}'],
    [`${STAMPED}⏎{⏎  "a": 1⏎}`, '{⏎  "b": 2⏎}'],
  ],
  [
    'XML',
    [STAMPED, '<?xml version="1.0"?>', '<a>', '<b>1</b>', '', '<c/>', '</a>', '<event>2</event>', 'next'],
    [`${STAMPED}⏎<?xml version="1.0"?>⏎<a>⏎<b>1</b>⏎⏎<c/>⏎</a>`, '<event>2</event>', 'next'],
  ],
  ['XML by itself', ['<?xml version="1.0"?>', '<a>', '  <b/>', '</a>', '<a/>'], ['<?xml version="1.0"?>⏎<a>⏎  <b/>⏎</a>', '<a/>']],
  [
    'a stack as Go loggers print it',
    [
      '2026-11-21T08:26:53.698Z\tERROR\tReconciler error\t{"name":"x"}',
      'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).Start.func2.2',
      '\t/go/pkg/mod/sigs.k8s.io/controller-runtime@v0.20.4/pkg/internal/controller/controller.go:224',
      'main.main',
      '\t/src/main.go:12',
      'next',
    ],
    [
      [
        '2026-11-21T08:26:53.698Z\tERROR\tReconciler error\t{"name":"x"}',
        'sigs.k8s.io/controller-runtime/pkg/internal/controller.(*Controller).Start.func2.2',
        '\t/go/pkg/mod/sigs.k8s.io/controller-runtime@v0.20.4/pkg/internal/controller/controller.go:224',
        'main.main',
        '\t/src/main.go:12',
      ].join('⏎'),
      'next',
    ],
  ],
  [
    'a panic that a Go server survives',
    [
      '2026/11/21 08:26:48 http: panic serving 10.0.0.7:51234: boom',
      'goroutine 12 [running]:',
      'net/http.(*conn).serve.func1()',
      '\t/usr/local/go/src/net/http/server.go:1947 +0xbe',
      'panic({0x6a1f40?, 0x7b3c10?})',
      'main.(*app).ServeHTTP(0xc0000b2000, {0x7b5d28, 0xc0001360e0}, 0xc00012a000)',
      'created by net/http.(*Server).Serve in goroutine 1',
      '\t/usr/local/go/src/net/http/server.go:3454 +0x485',
      '2026/11/21 08:26:49 next',
    ],
    [
      [
        '2026/11/21 08:26:48 http: panic serving 10.0.0.7:51234: boom',
        'goroutine 12 [running]:',
        'net/http.(*conn).serve.func1()',
        '\t/usr/local/go/src/net/http/server.go:1947 +0xbe',
        'panic({0x6a1f40?, 0x7b3c10?})',
        'main.(*app).ServeHTTP(0xc0000b2000, {0x7b5d28, 0xc0001360e0}, 0xc00012a000)',
        'created by net/http.(*Server).Serve in goroutine 1',
        '\t/usr/local/go/src/net/http/server.go:3454 +0x485',
      ].join('⏎'),
      '2026/11/21 08:26:49 next',
    ],
  ],
  [
    "Node.js' errors",
    ['Error: boom', '    at f (/app/a.js:1:2)', '    at g (/app/b.js:3:4)', 'listening'],
    ['Error: boom⏎    at f (/app/a.js:1:2)⏎    at g (/app/b.js:3:4)', 'listening'],
  ],
  [
    "PHP's errors",
    [
      'PHP Fatal error:  Uncaught Exception: x in /a.php:3',
      'Stack trace:',
      '#0 /a.php(7): f()',
      '#1 {main}',
      '  thrown in /a.php on line 3',
      '#5 of 9 done',
    ],
    [
      'PHP Fatal error:  Uncaught Exception: x in /a.php:3⏎Stack trace:⏎#0 /a.php(7): f()⏎#1 {main}⏎  thrown in /a.php on line 3',
      '#5 of 9 done',
    ],
  ],
  [
    "java.util.logging's two lines, and nothing else of that kind",
    ['Nov 21, 2026 8:26:53 AM a.B c', 'SEVERE: bad', 'WARNING: other', STAMPED, 'INFO: no'],
    ['Nov 21, 2026 8:26:53 AM a.B c⏎SEVERE: bad', 'WARNING: other', STAMPED, 'INFO: no'],
  ],
  [
    'dumps end where a plain line comes',
    [
      'fatal error: all goroutines are asleep - deadlock!',
      '',
      'goroutine 1 [select (no cases)]:',
      'main.main()',
      '\t/a.go:7 +0x1d',
      'exit status 2',
      'restarting',
      'SIGTERM: bye',
      'bye',
    ],
    [
      'fatal error: all goroutines are asleep - deadlock!⏎⏎goroutine 1 [select (no cases)]:⏎main.main()⏎\t/a.go:7 +0x1d⏎exit status 2',
      'restarting',
      'SIGTERM: bye',
      'bye',
    ],
  ],
  [
    'the rest of a trace whose head is not here',
    ['\tat a.B.c(D.java:1)', '\t... 2 more', 'next'],
    ['?\tat a.B.c(D.java:1)⏎\t... 2 more', 'next'],
  ],
])('auto joins %s', (_name, lines, records) => {
  expect(join(lines)).toEqual(records);
});

test('a line made to be slow is judged in time that grows with its length only', () => {
  const lines = ['a.a/'.repeat(60_000), `${'a.'.repeat(100_000)}(`, '<a '.repeat(80_000), `${'#1 '.repeat(80_000)}`, '{'.repeat(200_000)];
  const started = performance.now();

  for (const line of lines) groupRecords(joinRule('auto'), [STAMPED, line, 'panic: x', line, 'fatal error: x', line, '<?xml ?>', line]);

  expect(performance.now() - started).toBeLessThan(1_000);
});
