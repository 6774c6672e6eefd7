import { ask, run, type TestEvent } from './helpers.ts';

type Row = readonly [what: string, query: string, events: readonly TestEvent[], expected: Record<string, unknown>[]];

const shop: TestEvent[] = [
  { level: 'info', user: 'ann', ms: 10, status: 200, path: '/a' },
  { level: 'error', user: 'bob', ms: '30', status: 500, path: '/b' },
  { level: 'info', user: 'ann', ms: 20.5, status: '404', path: '/a', tags: ['x', 'y'] },
  'a line that is no JSON',
];

test.each<Row>([
  // What is shown.
  [
    'without a command that shows, the newest event comes first with time and message',
    'filter ispresent(user) and status = 500',
    shop,
    [{ '@timestamp': '2026-11-21 08:00:01.000', '@message': JSON.stringify(shop[1]) }],
  ],
  ['fields of several commands add up', 'fields user | fields ms | filter status = 500', shop, [{ user: 'bob', ms: '30' }]],
  ['the last display counts', 'fields user, ms | display user | display path | filter status = 500', shop, [{ path: '/b' }]],
  [
    'a computed field has a name, or that of its text',
    'filter status = 500 | fields ms * 2 as double, toupper(user)',
    shop,
    [{ double: 60, 'toupper(user)': 'BOB' }],
  ],
  ['a later field hides an earlier one of its name', 'filter status = 500 | fields toupper(level) as level', shop, [{ level: 'ERROR' }]],
  ['a truth is shown as 1 or 0', 'fields status = 500 as failed | filter user = "bob"', shop, [{ failed: 1 }]],
  [
    'system fields',
    'fields @logStream, @log, @ptr, @ingestionTime | filter status = 500',
    shop,
    [{ '@logStream': 'web-1', '@log': '111122223333:/app', '@ptr': 'p1', '@ingestionTime': '2026-11-21 09:00:00.000' }],
  ],
  [
    'commands and keywords in any case, comments, backquotes',
    '# first\nFIELDS `user` # who\n| FILTER status = 500 AND NOT user = "x"',
    shop,
    [{ user: 'bob' }],
  ],
  // Order and number.
  ['sort and limit', 'fields ms | sort ms desc | limit 2', shop, [{ ms: '30' }, { ms: 20.5 }]],
  ['missing values come first in ascending order', 'fields ms | sort ms asc | limit 2', shop, [{}, { ms: 10 }]],
  ['sort by an expression', 'fields user | filter ispresent(ms) | sort ms * -1 asc | limit 1', shop, [{ user: 'bob' }]],
  ['a filter behind a sort changes nothing of the order', 'fields ms | sort ms desc | filter ms < 25', shop, [{ ms: 20.5 }, { ms: 10 }]],
  ['limit any takes the first that come', 'fields user | limit any 1', shop, [{ user: 'ann' }]],
  [
    'dedup keeps the newest',
    'fields user, ms | filter ispresent(user) | dedup user',
    shop,
    [
      { user: 'ann', ms: 20.5 },
      { user: 'bob', ms: '30' },
    ],
  ],
  [
    'dedup keeps the first in the order of sort',
    'fields user, ms | filter ispresent(user) | sort ms asc | dedup user | limit 1',
    shop,
    [{ user: 'ann', ms: 10 }],
  ],
  ['dedup keeps all rows that miss the field', 'fields path | dedup nothing', shop.slice(0, 2), [{ path: '/b' }, { path: '/a' }]],
  // parse.
  [
    'a glob anywhere in the text',
    'parse @message "user=*, method:*, latency := *" as @user, @method, @latency | display @user, @method, @latency',
    ['x user=ann, method:GET, latency := 12 ms'],
    [{ '@user': 'ann', '@method': 'GET', '@latency': '12 ms' }],
  ],
  [
    'a glob that does not match leaves the row as it is',
    'fields @message | parse @message "[*] *" as kind, rest',
    ['no brackets'],
    [{ '@message': 'no brackets' }],
  ],
  ['a glob without a field takes the message', 'parse "* * *" as a, b, c | display c, a', ['1 2 3 4'], [{ c: '3 4', a: '1' }]],
  ['named groups', 'parse @message /(?<eni>eni-.*?) / | display eni', ['x eni-0123 y'], [{ eni: 'eni-0123' }]],
  ['groups with names behind "as"', 'parse @message /(\\d+)-(\\d+)/ as a, b | display a, b', ['x 1-22'], [{ a: '1', b: '22' }]],
  [
    'multi gives a row per match',
    'parse @message /(\\d+\\.\\d+)/ as v multi | stats count(*) as n by v | sort v asc',
    ['1.2 3.4', '1.2', 'none'],
    [{ n: 1 }, { v: '1.2', n: 2 }, { v: '3.4', n: 1 }],
  ],
  [
    'chained parse',
    'parse @message "url=*" as url | parse url "/api/*/users/*" as version, id | display version, id',
    ['url=/api/v2/users/7'],
    [{ version: 'v2', id: '7' }],
  ],
  [
    'logfmt',
    'parse @message logfmt as lf | filter lf.level = "error" | display lf.msg, lf.ms',
    ['level=error msg="it \\"broke\\"" ms=12', 'level=info msg=ok'],
    [{ 'lf.msg': 'it "broke"', 'lf.ms': '12' }],
  ],
  ['csv', 'parse @message csv as host, text, ms | display ms, text', ['a,"x, ""y""",7'], [{ ms: '7', text: 'x, "y"' }]],
  [
    'json of a field',
    'parse @message /(?<payload>\\{.*\\})/ | json field=payload "user.name" as who | display who',
    ['got {"user":{"name":"ann"}} ok'],
    [{ who: 'ann' }],
  ],
  // stats.
  [
    'count of events, of a field, distinct',
    'stats count(*), count(user), count_distinct(user), count() as n',
    shop,
    [{ 'count(*)': 4, 'count(user)': 3, 'count_distinct(user)': 2, n: 4 }],
  ],
  [
    'numbers in texts count, others do not',
    'stats sum(ms), avg(ms), min(ms), max(ms), stddev(ms)',
    shop,
    [{ 'sum(ms)': 60.5, 'avg(ms)': 20.1666666666667, 'min(ms)': 10, 'max(ms)': 30, 'stddev(ms)': 10.0041657989726 }],
  ],
  [
    'percentiles by nearest rank',
    'stats pct(ms, 50), pct(ms, 95), median(ms), pct(ms, 0)',
    shop,
    [{ 'pct(ms, 50)': 20.5, 'pct(ms, 95)': 30, 'median(ms)': 20.5, 'pct(ms, 0)': 10 }],
  ],
  [
    'first and last, by time and by order',
    'stats earliest(user), latest(user), sortsFirst(path), sortsLast(path)',
    shop,
    [{ 'earliest(user)': 'ann', 'latest(user)': 'ann', 'sortsFirst(path)': '/a', 'sortsLast(path)': '/b' }],
  ],
  [
    'numbers and their texts are one group, shown as the first event of it has it',
    'stats count(*) as n by status | sort status asc',
    [{ status: 200 }, { status: '200' }, {}, { status: '403' }, { status: 403 }, { status: true }, { status: '1' }],
    [{ n: 1 }, { status: 1, n: 2 }, { status: 200, n: 2 }, { status: '403', n: 2 }],
  ],
  [
    'several keys keep their types, too',
    'stats count(*) as n by status, user | sort status asc',
    [{ status: 200, user: '7' }, { status: '200', user: 7 }, { user: 7 }, { status: { a: 1 }, user: 7 }],
    [
      { user: 7, n: 2 },
      { status: 200, user: '7', n: 2 },
    ],
  ],
  [
    'a key of a first "stats" is still a number for a second',
    'stats count(*) as n by status, user | stats max(status) as top, count(*) as users by status',
    [
      { status: 200, user: 'a' },
      { status: 200, user: 'b' },
    ],
    [{ status: 200, top: 200, users: 2 }],
  ],
  [
    'groups by an expression with a name',
    'stats count(*) as n by floor(ms / 10) as tens | sort tens asc | limit 2',
    shop,
    [{ n: 1 }, { tens: 1, n: 1 }],
  ],
  [
    'bins',
    'stats count(*) as n by bin(2s) | sort bin(2s) asc',
    shop,
    [
      { 'bin(2s)': '2026-11-21 08:00:00.000', n: 2 },
      { 'bin(2s)': '2026-11-21 08:00:02.000', n: 2 },
    ],
  ],
  [
    'arithmetic over aggregates, and names from the same command',
    'stats max(ms) as top, min(ms) as low, top - low as span, sum(ms) / count(ms) as mean',
    shop,
    [{ top: 30, low: 10, span: 20, mean: 20.1666666666667 }],
  ],
  [
    'a second stats sees what the first made',
    'stats count(*) as n, max(@timestamp) as @t by user | filter ispresent(user) | stats max(n) as most, sum(n) as all by datefloor(@t, 1h)',
    shop,
    [{ 'datefloor(@t, 1h)': '2026-11-21 08:00:00.000', most: 2, all: 3 }],
  ],
  [
    'behind stats, a column is known by its expression',
    'stats sum(ms) by user | filter `sum(ms)` > 30 | sort sum(ms) desc',
    shop,
    [{ user: 'ann', 'sum(ms)': 30.5 }],
  ],
  ['behind stats, fields chooses', 'stats count(*) as n by user | filter n > 1 | fields user', shop, [{ user: 'ann' }]],
  ['stats of nothing', 'filter user = "nobody" | stats count(*) as n, sum(ms) as s, max(ms) as m', shop, [{ n: 0 }]],
  ['stats of nothing by a field gives no row', 'filter user = "nobody" | stats count(*) as n by user', shop, []],
  // Lists and maps.
  [
    'unnest',
    'fields jsonParse(@message) as js | unnest js.events into event | display event.name',
    ['{"events":[{"name":"exception"},{"name":"user action"}]}'],
    [{ 'event.name': 'exception' }, { 'event.name': 'user action' }],
  ],
  ['unnest of what is no list', 'fields jsonParse(@message) as js | unnest js.a into x | display x', ['{"a":5}'], [{ x: 5 }]],
  [
    'expand',
    'expand items | stats count(*) as n by items | sort items asc',
    [{ items: ['b', 'a'] }, { items: '["a"]' }],
    [
      { items: 'a', n: 2 },
      { items: 'b', n: 1 },
    ],
  ],
  [
    'items of a list by index, with dots and with brackets',
    'fields tags.0 as first, tags[1] as second | filter ispresent(first)',
    shop,
    [{ first: 'x', second: 'y' }],
  ],
  ['a name with special characters', 'fields labels.`app/name` as app', [{ labels: { 'app/name': 'web' } }], [{ app: 'web' }]],
  ['a path into the result of a function', 'fields jsonParse(payload).a.b as b', [{ payload: '{"a":{"b":7}}' }], [{ b: 7 }]],
  ['text that is JSON is no map', 'fields payload.a as a', [{ payload: '{"a":1}' }], [{}]],
  // Rows.
  ['addtotals', 'fields price, tax | addtotals price, tax', [{ price: 10, tax: '2' }], [{ price: 10, tax: '2', Total: 12 }]],
  [
    'addtotals of columns',
    'stats sum(ms) as s, count(*) as n by user | sort user asc | addtotals row=false col=true s, n',
    shop,
    [{ n: 1 }, { user: 'ann', s: 30.5, n: 2 }, { user: 'bob', s: 30, n: 1 }, { s: 60.5, n: 4 }],
  ],
  [
    'accum',
    'fields ms | filter ispresent(ms) | sort @timestamp asc | accum ms as total',
    shop,
    [
      { ms: 10, total: 10 },
      { ms: '30', total: 40 },
      { ms: 20.5, total: 60.5 },
    ],
  ],
  [
    'autoregress',
    'fields ms | filter ispresent(ms) | sort @timestamp asc | autoregress ms p=1-2',
    shop,
    [{ ms: 10 }, { ms: '30', ms_p1: 10 }, { ms: 20.5, ms_p1: '30', ms_p2: 10 }],
  ],
  [
    'filldown',
    'fields user, path | sort @timestamp asc | filldown us*',
    [{ user: 'a', path: 1 }, { path: 2 }],
    [
      { user: 'a', path: 1 },
      { user: 'a', path: 2 },
    ],
  ],
  [
    'fillmissing',
    'filter n > 0 | stats count(*) as c by bin(1s) | fillmissing with 0 for c',
    [{ n: 1 }, { n: 0 }, { n: 0 }, { n: 1 }],
    [
      { 'bin(1s)': '2026-11-21 08:00:00.000', c: 1 },
      { 'bin(1s)': '2026-11-21 08:00:01.000', c: 0 },
      { 'bin(1s)': '2026-11-21 08:00:02.000', c: 0 },
      { 'bin(1s)': '2026-11-21 08:00:03.000', c: 1 },
    ],
  ],
  ['countFrequent', 'countFrequent user', shop, [{ user: 'ann', _approxcount: 2 }, { user: 'bob', _approxcount: 1 }, { _approxcount: 1 }]],
])('%s', (_what, query, events, expected) => {
  expect(ask(query, events)).toEqual(expected);
});

