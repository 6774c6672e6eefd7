import { checkQueryText } from '../../../../lambdas/core/insights/check.ts';
import { formatProblem, QueryError } from '../../../../lambdas/core/insights/problem.ts';
import { compileQuery } from '../../../../lambdas/core/insights/run.ts';
import { NOW } from './helpers.ts';

function problems(query: string): string[] {
  return checkQueryText(query).map(formatProblem);
}

test.each<[string, string]>([
  ['', '1:1: the query has no command; begin with "fields", "filter" or "stats"'],
  ['fields a |', '1:10: a command is missing after the last "|"; take the "|" away'],
  ['fields a\nfilter b = 1', '2:1: expected "|" and the next command, or the end, found "filter"'],
  ['fields a\n| fliter b = 1', '2:3: there is no command "fliter"; did you mean "filter"?'],
  ['filter a == 1', '1:10: "==" is not an operator; write "="'],
  ['filter a <> 1', '1:10: "<>" is not an operator; write "!="'],
  ['filter a = 1 && b = 2', '1:14: the character "&" has no meaning here; write "and"'],
  ['filter a like foo', '1:15: expected a string or /regular expression/ after "like", found "foo"; write like "text" or like /regex/'],
  ['filter a like /foo', '1:15: this regular expression is never closed; end it with "/", and write "\\/" for a slash inside'],
  ['filter a = "foo', '1:12: this string is never closed; end it with "'],
  ['filter a in (1, 2)', '1:13: a list after "in" stands in square brackets; write in ["a", "b"]'],
  [
    'filter a like /(?=x)/',
    '1:16: in this regular expression: look-ahead, look-behind and atomic groups are not supported: they cannot run in linear time',
  ],
  ['fields `a', '1:8: this field name is never closed; end it with "`"'],
  ['fields by', '1:8: expected a field name, found the keyword "by"; write `by` in backquotes for a field of that name'],
  ['stats cuont(*)', '1:7: there is no function "cuont"; did you mean "count"?'],
  ['fields strlen()', '1:8: strlen() takes 1 argument, found 0'],
  ['fields substr(a)', '1:8: substr() takes 2 to 3 arguments, found 1'],
  ['fields count(a)', '1:8: count() stands only in "stats"'],
  ['stats max(count(*))', '1:11: count() stands inside another aggregate; use a second "stats"'],
  ['stats sum(*)', '1:7: sum(*) is not known; name a field, as in sum(field)'],
  [
    'stats count(*), user by host',
    '1:17: "user" in "stats" is neither inside of an aggregate nor in "by"; write latest(user), or add it to "by"',
  ],
  ['stats pct(a, b)', '1:14: pct() takes a number from 0 to 100 as its second argument'],
  ['fields bin(5)', '1:12: expected a length of time such as 5m in bin()'],
  ['fields bin(5 parsecs)', '1:14: expected ")" at the end of the call of bin, found "parsecs"'],
  [
    'fields bin(5parsecs)',
    '1:12: "5parsecs" is no number and no length of time; lengths of time are such as 30s, 5m, 1h, 1d; a field that begins with a digit stands in backquotes',
  ],
  ['fields 5m', '1:8: a length of time stands only in bin(), datefloor() and dateceil()'],
  ['stats count(*) by bin(300s)', '1:23: warning: CloudWatch takes 300s as 60s; use the next larger unit'],
  ['stats count(*) as n by a\n| stats max(m) by a', '2:13: there is no field "m" after "stats"; there are a, count(*), n'],
  [
    'stats sum(x) as s by @logStream | stats avg(s) by bin(5m)',
    '1:51: bin() needs @timestamp, which is not there after "stats"; add max(@timestamp) as @t to the "stats" before and write datefloor(@t, 5m) here',
  ],
  ['sort a asc | stats count(*)', '1:1: "sort" stands before the last "stats"; move "sort" behind it'],
  ['limit 5 | stats count(*)', '1:1: "limit" stands before the last "stats"; move "limit" behind it'],
  ['dedup a | display a', '1:11: only "limit" can follow "dedup"; move this command before "dedup"'],
  ['limit 0', '1:1: "limit" takes a number from 1 to 100000, found 0'],
  ['limit 100001', '1:1: "limit" takes a number from 1 to 100000, found 100001'],
  ['limit many', '1:7: expected a whole number after "limit", found "many"'],
  ['sort by a desc', '1:6: "sort" takes the field right after it; leave "by" out'],
  ['sort a', '1:6: warning: this "sort" does not say its direction; write asc or desc'],
  ['parse @message "* *" as a', '1:16: the pattern has 2 "*", but 1 name follows "as"'],
  ['parse @message /a(b)/', '1:16: the expression extracts nothing; name its groups, as in (?<name>…)'],
  ['parse @message /(a)(b)/ as x', '1:16: the expression has 2 groups, but 1 name follow "as"'],
  ['filterIndex a like "x"', '1:15: "filterIndex" takes only field = value and field in [values]; use "filter" for the rest'],
  ['fields jsonParse(@message) as j | sort j asc', '1:40: "j" is a map or list, which "sort" cannot take; name a value inside of it'],
  ['filter isIpv4InSubnet(a, "192.0.2.0")', '1:26: "192.0.2.0" is no block in CIDR notation; write "192.0.2.0/24" or "2001:db8::/32"'],
  ['display a | display b', '1:13: warning: a second "display"; only the last one counts'],
  ['filter user = {{who}}', '1:15: the character "{" has no meaning here; a parameter {{name}} needs a value'],
])('%s', (query, expected) => {
  expect(problems(query)).toEqual([expected]);
});

