import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { estimateCost } from '../../../lib/config/cost.ts';
import { formatProblem, loadConfigText } from '../../../lib/config/load.ts';
import { rulesFor } from '../../../lib/config/rules.ts';
import { searchSetupFor } from '../../../lib/config/search-setup.ts';
import { summarize } from '../../../lib/config/summary.ts';
import { dataOf } from './texts.ts';

const EXAMPLE = readFileSync('config/example.yaml', 'utf8');

/** Loads a text and uses whatever comes out; problems must lie inside the file. */
function useAll(text: string): void {
  const loaded = loadConfigText(text, 'c.yaml', { provesRegexes: false });
  const lines = text.split('\n');
  for (const problem of [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings]) {
    expect(problem.line).toBeGreaterThanOrEqual(1);
    expect(problem.line).toBeLessThanOrEqual(lines.length);
    expect(problem.column).toBeGreaterThanOrEqual(1);
    expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1] ?? '').length + 1);
    expect(formatProblem(problem)).not.toMatch(/undefined|\[object/);
  }
  if (!loaded.ok) {
    expect(loaded.problems.length).toBeGreaterThan(0);
    return;
  }
  for (const { name } of loaded.config.clusters) JSON.stringify(rulesFor(loaded.config, name));
  searchSetupFor(loaded.config);
  estimateCost(loaded.config);
  summarize(loaded.config, Date.UTC(2026, 10, 21));
}

describe('no text crashes the loader', () => {
  test('the example with characters taken out, doubled or replaced', () => {
    const edit = fc.record({
      at: fc.nat({ max: EXAMPLE.length - 1 }),
      length: fc.nat({ max: 40 }),
      text: fc.oneof(
        fc.constantFrom(
          '',
          ':',
          '- ',
          '\n',
          '\t',
          '{',
          '}',
          '[',
          ']',
          '"',
          "'",
          '&a ',
          '*a',
          '<<: *a',
          '!!binary ',
          '? ',
          '| ',
          '#',
          '---\n',
          '~',
          '1e999',
          '0x1F',
          '.nan',
          '\u0000',
          '\uD800',
          '2026-11-21',
        ),
        fc.string({ maxLength: 6 }),
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let text = EXAMPLE;
        for (const { at, length, text: inserted } of edits) text = text.slice(0, at) + inserted + text.slice(at + length);
        useAll(text);
      }),
      { numRuns: 60 },
    );
  });

  test('the example with a value of any kind at any field', () => {
    const paths = pathsOf(dataOf(EXAMPLE));
    const value = fc.oneof(
      fc.constantFrom(
        null,
        true,
        false,
        0,
        -1,
        1.5,
        1e308,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        '',
        ' ',
        '*',
        'x',
        [],
        {},
        [[]],
        [null],
        { a: 1 },
        '__proto__',
        'a'.repeat(5000),
      ),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, replacement) => {
        const document = parseDocument(EXAMPLE);
        document.setIn(path, document.createNode(replacement));
        useAll(String(document));
      }),
      { numRuns: 80 },
    );
  });

  test('any YAML at all', () => {
    fc.assert(
      fc.property(fc.object({ maxDepth: 4, withNullPrototype: false }), (data) => {
        useAll(stringify(data, { aliasDuplicateObjects: false }));
      }),
      { numRuns: 60 },
    );
  });

  test('any text at all', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200, unit: 'binary' }), useAll), { numRuns: 100 });
  });
});

function pathsOf(data: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (data === null || typeof data !== 'object') return [path];
  const inner = Array.isArray(data)
    ? data.flatMap((item, index) => pathsOf(item, [...path, index]))
    : Object.entries(data).flatMap(([name, item]) => pathsOf(item, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}
