import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { bindParameters } from '../../../../lambdas/core/chat/parameters.ts';
import { RESERVED_WORDS } from '../../../../lambdas/core/chat/parse-command.ts';
import type { Expression } from '../../../../lambdas/core/insights/ast.ts';
import { parseQuery } from '../../../../lambdas/core/insights/parse-query.ts';
import { parseQueryFile } from '../../../../lambdas/core/insights/query-file.ts';
import { queryNamesIn } from '../../../../lib/config/saved-queries.ts';
import { EVERY_PLACE } from './support.ts';

const FILE = parseQueryFile(EVERY_PLACE);

/** Literals of the first condition, in order: `log like …`, `a = …`, `b like …`, `c >= …`. */
function literals(text: string): string[] {
  const [filter] = parseQuery(text).commands;
  if (filter?.kind !== 'filter') throw new Error('no filter');
  const found: string[] = [];
  const walk = (node: Expression): void => {
    if (node.kind === 'binary') [node.left, node.right].forEach(walk);
    else if (node.kind === 'like') found.push(node.pattern.kind === 'string' ? node.pattern.value : node.pattern.source);
    else if (node.kind === 'string') found.push(node.value);
    else if (node.kind === 'number') found.push(String(node.value));
  };
  walk(filter.condition);
  return found;
}

test('values stand in their places', () => {
  const bound = bindParameters(FILE, { text: 'a b', single: 'c', regex: 'd.*', number: '7', period: '10m', field: 'e.f' });

  expect(bound).toEqual({ ok: true, text: expect.stringContaining('log like "a b" and a = \'c\' and b like /^d.*/ and c >= 7') });
});

test.each<[string, string, { ok: false; problem: string }]>([
  ['text', 'a" or 1 = 1 | limit 9', { ok: false, problem: 'value' }],
  ['text', 'line\nfeed', { ok: false, problem: 'value' }],
  ['single', "a' or 1 = 1", { ok: false, problem: 'value' }],
  ['regex', 'a/ or b like /c', { ok: false, problem: 'value' }],
  ['regex', 'a\\', { ok: false, problem: 'value' }],
  ['number', '5 or 1 = 1', { ok: false, problem: 'value' }],
  ['number', '5 | limit 9', { ok: false, problem: 'value' }],
  ['number', 'abs(1)', { ok: false, problem: 'value' }],
  ['period', '5m), a by bin(1m', { ok: false, problem: 'value' }],
  ['field', 'a`, `b', { ok: false, problem: 'value' }],
  ['nope', 'x', { ok: false, problem: 'unknown' }],
  ['text', 'x'.repeat(501), { ok: false, problem: 'value' }],
])('%s=%j is refused', (name, value, expected) => {
  expect(bindParameters(FILE, { text: 'x', [name]: value })).toMatchObject(expected);
});

test('a value without a default must be given', () => {
  expect(bindParameters(FILE, {})).toEqual({ ok: false, problem: 'missing', name: 'text' });
});

test('a backslash is itself, and does not take the quote along', () => {
  const bound = bindParameters(FILE, { text: 'C:\\temp\\' });
  expect(bound.ok && literals(bound.text)[0]).toBe('C:\\temp\\');
});

const HOSTILE = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(...'"\'`/\\|#{}()[]\n\r ,=*a1.'), maxLength: 16 }),
  fc.constantFrom('" | limit 1', "' or 1=1", '/ or a like /b', '{{text}}', '\\"', '\\\\"', '#', '" #', '\u2028', 'a`b', '5m), x'),
);

test('whatever a value is, it stays a literal: the query has the commands, the conditions and the literal that it should', () => {
  const names = ['text', 'single', 'regex', 'number', 'period', 'field'] as const;
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...names), HOSTILE, (name, value) => {
      const bound = bindParameters(FILE, { text: 'x', [name]: value });
      if (!bound.ok) return;
      taken++;
      const kinds = parseQuery(bound.text).commands.map(({ kind }) => kind);
      expect(kinds).toEqual(['filter', 'stats']);
      const found = literals(bound.text);
      expect(found).toHaveLength(4);
      if (name === 'text') expect(found[0]).toBe(value);
      if (name === 'single') expect(found[1]).toBe(value);
      if (name === 'number') expect(Number(found[3])).toBe(Number(value));
    }),
    { numRuns: 2500 },
  );
  expect(taken).toBeGreaterThan(150);
});

test('of all saved queries every parameter takes an ordinary value, refuses one that is none, and has a name that can be written', () => {
  for (const name of queryNamesIn('queries/insights')) {
    const file = parseQueryFile(readFileSync(`queries/insights/${name}.logsinsights`, 'utf8'));
    for (const parameter of file.parameters) {
      const others = Object.fromEntries(
        file.parameters.filter(({ defaultValue }) => defaultValue === undefined).map((each) => [each.name, 'web']),
      );
      const given = { ...others, [parameter.name]: parameter.defaultValue ?? 'web-5f6d' };
      expect([name, parameter.name, bindParameters(file, given).ok]).toEqual([name, parameter.name, true]);
      expect([name, parameter.name, bindParameters(file, { ...given, [parameter.name]: `"'/\`\\ | limit 1` }).ok]).toEqual([
        name,
        parameter.name,
        false,
      ]);
      expect(RESERVED_WORDS as readonly string[]).not.toContain(parameter.name);
    }
  }
});
