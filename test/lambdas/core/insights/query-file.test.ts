import type { QueryError } from '../../../../lambdas/core/insights/problem.ts';
import { fillParameters, parseQueryFile, trialValues } from '../../../../lambdas/core/insights/query-file.ts';

const FILE = `# Question: who did it?
# Source: audit, api
# Columns: user.username, count(*), pct(ms, 95)
# When: something is gone,
#   and nobody says so.
# Parameter: verb = delete - what was done
# Parameter: ns = "" - a namespace - or all
# Parameter: who - the user
filter verb = "{{verb}}" and ns like /{{ ns }}/ and user = "{{who}}"
| stats count(*) by user.username
`;

test('reads a header', () => {
  expect(parseQueryFile(FILE)).toEqual({
    question: 'who did it?',
    sources: ['audit', 'api'],
    columns: ['user.username', 'count(*)', 'pct(ms, 95)'],
    when: 'something is gone, and nobody says so.',
    parameters: [
      { name: 'verb', defaultValue: 'delete', description: 'what was done' },
      { name: 'ns', defaultValue: '', description: 'a namespace - or all' },
      { name: 'who', defaultValue: undefined, description: 'the user' },
    ],
    query: FILE.slice(FILE.indexOf('filter')),
    start: FILE.indexOf('filter'),
    places: { source: FILE.indexOf('# Source'), columns: FILE.indexOf('# Columns') },
  });
});

function messages(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    return (error as QueryError).message.split('\n');
  }
  return [];
}

test('names everything that is wrong with a header', () => {
  const text = '# Question: x\n# Sourse: audit\n# Parameter: 1a = 2 - no\n# Parameter: unused = 1 - yes\nfilter a = "{{other}}"\n';

  expect(messages(() => parseQueryFile(text))).toEqual([
    '2:1: the header knows no "# Sourse:"; its keys are Question, Source, Columns, When, Parameter',
    '1:1: the header has no "# Source:"; see any query under queries/insights',
    '1:1: the header has no "# Columns:"; see any query under queries/insights',
    '3:1: a parameter that cannot be read; write "# Parameter: name = default - description"',
    '5:13: {{other}} is no parameter of the header; add "# Parameter: other = default - description"',
    '3:1: the parameter "unused" is not used; write {{unused}} in the query, or take the line away',
  ]);
});

test('puts values in, with the defaults of the header', () => {
  const { query, parameters } = parseQueryFile(FILE);
  const filled = fillParameters(query, parameters, { who: 'ann' });

  expect(filled.text).toBe('filter verb = "delete" and ns like // and user = "ann"\n| stats count(*) by user.username\n');
  expect(query.slice(filled.origin(filled.text.indexOf('stats')))).toMatch(/^stats/);
  expect(filled.origin(filled.text.indexOf('elete'))).toBe(query.indexOf('{{verb}}'));
});

test.each<[string, Record<string, string>, string]>([
  ['a value is missing', {}, 'the parameter "who" has no default and no value was given'],
  ['a name is unknown', { who: 'a', wo: 'b' }, 'there is no parameter "wo"'],
  ['a value would end its string', { who: 'a" or 1=1 | limit 1' }, 'the value of "who" holds the quote " that it stands in'],
  ['a value would end its expression', { who: 'a', ns: 'x/ or a like /y' }, 'the value of "ns" holds the quote / that it stands in'],
  ['a value has a line break', { who: 'a\n| limit 1' }, 'the value of "who" holds a line break'],
])('%s', (_what, values, expected) => {
  const { query, parameters } = parseQueryFile(FILE);

  expect(messages(() => fillParameters(query, parameters, values))[0]).toContain(expected);
});

test('refuses what CloudWatch would refuse of parameters', () => {
  const head = '# Question: x\n# Source: audit\n# Columns: a\n';
  const many = Array.from({ length: 21 }, (_, i) => `# Parameter: p${i} = 1 - one\n`).join('');
  const uses = Array.from({ length: 21 }, (_, i) => `{{p${i}}}`).join(', ');

  expect(messages(() => parseQueryFile(`${head}${many}filter a in [${uses}]\n`))).toEqual(['24:1: 21 parameters, CloudWatch takes 20']);
  expect(messages(() => parseQueryFile(`${head}# Parameter: p = ${'x'.repeat(1025)} - d\nfilter a = "{{p}}"\n`))).toEqual([
    '4:1: the default of "p" has 1025 characters, CloudWatch takes 1024',
  ]);
  expect(messages(() => parseQueryFile(`${head}# Parameter: p = x - ${'d'.repeat(513)}\nfilter a = "{{p}}"\n`))).toEqual([
    '4:1: the description of "p" has 513 characters, CloudWatch takes 512',
  ]);
});

test('trial values fit where their placeholders stand', () => {
  const file = parseQueryFile(
    '# Question: x\n# Source: audit\n# Columns: a\n# Parameter: n - a number\n# Parameter: t - a text\n# Parameter: d = 5 - has a default\nfilter a > {{n}} and b = "{{t}}" and c = {{d}}\n',
  );

  expect(trialValues(file)).toEqual({ n: '1', t: 'x' });
});