describe('sort', () => {
  test('orders as the documentation does: texts by runs, then numbers', () => {
    const order = ['!:', '#', '*%04', '0#', '5A', '111A', '2345_', '@', '@_', 'A', 'A9876fghj', 'a12345hfh', '0', '01', '1', '2', '3'];
    const shuffled = [...order].sort((a, b) => ((a.length * 7 + a.charCodeAt(0)) % 13) - ((b.length * 7 + b.charCodeAt(0)) % 13));

    expect(
      ask(
        'fields v | sort v asc',
        shuffled.map((v) => ({ v })),
      ).map((row) => row['v']),
    ).toEqual(order);
    expect(
      ask(
        'fields v | sort v desc',
        shuffled.map((v) => ({ v })),
      ).map((row) => row['v']),
    ).toEqual([...order].reverse());
  });

  test('of equal rows the one that came first stays first, also in the heap of a limit', () => {
    const events = Array.from({ length: 50 }, (_, i) => ({ k: i % 2, i }));

    expect(ask('fields i | sort k asc | limit 5', events).map((row) => row['i'])).toEqual([0, 2, 4, 6, 8]);
  });
});

describe('numbers of rows', () => {
  const many = Array.from({ length: 10_050 }, (_, i) => ({ i }));

  test('without limit 10,000 rows come, with limit up to 100,000', () => {
    expect(run('fields i', many).rows).toHaveLength(10_000);
    expect(run('fields i | limit 10020', many).rows).toHaveLength(10_020);
    expect(run('stats count(*) by i', many).rows).toHaveLength(10_000);
  });

  test('says how many events were scanned and matched', () => {
    expect(run('filter i < 3 | stats count(*) by i', many)).toMatchObject({ scanned: 10_050, matched: 3 });
    expect(run('fields i | limit any 2', many).scanned).toBe(10_050);
  });
});

