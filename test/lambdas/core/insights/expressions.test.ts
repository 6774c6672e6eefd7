import { createHash } from 'node:crypto';
import { ask, NOW } from './helpers.ts';

/** The value of an expression over one event. */
function value(expression: string, event: object = {}): unknown {
  return ask(`fields ${expression} as v`, [event], {
    startMs: NOW - 3_600_000,
    endMs: NOW,
    md5: (text) => createHash('md5').update(text).digest('hex'),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
  })[0]?.['v'];
}

test.each<[string, unknown]>([
  // Arithmetic.
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['2 ^ 3', 8],
  ['2 ^ 3 ^ 2', 512],
  ['10 % 3', 1],
  ['-2 ^ 2', 4],
  ['7 / 0', undefined],
  ['"4" + 1', 5],
  ['"x" + 1', undefined],
  ['missing + 1', undefined],
  // Numbers.
  ['abs(-5)', 5],
  ['ceil(3.14)', 4],
  ['floor(-3.14)', -4],
  ['greatest(1, "7", 3)', 7],
  ['least(4, 2, missing)', 2],
  ['round(2.567, 2)', 2.57],
  ['round(2.5)', 3],
  ['sqrt(16)', 4],
  ['sqrt(-1)', undefined],
  ['log(1)', 0],
  ['round(haversine(48.2, 16.37, 52.52, 13.4))', 524],
  ['toInt("12.9")', 12],
  ['toInt(3000000000)', undefined],
  ['toLong("3000000000")', 3_000_000_000],
  ['toNumber("1e3")', 1000],
  ['toDouble("abc")', undefined],
  // Texts.
  ['concat("a", missing, 1, "b")', 'a1b'],
  ['ltrim("xyZxyfooxyZ", "xyZ")', 'fooxyZ'],
  ['rtrim("xyZfooxyxyZ", "xyZ")', 'xyZfoo'],
  ['trim("xyZxyfooxyxyZ", "xyZ")', 'foo'],
  ['trim("  a ")', 'a'],
  ['strlen("zoë🚀")', 4],
  ['toupper("zoë")', 'ZOË'],
  ['tolower("ÄB")', 'äb'],
  ['substr("xyZfooxyZ", 3, 3)', 'foo'],
  ['substr("🚀ab", 1)', 'ab'],
  ['substr("ab", 5)', ''],
  ['replace("a.b.c", ".", "$&")', 'a$&b$&c'],
  ['regexReplace("a1b22", "(\\d+)", "<$1>")', 'a<1>b<22>'],
  ['strcontains("Hello", "ell")', 1],
  ['strcontains("Hello", "ELL")', 0],
  ['strcontains("Hello", "ELL", true)', 1],
  ['startsWith("abc", "ab")', 1],
  ['endsWith("abc", "ab")', 0],
  ['urlencode("a b/ü")', 'a%20b%2F%C3%BC'],
  ['urldecode("a%20b+c")', 'a b c'],
  ['urldecode("%zz")', undefined],
  ['base64encode("zoë")', 'em/Dqw=='],
  ['base64decode("em/Dqw==")', 'zoë'],
  ['base64decode("*")', undefined],
  ['split("a,b,c", ",")', '["a","b","c"]'],
  ['hexToAscii("48656c6c6f")', 'Hello'],
  ['hexToDec("0xff")', 255],
  ['decToHex(255)', '0xff'],
  ['decToHex(-255.7)', '-0xff'],
  ['messageSize("zoë🚀")', 8],
  ['md5("a")', '0cc175b9c0f1b6a831c399e269772661'],
  ['substr(sha256("a"), 0, 8)', 'ca978112'],
  // Presence.
  ['isempty("")', 1],
  ['isempty(missing)', 1],
  ['isempty("a")', 0],
  ['isblank("  ")', 1],
  ['ispresent(missing)', 0],
  ['isPresent(x)', 1],
  ['coalesce(missing, "", 5)', ''],
  ['isNumeric("12.5")', 1],
  ['isNumeric("12a")', 0],
  ['if(x > 1, "big", "small")', 'big'],
  ['if(missing > 1, "big", "small")', 'small'],
  ['case(x = 1, "one", x = 2, "two", "many")', 'two'],
  ['case(x = 1, "one")', undefined],
  // Dates.
  ['fromMillis(1642195111000)', '2022-01-14 21:18:31.000'],
  ['toMillis(@timestamp)', Date.parse('2026-11-21T08:00:00Z')],
  ['datefloor(fromMillis(1642195111000), 1h)', '2022-01-14 21:00:00.000'],
  ['dateceil(fromMillis(1642195111000), 1h)', '2022-01-14 22:00:00.000'],
  ['datefloor(fromMillis(1642195111000), 1w)', '2022-01-10 00:00:00.000'],
  ['datefloor(fromMillis(1642195111000), 1q)', '2022-01-01 00:00:00.000'],
  ['dateceil(fromMillis(1642195111000), 1mo)', '2022-02-01 00:00:00.000'],
  ['bin(300s)', '2026-11-21 08:00:00.000'],
  ['now()', NOW / 1000],
  ['queryTimeRange()', 3_600_000],
  ['queryEndTime() - queryStartTime()', 3_600_000],
  ['parseDate("2026-03-01", "yyyy-MM-dd", "UTC")', Date.parse('2026-03-01T00:00:00Z')],
  ['parseDate("21/Nov/2026:08:26:48 +0100", "dd/MMM/yyyy:HH:mm:ss Z")', Date.parse('2026-11-21T07:26:48Z')],
  ['parseDate("2026-02-30", "yyyy-MM-dd")', undefined],
  ['parseDate("20261121T0826", "yyyyMMdd\'T\'HHmm")', Date.parse('2026-11-21T08:26:00Z')],
  ['formatDate(fromMillis(0), "%Y-%m-%d %H:%M:%S.%L %j %a", "UTC")', '1970-01-01 00:00:00.000 001 Thu'],
  ['strftime(0, "%d.%m.%y %H:%M", "+05:30")', '01.01.70 05:30'],
  ['strftime(0, "%H:%M %z", "Europe/Vienna")', '01:00 +0100'],
  ['concat("at ", fromMillis(0))', 'at 1970-01-01 00:00:00.000'],
  // JSON.
  ['jsonStringify(jsonParse("{\\"a\\":[1]}"))', '{"a":[1]}'],
  ['jsonParse("not json")', undefined],
  ['jsonArraySize("[1,2]")', 2],
  ['jsonArrayContains(list, "b")', 1],
  ['jsonArrayContains(list, "B")', 0],
  ['jsonArrayContains("{}", "a")', 0],
  ['toupper(list)', undefined],
  // Addresses.
  ['isValidIp("192.0.2.1")', 1],
  ['isValidIp("2001:db8::1")', 1],
  ['isValidIp("192.0.2.256")', 0],
  ['isValidIpV4("2001:db8::1")', 0],
  ['isValidIpV6("::ffff:192.0.2.1")', 1],
  ['isValidIpV6("1::2::3")', 0],
  ['isIpv4InSubnet("192.0.2.77", "192.0.2.0/24")', 1],
  ['isIpv4InSubnet("192.0.3.77", "192.0.2.0/24")', 0],
  ['isIpInSubnet("2001:db8:1::", "2001:db8::/32")', 1],
  ['isIpv6InSubnet("192.0.2.1", "2001:db8::/32")', 0],
  ['ipv4ToNumber("192.0.2.1")', 3221225985],
  ['isPrivateIP("172.31.0.1")', 1],
  ['isPublicIP("8.8.8.8")', 1],
  ['isPublicIP("10.0.0.1")', 0],
  ['isReservedIP("127.0.0.1")', 1],
  ['isValidIp(missing)', 0],
])('%s is %j', (expression, expected) => {
  expect(value(expression, { x: 2, list: ['a', 'b'] })).toEqual(expected);
});