test('at most ten stats, ten branches, ten thousand characters', () => {
  const stats = (count: number) => ['stats count(*) as n by a', ...Array<string>(count - 1).fill('stats sum(n) as n by a')].join(' | ');

  expect(problems(stats(10))).toEqual([]);
  expect(problems(stats(11))[0]).toContain('a query has at most 10 "stats" commands');
  expect(problems(`fields case(${Array<string>(10).fill('a = 1, 2').join(', ')}, 3)`)).toEqual([]);
  expect(problems(`fields case(${Array<string>(11).fill('a = 1, 2').join(', ')})`)[0]).toContain('takes 2 to 21 arguments');
  expect(problems(`fields a # ${'x'.repeat(10_000)}`)[0]).toContain('the query has 10011 characters, CloudWatch takes 10000');
});

test.each<[query: string, expected: string]>([
  ['pattern @message', '1:1: "pattern" cannot run on files: its clustering is CloudWatch\'s own'],
  ['fields a | diff', '1:12: "diff" cannot run on files: it needs the time range before this one'],
  [
    'filter a = 1\n| join type=inner left=x right=y where x.id=y.id (SOURCE "/g")',
    '2:3: "join" cannot run on files: it needs a second log group',
  ],
  ['lookup t a as b OUTPUT c', '1:1: "lookup" cannot run on files: it needs a lookup table of the account'],
  ['SOURCE logGroups(namePrefix: ["/aws"]) | fields a', '1:1: "source" cannot run on files: it chooses log groups of the account'],
  [
    'filter a not in (SOURCE logGroups(namePrefix: [")"], class: "STANDARD") START=-1h # until )\n | fields a)',
    '1:10: a subquery needs the log groups of the account: it cannot run on files',
  ],
  [
    'filter a in (SOURCE "/g" | filter b like /x|y/ | fields a)',
    '1:10: a subquery needs the log groups of the account: it cannot run on files',
  ],
  ['stats rate(a, 1m) by bin(1m)', '1:7: rate() cannot run on files: the documentation does not say how it counts the change'],
  ['stats count(*) by bin(5m) offset 1h', '1:34: "offset" needs a second time range: it cannot run on files'],
  ['fields a | fillmissing', '1:12: "fillmissing" stands behind "stats … by bin()"'],
])('%s is refused on files by name', (query, expected) => {
  let message: string | undefined;
  try {
    compileQuery(query, { nowMs: NOW });
  } catch (error) {
    expect(error).toBeInstanceOf(QueryError);
    message = (error as QueryError).message;
  }
  expect(message).toBe(expected);
});

test('a date in a text is no time, and letters behind an expression are no flags', () => {
  expect(problems('filter @timestamp >= "2026-11-21T08:30:00" | fields a')).toEqual([
    '1:22: warning: @timestamp is not compared with a date in a text; choose the time range, or compare toMillis() with milliseconds',
  ]);
  expect(problems('filter "2026-11-21" < @ingestionTime and day = "2026-11-21" and @timestamp > 1795248000000')).toHaveLength(1);
  expect(problems('filter a like /GET/i')).toEqual(['1:20: no letters can stand behind a regular expression; write /(?i)…/ for any case']);
  expect(problems('filter a like /get/and b = 1')).toEqual([]);
});

test('what only the account can run is no error for a query that is deployed', () => {
  expect(problems('filter a = 1 | pattern @message')).toEqual([]);
  expect(problems('filter a in (SOURCE "/g" | fields a) | fields a')).toEqual([]);
  expect(problems('SOURCE logGroups(namePrefix: ["/a|b", "/c"], class: "STANDARD", accountIdentifiers: ["*"]) | fields a')).toEqual([]);
  expect(
    problems('fields a | join type=left left=l right=r where l.a = r.b (SOURCE "/x" START=-1h | filter b like /a|\\/|b/) | limit 5'),
  ).toEqual([]);
  expect(problems('fields a | lookup t a OUTPUT "b | fields')).toEqual(['1:30: this string is never closed; end it with "']);
  expect(problems('filter a in (SOURCE "/g" | fields a | fields b')[0]).toContain('this subquery is never closed');
});

test('fields are checked against those of the source, with the nearest name', () => {
  const names = ['verb', 'user.username', 'objectRef.resource'];
  const catalogue = { has: (name: string) => names.includes(name), names };
  const found = checkQueryText(
    'fields verb, usr.username | filter objectRef.resource = "pods" and vreb = "x" and @mesage like "a" | stats count(*) as n by verb',
    catalogue,
  );

  expect(found.map(formatProblem)).toEqual([
    '1:14: warning: the source has no field "usr.username"; did you mean "user.username"?',
    '1:68: warning: the source has no field "vreb"; did you mean "verb"?',
    '1:83: warning: the source has no field "@mesage"; did you mean "@message"?',
  ]);
});