test('percentiles and distinct counts over many values are close', () => {
  const events = Array.from({ length: 120_000 }, (_, i) => `{"v":${((i * 7919) % 120_000) + 1},"id":"user-${i}"}`);
  const [row] = ask('stats pct(v, 50) as p50, pct(v, 99) as p99, count_distinct(id) as ids, sum(v) as s', events) as [
    Record<string, number>,
  ];

  expect(Math.abs((row['p50'] as number) / 60_000 - 1)).toBeLessThan(0.006);
  expect(Math.abs((row['p99'] as number) / 118_800 - 1)).toBeLessThan(0.006);
  expect(Math.abs((row['ids'] as number) / 120_000 - 1)).toBeLessThan(0.025);
  expect(row['s']).toBe((120_000 * 120_001) / 2);
});

test('events are counted whose field stands behind the 200 that CloudWatch discovers', () => {
  const event = (fields: number) => ({
    request: Array.from({ length: fields }, (_, i) => i),
    code: 403,
    annotations: { decision: 'allow' },
  });
  const events = [event(10), event(198), event(199), event(200), 'no JSON', `${JSON.stringify(event(300))} and more`];

  expect(run('filter annotations.decision = "allow" | stats count(*) by code', events)).toMatchObject({ matched: 4, beyondDiscovery: 2 });
  expect(run('stats count(*) by code', events)).toMatchObject({ beyondDiscovery: 1 });
  expect(run('stats count(*) by request.5, missing', events)).toMatchObject({ beyondDiscovery: 0 });
  expect(run('filter code = 403 | fields annotations.decision', events)).toMatchObject({ beyondDiscovery: 2 });
});

