import fc from 'fast-check';
import { fillQuery } from '../../../../lambdas/core/alerts/explanation.ts';

test.each<[string, string, { readonly [label: string]: string }, string]>([
  ['a text in quotes', 'filter ns = "{{namespace}}"', { namespace: 'prod-web' }, 'filter ns = "prod-web"'],
  ['a quote that would end it', 'filter ns = "{{namespace}}"', { namespace: 'x" or 1 = 1 or ns = "' }, 'filter ns = "x or 1 = 1 or ns = "'],
  ['an expression', 'filter pod like /^{{pod}}/', { pod: 'web-5f6d' }, 'filter pod like /^web-5f6d/'],
  ['signs of an expression', 'filter pod like /^{{pod}}/', { pod: 'web/|.*(a' }, 'filter pod like /^web.....a/'],
  ['a slash in a text before it', 'filter g = "/aws/x" and pod like /^{{pod}}/', { pod: 'a|b' }, 'filter g = "/aws/x" and pod like /^a.b/'],
  ['a number', 'filter status >= {{least|500}}', { least: '503' }, 'filter status >= 503'],
  ['a command in the place of a number', 'filter status >= {{least|500}}', { least: '0 or 1 = 1 | limit 10000' }, 'filter status >= 500'],
  ['nothing, and a default', 'stats count() by bin({{period|5m}})', {}, 'stats count() by bin(5m)'],
  ['nothing, and no default', 'filter a = "{{b}}"', {}, 'filter a = ""'],
])('%s is filled in', (_name, query, labels, expected) => {
  expect(fillQuery(query, labels)).toBe(expected);
});

test('no value adds a command, a line or the end of what it stands in', () => {
  const query = 'filter a = "{{v}}" and b like /^{{v}}/\n| filter c >= {{v|1}}\n| limit 10';
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '/', '|', '\n| limit 1', "'", '\\', '`')), (v) => {
      const lines = fillQuery(query, { v }).split('\n');

      expect(lines).toHaveLength(3);
      expect(lines[0]).toMatch(/^filter a = "[^"]*" and b like \/\^[A-Za-z0-9_.-]*\/$/s);
      expect(lines[1]).toMatch(/^\| filter c >= [A-Za-z0-9_.-]{1,64}$/);
    }),
  );
});
