import * as fc from 'fast-check';
import { bindParameters } from '../../../lib/athena/parameters.ts';
import { readQueryFile } from '../../../lib/athena/query-file.ts';
import { codeOf, literalOf, placeholdersOf } from '../../../lib/athena/query-text.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const FILE = `-- Title: Requests of a client
-- For: following one address,
--    day by day.
-- Tables: alb
-- Parameter: from (day) = 7d - first day
-- Parameter: client (text) - its address
-- Parameter: least (number) = 2 - requests
-- Column: client_ip - its address
-- Column: requests - of the days
SELECT client_ip, count(*) AS requests FROM alb
WHERE "day" >= ? /* from */ AND client_ip = ? /* client */ AND url <> '?' -- really?
GROUP BY 1 HAVING count(*) >= ? /* least */
`;

function fileOf(text: string) {
  const read = readQueryFile(text);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.file;
}

test('a query file gives its header, its statement, and the names of its ? in their order', () => {
  const file = fileOf(FILE);

  expect(file.title).toBe('Requests of a client');
  expect(file.purpose).toBe('following one address, day by day.');
  expect(file.tables).toEqual(['alb']);
  expect(file.order).toEqual(['from', 'client', 'least']);
  expect(file.parameters[1]).toEqual({ name: 'client', type: 'text', defaultValue: undefined, description: 'its address' });
  expect(file.columns.map(({ name }) => name)).toEqual(['client_ip', 'requests']);
  expect(file.sql).toMatch(/^SELECT client_ip/);
});

test.each<[string, (text: string) => string, RegExp, number]>([
  ['no title', (text) => text.replace(/.*Title.*\n/, ''), /no "-- Title/, 1],
  ['two titles', (text) => `-- Title: a\n${text}`, /second "-- Title/, 2],
  ['an unknown key', (text) => `-- Author: a\n${text}`, /knows no "-- Author/, 1],
  ['a ? without a name', (text) => text.replace('? /* client */', '?'), /\? without its name/, 11],
  ['a ? that no parameter has', (text) => text.replace('/* client */', '/* klient */'), /"klient" is no parameter/, 11],
  ['a parameter that nobody uses', (text) => text.replace(' AND client_ip = ? /* client */', ''), /parameter client is not used/, 6],
  ['a parameter without a type', (text) => text.replace(' (day)', ''), /cannot be read/, 5],
  ['a default that is no number', (text) => text.replace('= 2 -', '= two -'), /no number/, 7],
  ['a default that is no day', (text) => text.replace('= 7d -', '= yesterday -'), /no day/, 5],
  ['a column without a meaning', (text) => text.replace(' - of the days', ''), /column that cannot be read/, 9],
  ['no statement', (text) => text.slice(0, text.indexOf('SELECT')), /no statement/, 10],
  ['a stray comment', (text) => text.replace('--    day by day', '-- day by day'), /neither/, 3],
])('%s is refused with its line', (_name, change, what, line) => {
  const read = readQueryFile(change(FILE));

  expect(read.ok).toBe(false);
  expect(read.ok ? [] : read.problems).toContainEqual(expect.objectContaining({ what: expect.stringMatching(what), line }));
});

test('a ? in a text, a quoted name or a comment asks for nothing', () => {
  expect(placeholdersOf("SELECT '?', \"?\", 'it''s ?' -- ?\n/* ? */ , ? /* a */, ?")).toMatchObject([{ name: 'a' }, { name: undefined }]);
  expect(codeOf('a \'b\' -- c\n"d" /* e */ f').replaceAll(/\s+/g, ' ')).toBe('a f');
});

test('no text ends the literal that it becomes, and nothing but the placeholders is found beside it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const literal = literalOf(value, 'text');
      expect(placeholdersOf(`SELECT ${literal}, ? /* a */`)).toHaveLength(1);
      expect(literal.slice(1, -1).replaceAll("''", "'")).toBe(value);
    }),
  );
});

test('values are bound by name, in the order of the ?; days before today become days', () => {
  const bound = bindParameters(fileOf(FILE), { client: "o'brien", least: '3' }, NOW);

  expect(bound).toEqual({
    ok: true,
    literals: ["'2026-11-14'", "'o''brien'", '3'],
    values: { from: '2026-11-14', client: "o'brien", least: '3' },
  });
});

test.each<[string, { readonly [name: string]: string }, RegExp]>([
  ['a value is missing', {}, /"client" has no default: add --param client=/],
  ['a name is unknown', { client: 'a', klient: 'b' }, /no parameter "klient"; parameters are from, client, least/],
  ['a number is none', { client: 'a', least: '1; DROP' }, /"1; DROP" is no value for "least"/],
  ['a day is none', { client: 'a', from: '2026-02-31' }, /"2026-02-31" is no value for "from"/],
])('binding says so where %s', (_name, given, problem) => {
  expect(bindParameters(fileOf(FILE), given, NOW)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});
