import { compileFilterPattern } from '../../../../lambdas/core/filter-pattern/compile.ts';
import { type PatternCase, REGEX_CASES, TERM_CASES } from './pattern-cases.ts';
import { JSON_CASES, SPACE_CASES } from './structured-cases.ts';

function decide({ pattern, matches, rejects }: PatternCase): unknown {
  const compiled = compileFilterPattern(pattern);
  if (!compiled.ok) return compiled;
  return {
    matches: matches.filter((message) => compiled.matches(message)),
    rejects: rejects.filter((message) => !compiled.matches(message)),
  };
}

describe.each([
  ['terms and phrases', TERM_CASES],
  ['regular expressions', REGEX_CASES],
  ['JSON patterns', JSON_CASES],
  ['space-delimited patterns', SPACE_CASES],
])('%s', (_name, cases) => {
  test.each(cases.map((one) => [`${one.rule}: ${one.pattern}`, one] as const))('%s', (_title, one) => {
    expect(decide(one)).toEqual({ matches: one.matches, rejects: one.rejects });
  });
});

test('the table holds at least 120 patterns', () => {
  expect(TERM_CASES.length + REGEX_CASES.length + JSON_CASES.length + SPACE_CASES.length).toBeGreaterThanOrEqual(120);
});