test('the fields of Lambda lines are found as CloudWatch finds them', () => {
  const id = 'c3af8061-d3c1-4503-a3f7-f620e43da056';
  const lines = [
    `START RequestId: ${id} Version: $LATEST`,
    `2026-11-21T08:24:05.210Z\t${id}\tINFO\t{"Received":3,"@type":"own"}`,
    `END RequestId: ${id}`,
    `REPORT RequestId: ${id}\tDuration: 812.51 ms\tBilled Duration: 1100 ms\tMemory Size: 512 MB\tMax Memory Used: 128 MB\tInit Duration: 287.10 ms\t\nXRAY TraceId: 1-5e34a614-10bdxd\tSegmentId: 07f\tSampled: true`,
    'REPORT of something else\tDuration: 3 ms',
  ];

  expect(ask('stats count(*) as n by @type, @requestId | sort n desc, @type asc', lines)).toEqual([
    { '@requestId': id, n: 1 },
    { n: 1 },
    { '@type': 'END', '@requestId': id, n: 1 },
    { '@type': 'REPORT', '@requestId': id, n: 1 },
    { '@type': 'START', '@requestId': id, n: 1 },
  ]);
  expect(
    ask(
      'filter @type = "REPORT" | stats max(@memorySize / 1000 / 1000) as memoryMb, max(@maxMemoryUsed / 1000 / 1000) as usedMb, memoryMb - usedMb as spareMb, max(@duration) as ms, max(@billedDuration) as billed, max(@initDuration) as init, latest(@xrayTraceId) as trace, latest(@xraySegmentId) as segment',
      lines,
    ),
  ).toEqual([
    { memoryMb: 512, usedMb: 128, spareMb: 384, ms: 812.51, billed: 1100, init: 287.1, trace: '1-5e34a614-10bdxd', segment: '07f' },
  ]);
});

