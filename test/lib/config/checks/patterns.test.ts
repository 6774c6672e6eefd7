import { loadConfigText } from '../../../../lib/config/load.ts';
import { proveLinear } from '../../../../lib/config/regex-proof.ts';
import { problemsWith, warningsWith, yamlWith } from '../texts.ts';

const GOOD = '^(?<time>\\S+) (?<message>.*)$';
const using = (pattern: object, fields: object = {}) => ({
  patterns: { p: pattern },
  applications: [{ name: 'a', match: { namespace: 'a' }, format: 'regex:p', fields }],
});

test.each<[string, object, string[]]>([
  ['a pattern with groups', using({ regex: GOOD }), []],
  ['a time from a group', using({ regex: GOOD, timeKey: 'time', timeFormat: '%d/%b/%Y:%H:%M:%S %z' }), []],
  ['an expression that does not compile', using({ regex: '(?<a>' }), ['patterns.p.regex: not an ECMAScript regular expression']],
  ['an expression without named groups', using({ regex: '^(.*)$' }), ['patterns.p.regex: the expression names no group']],
  ['a time from no group', using({ regex: GOOD, timeKey: 'ts' }), ['patterns.p.timeKey: the expression has no group of this name']],
  [
    'a time format without a group',
    using({ regex: GOOD, timeFormat: 'iso8601' }),
    ['patterns.p.timeFormat: a time format needs the group'],
  ],
  [
    'a time format that reads nothing',
    using({ regex: GOOD, timeKey: 'time', timeFormat: 'ISO' }),
    ['patterns.p.timeFormat: no time can be read by this'],
  ],
  [
    'a strptime that is none',
    using({ regex: GOOD, timeKey: 'time', timeFormat: '%Q' }),
    ['patterns.p.timeFormat: no time can be read by this'],
  ],
  ['a start that does not compile', using({ regex: GOOD, start: '[' }), ['patterns.p.start: not an ECMAScript regular expression']],
  ['a type for a group', using({ regex: GOOD, start: '^x' }, { time: 'keyword' }), []],
  [
    'a type for no group',
    using({ regex: GOOD }, { duration: 'long' }),
    ['applications[0].fields.duration: pattern p has no group of this name'],
  ],
])('%s', (_name, members, expected) => {
  expect(problemsWith(members as { [member: string]: unknown })).toEqual(expected.map((start) => expect.stringContaining(start)));
});

test('a pattern that nothing names is pointed out', () => {
  expect(warningsWith({ patterns: { p: { regex: GOOD } } })).toEqual([expect.stringContaining('no format names this pattern')]);
});

test('a declared dotted field takes the group whose name has underscores instead', () => {
  expect(problemsWith(using({ regex: '^(?<http_status>\\d+)' }, { 'http.status': 'integer' }))).toEqual([]);
});

test('an expression that even fits the empty line is pointed out', () => {
  expect(warningsWith(using({ regex: '(?<a>x*)' }))).toEqual([expect.stringContaining('the expression matches the empty line')]);
});

test('a source may read its lines by a pattern too', () => {
  const sources = [{ name: 's', cluster: 'prod', kind: 'logGroup', logGroup: '/x', format: 'regex:p', fields: { time: 'keyword' } }];

  expect(problemsWith({ sources, patterns: { p: { regex: GOOD } } })).toEqual([]);
  expect(problemsWith({ sources })).toEqual([expect.stringContaining('sources[0].format: patterns has no expression of this name')]);
});

