import fc from 'fast-check';
import { isPastWarmAge, periodStartMs } from '../../../../lambdas/core/delivery/index-age.ts';
import { indexName, periodWindow } from '../../../../lambdas/core/index/index-name.ts';

const DAY = 86_400_000;

test('the start of the period is read back from every index name that is made', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('hour', 'day', 'week', 'month'),
      fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2090, 0) }),
      (period, time) => {
        expect(periodStartMs(indexName('eks-audit', 'prod', period, time))).toBe(periodWindow(period, time).startMs);
      },
    ),
  );
});

test('a name without a period has no start', () => {
  expect(periodStartMs('.opendistro-security')).toBeUndefined();
});

describe('past the warm age', () => {
  const families = { eks: { warmAfterDays: 1 }, 'eks-audit': { warmAfterDays: 7 }, checkout: {} };
  const start = Date.UTC(2026, 10, 1);

  test.each([
    ['one ms before it is not', 'eks-audit-prod-2026.11.01', start + 7 * DAY - 1, false],
    ['at the age it is', 'eks-audit-prod-2026.11.01', start + 7 * DAY, true],
    ['the longest family name decides', 'eks-audit-prod-2026.11.01', start + 2 * DAY, false],
    ['a family that never gets warm is never past it', 'checkout-prod-2026.11.01', start + 900 * DAY, false],
    ['an index of nobody is never past it', 'other-prod-2026.11.01', start + 900 * DAY, false],
  ])('%s', (_name, index, now, expected) => {
    expect(isPastWarmAge(index, families, now)).toBe(expected);
  });
});
