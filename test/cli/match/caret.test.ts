import { showColumn } from '../../../cli/match/caret.ts';

test('the caret stands under the column', () => {
  expect(showColumn('{ $.a = }', 9)).toBe('  { $.a = }\n          ^');
});

test('the caret may stand behind the end', () => {
  expect(showColumn('{ $.a', 6)).toBe('  { $.a\n       ^');
});

test('tabs and line breaks do not move it', () => {
  expect(showColumn('a\t\n-', 4)).toBe('  a  -\n     ^');
});

test('a long pattern is cut around the column', () => {
  const pattern = `${'a'.repeat(200)}!${'b'.repeat(200)}`;

  const [line, caret] = showColumn(pattern, 201).split('\n') as [string, string];

  expect(line.length).toBeLessThan(110);
  expect(line[caret.indexOf('^')]).toBe('!');
  expect(line).toMatch(/^ {2}…a+!b+…$/);
});

test('the end of a long pattern is shown', () => {
  const [line, caret] = showColumn('x'.repeat(1030), 1025).split('\n') as [string, string];

  expect(line).toMatch(/^ {2}…x+$/);
  expect(caret.length).toBe(line.length - 5);
});
