import { readFileSync } from 'node:fs';
import { bindParameters } from '../../../lib/athena/parameters.ts';
import { readQueryFile } from '../../../lib/athena/query-file.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const read = readQueryFile(readFileSync('queries/athena/alb-requests-of-client.sql', 'utf8'));
const bind = (given: { readonly [name: string]: string }) => {
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return bindParameters(read.file, given, NOW);
};

test('values are literals, whatever they hold; a day may be a span before now', () => {
  expect(bind({ client: "' OR 1=1 --", from: '7d', to: '2026-11-21' })).toMatchObject({
    ok: true,
    values: { client: "' OR 1=1 --", from: '2026-11-14', to: '2026-11-21' },
  });
  const bound = bind({ client: "' OR 1=1 --" });
  expect(bound.ok && bound.literals).toContain("''' OR 1=1 --'");
});

test.each<[string, { readonly [name: string]: string }, string]>([
  [
    'a range that ends before it begins',
    { client: 'a', from: '2026-11-22', to: '2026-11-20' },
    '"from" (2026-11-22) is after "to" (2026-11-20)',
  ],
  ['the same in spans', { client: 'a', from: '1d', to: '7d' }, '"from" (2026-11-20) is after "to" (2026-11-14)'],
  ['a day that no year has', { client: 'a', from: '2026-02-30' }, '"2026-02-30" is no value for "from"'],
  ['a word', { client: 'a', to: 'yesterday' }, '"yesterday" is no value for "to"'],
  ['a name that is none', { client: 'a', constructor: 'x' }, 'the query has no parameter "constructor"'],
  ['no value', {}, 'the parameter "client" has no default: add --param client='],
])('%s is refused', (_name, given, problem) => {
  expect(bind(given)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
});

test('a range of one day is one', () => {
  expect(bind({ client: 'a', from: '2026-11-21', to: '2026-11-21' })).toMatchObject({ ok: true });
});
