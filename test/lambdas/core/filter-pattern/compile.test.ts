import { compileFilterPattern, type FilterPattern } from '../../../../lambdas/core/filter-pattern/compile.ts';

function compiled(pattern: string): FilterPattern {
  const result = compileFilterPattern(pattern);
  if (!result.ok) throw new Error(`column ${result.column}: ${result.reason}`);
  return result;
}

test.each([
  ['', 'all'],
  ['" "', 'all'],
  ['ERROR', 'terms'],
  ['%ERROR%', 'terms'],
  ['"{ $.a = 1 }"', 'terms'],
  [' { $.a = 1 } ', 'json'],
  [' [a, b] ', 'space-delimited'],
])('%j is of the kind %s', (pattern, kind) => {
  expect(compiled(pattern).kind).toBe(kind);
});

test.each([
  ['ERROR', 0],
  ['%ERROR%', 1],
  ['{ $.a = %x% && $.b != %y% }', 2],
  ['[a = %x%, b]', 1],
  ['"%x%"', 0],
])('%s counts its regular expressions', (pattern, count) => {
  expect(compiled(pattern).regexCount).toBe(count);
});

test.each([
  ['?ERROR ?WARN pod', 1, 'have no effect'],
  ['pod ?ERROR', 5, 'have no effect'],
  ['{ $.a = "x*y" }', 9, 'wildcard only at the start and at the end'],
  ['[a = x*y, b]', 6, 'wildcard only at the start and at the end'],
  ['{ $.cached = true }', 12, 'IS TRUE'],
  ['{ $.cached != null }', 12, 'IS NULL'],
  ['[a, b, a]', 8, 'named twice'],
  ['[ERROR]', 1, 'matches every event that is not blank'],
])('%s is accepted with a warning', (pattern, column, reason) => {
  expect(compiled(pattern).warnings).toEqual([{ column, reason: expect.stringContaining(reason) }]);
});

test.each(['?ERROR ?WARN', '{ $.a = "*x*" }', '{ $.a = "true" }', '[a = *, b]', '[..., , a]'])('%s has no warning', (pattern) => {
  expect(compiled(pattern).warnings).toEqual([]);
});

test('a matched space-delimited event gives its fields, those without a name by their position', () => {
  const pattern = compiled('[..., request = *.html*, status = 4*,]');

  const event = pattern.open('192.0.2.7 - jane [21/Nov/2026:10:00:00 +0000] "GET /a.html HTTP/1.1" 404 1534');

  expect(event?.extractedFields()).toEqual({
    $1: '192.0.2.7',
    $2: '-',
    $3: 'jane',
    $4: '21/Nov/2026:10:00:00 +0000',
    $request: 'GET /a.html HTTP/1.1',
    $status: '404',
    $7: '1534',
  });
});

test('the last named field without an ellipsis is given whole', () => {
  const event = compiled('[level, time, event]').open('ERROR\t10:00 {"a": "b c"}  "x" \n');

  expect(event?.extractedFields()).toEqual({ $level: 'ERROR', $time: '10:00', $event: '{"a": "b c"}  "x"' });
});

test('events of other kinds of pattern have no extracted fields', () => {
  expect(compiled('ERROR').open('ERROR 1')?.extractedFields()).toEqual({});
  expect(compiled('{ $.a = 1 }').open('{"a":1}')?.extractedFields()).toEqual({});
});

test('an event that does not match is not opened', () => {
  expect(compiled('ERROR').open('INFO')).toBeUndefined();
  expect(compiled('{ $.a = 1 }').open('{"a":2}')).toBeUndefined();
  expect(compiled('[a = 1, b]').open('2 x')).toBeUndefined();
});