/** Whether a filter lets an event pass. */
function passes(condition: string, event: object): boolean {
  return ask(`filter ${condition} | fields 1 as one`, [event]).length === 1;
}

const event = {
  status: 404,
  text: '404',
  name: 'Exception in thread',
  yes: true,
  nothing: null,
  big: 9007199254740993n.toString(),
  ratio: 0.5,
  list: ['a'],
};

test.each<[string, boolean]>([
  ['status = 404', true],
  ['status = "404"', true],
  ['text = 404', true],
  ['text >= 400 and text < 500', true],
  ['status in [403, "404"]', true],
  ['status not in [403, 404]', false],
  ['name in ["x", "Exception in thread"]', true],
  ['name = "exception in thread"', false],
  ['name like "Exception"', true],
  ['name like "exception"', false],
  ['name like /(?i)exception/', true],
  ['name =~ /^(?i)Exception/', true],
  ['name not like "foo"', true],
  ['name like /thread$/', true],
  ['yes = 1', true],
  ['yes = true', true],
  ['yes = "true"', true],
  ['yes', true],
  ['not yes', false],
  ['big = "9007199254740993"', true],
  ['ratio < 1', true],
  ['"b" > "a"', true],
  ['name > 5', false],
  ['@timestamp > 0', true],
  // Missing fields: nothing can be said of them, in either direction.
  ['missing = 1', false],
  ['missing != 1', false],
  ['not missing = 1', false],
  ['missing like "x"', false],
  ['missing not like "x"', false],
  ['missing in [1]', false],
  ['missing not in [1]', false],
  ['nothing != 1', false],
  ['missing = 1 or status = 404', true],
  ['missing = 1 and status = 404', false],
  ['not (missing = 1 and status = 200)', true],
  ['not ispresent(missing)', true],
  ['ispresent(nothing)', false],
  ['missing = missing', false],
  // Lists and maps equal nothing.
  ['list = "a"', false],
  ['ispresent(list)', true],
  ['list.0 = "a"', true],
])('%s is %s', (condition, expected) => {
  expect(passes(condition, event)).toBe(expected);
});