describe('redaction', () => {
  const own = (...patterns: object[]) => ({ redaction: { patterns } });

  test.each<[string, object, string[]]>([
    ['an expression with a group', own({ name: 'pw', regex: '<pw>([^<]*)</pw>' }), []],
    [
      'two of one name',
      own({ name: 'a', regex: 'x' }, { name: 'a', regex: 'y' }),
      ['redaction.patterns[1].name: two rules have this name'],
    ],
    [
      'one that matches nothing at all',
      own({ name: 'a', regex: 'x*' }),
      ['redaction.patterns[0].regex: the expression matches the empty text'],
    ],
    ['a field that is no path', { redaction: { fields: ['a..b'] } }, ['redaction.fields[0]: not a dotted path']],
    ['a field with a star', { redaction: { fields: ['headers.*.token'] } }, []],
    [
      'a built-in rule that is none',
      { redaction: { builtin: ['jwtt'] } },
      ['redaction.builtin[0]: not one of the values known here; did you mean jwt?'],
    ],
  ])('%s', (_name, members, expected) => {
    expect(problemsWith(members as { [member: string]: unknown })).toEqual(expected.map((start) => expect.stringContaining(start)));
  });

  test('no built-in rule at all is pointed out', () => {
    expect(warningsWith({ redaction: { builtin: [] } })).toEqual([expect.stringContaining('redaction.builtin: no built-in rule is on')]);
  });
});

describe('expressions that run away', () => {
  test.each<[string, string]>([
    ['nested repeats', '^(?<a>(?:x+)+)$'],
    ['alternatives that match the same', '^(?<a>(?:a|aa)+)$'],
    ['neighbours that match the same', '^(?<a>.*),(?<b>.*),(?<c>.*)$'],
    ['a search for a run and then something', '(?<a>\\s+)$'],
  ])('%s are found, with a line that shows it', (_name, regex) => {
    expect(proveLinear(regex)).toMatchObject({ kind: 'runsAway', attack: expect.stringMatching(/repeat\(\d+\)/) });
  });

  test.each<[string, string]>([
    ['fields that exclude what separates them', '^(?<a>[^,]*),(?<b>[^,]*),(?<c>[^,]*)$'],
    ['fields of non-blanks', '^(?<time>\\S+) (?<level>[A-Z]+) (?<ms>\\d+)ms (?<message>.*)$'],
    ['a long fixed count', '^(?<id>[0-9a-f]{64}) '],
    ['an element', '<password>([^<]*)</password>'],
  ])('%s are proven linear', (_name, regex) => {
    expect(proveLinear(regex)).toEqual({ kind: 'linear' });
  });

  test('are problems at their line, wherever they stand', () => {
    const text = yamlWith({
      patterns: { p: { regex: '^(?<message>(?:x+)+)$', start: '^(?:y+)+$' } },
      applications: [
        { name: 'a', match: { namespace: 'a' }, format: 'regex:p', redaction: { patterns: [{ name: 'r', regex: '(?:z+)+$' }] } },
      ],
      redaction: { patterns: [{ name: 'r', regex: '(?:w+)+$' }] },
    });

    const loaded = loadConfigText(text, 'c.yaml');

    const problems = loaded.ok ? [] : loaded.problems;
    expect(problems.map(({ field }) => field).sort()).toEqual([
      'applications[0].redaction.patterns[0].regex',
      'patterns.p.regex',
      'patterns.p.start',
      'redaction.patterns[0].regex',
    ]);
    for (const { what, limit } of problems) {
      expect(what).toContain('a hostile line makes this expression run away: exponential time on');
      expect(limit).toBe('linear time on every line');
    }
  });
});

test('an expression that the engine never gets ready with is refused in seconds, instead of stopping the check', () => {
  const patterns = { p: { regex: `(?<x>${'a?'.repeat(60)}${'a'.repeat(60)})` } };
  const applications = [{ name: 'a', match: { namespace: 'n' }, format: 'regex:p' }];
  const started = performance.now();

  const loaded = loadConfigText(yamlWith({ patterns, applications }), 'c.yaml');

  expect(loaded.ok ? [] : loaded.problems.map(({ what }) => what)).toEqual([expect.stringContaining('many optional parts in a row')]);
  expect(performance.now() - started).toBeLessThan(15_000);
}, 20_000);

test.each([
  ['(?P<x>a)', 'without the P'],
  ['(?i)(?<x>a)', 'flags like (?i) do not exist here'],
])('%s of another language is refused with what to write', (regex, hint) => {
  expect(problemsWith({ patterns: { p: { regex } } })).toEqual([expect.stringContaining(hint)]);
});