test('a key that begins with "@" is a field with one more; the names with one are only those of CloudWatch', () => {
  expect(ask('fields @@level as level, @level as own, `@@a b` as odd', [{ '@level': 'warn', '@a b': 1, level: 'no' }])).toEqual([
    { level: 'warn', odd: 1 },
  ]);
});

test('what a query shows that names nothing gives way to the names of "fields"; no column comes twice', () => {
  const columns = (query: string) => run(query, ['a-b']).columns.map(({ name }) => name);

  expect(columns('parse @message "*-*" as a, b')).toEqual(['@timestamp', '@message', 'a', 'b']);
  expect(columns('parse @message "*-*" as a, b | fields b, a')).toEqual(['a', 'b']);
  expect(columns('fields x | parse @message "*-*" as a, b | fields x, y')).toEqual(['x', 'a', 'b', 'y']);
  expect(columns('parse @message "*-*" as a, b | display b')).toEqual(['b']);
  expect(columns('stats count(*), max(a) as n, count(*), min(a) as n by b')).toEqual(['b', 'count(*)', 'n']);
  expect(columns('parse @message "*-*" as a, b | fields @message')).toEqual(['a', 'b', '@message']);
});

test('an event that makes several rows is one that matched', () => {
  expect(run('parse @message /(?<n>\\d)/ multi | stats count(*) by n', ['1 2 3', '4', 'x'])).toMatchObject({ scanned: 3, matched: 3 });
  expect(run('unnest a into each | filter each > 1 | stats count(*)', [{ a: [1, 2, 3] }, { a: [1] }])).toMatchObject({ matched: 1 });
});
