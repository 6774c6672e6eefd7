import fc from 'fast-check';
import { proveLinear } from '../../../lib/config/regex-proof.ts';
import { countSteps, withoutCounts } from '../../../lib/config/regex-steps.ts';

test.each([
  ['nested', '^(?<a>(?:[a-z0-9]{1,63}-?){1,20}) x$'],
  ['nested, small', '^(?<a>(?:\\w{1,10},?){1,10}) x$'],
  ['side by side', '^(?<a>.{0,1000}).{0,1000}.{0,1000}x$'],
  ['nested, not anchored', 'key=(?:.{0,100}){0,100}END'],
  ['of one or two', '^(?:a{1,2}){1,30}$'],
  ['in a repeat without an end', '^(?:\\d{1,3})*x$'],
])('counts that multiply run away: %s', (_name, source) => {
  expect(proveLinear(source)).toMatchObject({ kind: 'runsAway' });
});

test.each([
  '[\\w.-]{1,64}@[\\w.-]{1,255}',
  '^(?<time>\\d{4}-\\d{2}-\\d{2}T\\S{8,20}) (?<level>[A-Z]{3,8}) (?<message>.{0,2000})$',
  '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}',
  '^\\d{4}\\d{2}\\d{2} x',
  '[a-z]{1,3}[a-z]{1,3}[a-z]{1,3}$',
  'sk_[A-Za-z0-9]{16,64}',
  '^[^{}]{2,5}\\{3\\}$',
])('counts that do not are linear: %s', (source) => {
  expect(proveLinear(source)).toEqual({ kind: 'linear' });
});

test('what cannot be proven is searched, and said to be so', () => {
  expect(proveLinear('(?<=a)b{2,3}')).toEqual({ kind: 'unproven' });
});

test.each([
  ['a{2,5}b{3}c{1,}d{0,9}', 'a+b+c+d*'],
  ['[{1,2}]{1,2}\\{3}\\p{Lu}{2}', '[{1,2}]+\\{3}\\p{Lu}+'],
  ['(?<n>a{2})\\k<n>{3}', '(?<n>a+)\\k<n>+'],
  ['no {counts} {,5}', undefined],
])('without counts, %s is %s', (source, expected) => {
  expect(withoutCounts(source)).toBe(expected);
});

const LEAF = fc.constantFrom('a', 'b', '[ab]', '.', '\\w', '^', '$', '\\b');
const EXPRESSION = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    LEAF,
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `${a}${b}`),
    fc.tuple(tie('node'), tie('node')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('node'), fc.constantFrom('*', '+', '?', '{1,3}', '{0,2}', '{2}', '*?', '{1,2}?'))
      .map(([a, count]) => `(?:a|${a})${count}`),
  ),
})).node;

test('the engine whose steps are counted finds what the platform finds', () => {
  fc.assert(
    fc.property(EXPRESSION, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }), (source, text) => {
      expect(countSteps(source, '', text, 1_000_000)?.found).toBe(new RegExp(source).test(text));
    }),
    { numRuns: 500 },
  );
});