test('a text that may stand in JSON with escapes is found all the same', () => {
  const found = (message: string) => ask('filter verb = "patch" | stats count(*) as n', [message])[0]?.['n'];

  expect(found('{"verb":"patch"}')).toBe(1);
  expect(found('{"verb":"\\u0070atch"}')).toBe(1);
  expect(found('{"verb":"get","x":"patch"}')).toBe(0);
});

test('one event with an absurd value is a row without it; the query goes on', () => {
  const deep = `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"b":1}`;

  expect(ask('fields a, b | sort b asc', [deep, { a: [1], b: 2 }])).toEqual([{ b: 1 }, { a: '[1]', b: 2 }]);
  expect(ask('fields jsonStringify(jsonParse(@message)) as j | sort j asc', ['['.repeat(200_000) + ']'.repeat(200_000), '[1]'])).toEqual([
    {},
    { j: '[1]' },
  ]);
  expect(ask(`fields replace(@message, "a", "${'b'.repeat(9000)}") as r | display r`, ['a'.repeat(100_000)])).toEqual([{}]);
});

test('characters outside of the basic plane are encoded whole, halves of them as a replacement', () => {
  expect(
    ask('fields urlencode(a) as u, base64decode(base64encode(a)) as b', [{ a: 'x\u{1f600}' }, { a: '\ud83d!' }, { a: '\ude00' }]),
  ).toEqual([
    { u: '%EF%BF%BD', b: '\ufffd' },
    { u: '%EF%BF%BD!', b: '\ufffd!' },
    { u: 'x%F0%9F%98%80', b: 'x\u{1f600}' },
  ]);
});

test('a number that is too large for a double is no number: it spoils neither an aggregate nor a sum', () => {
  const events = ['{"a":1e400}', { a: 1 }, { a: 3 }, '{"a":-1e999}', { a: '1e400' }];

  expect(ask('stats sum(a) as s, avg(a) as m, min(a) as low, max(a) as high, pct(a, 99) as p, count(a) as n', events)).toEqual([
    { s: 4, m: 2, low: 1, high: 3, p: 3, n: 5 },
  ]);
  expect(ask('filter a > 5', events)).toEqual([]);
  expect(ask('fields a | filter a like "e"', events).map((row) => row['a'])).toEqual(['1e400', '-1e999', '1e400']);
  expect(ask('stats count(*) as n by a | filter a = "1e400"', events)).toEqual([{ a: '1e400', n: 2 }]);
});
