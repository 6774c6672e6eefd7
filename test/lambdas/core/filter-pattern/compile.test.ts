import { compileFilterPattern } from '../../../../lambdas/core/filter-pattern/compile.ts';

test('the empty pattern matches every event', () => {
  const pattern = compileFilterPattern('');

  expect(pattern.ok && pattern.matches('')).toBe(true);
});
