import fc from 'fast-check';
import { BACKOFF, type BackoffState, decideRetry, retryAfterMs } from '../../../../lambdas/core/delivery/backoff.ts';

const state = (change: Partial<BackoffState>): BackoffState => ({
  failures: 1,
  remainingMs: 60_000,
  reserveMs: 5_000,
  random: 0.5,
  ...change,
});

test.each<[string, Partial<BackoffState>, ReturnType<typeof decideRetry>]>([
  ['the first pause is short', {}, { action: 'retry', delayMs: 150, reason: 'backoff' }],
  ['pauses double', { failures: 3 }, { action: 'retry', delayMs: 600, reason: 'backoff' }],
  ['pauses end at the cap', { failures: 40, random: 1 }, { action: 'retry', delayMs: 10_000, reason: 'backoff' }],
  ['Retry-After is obeyed where it is longer', { retryAfterMs: 4_000 }, { action: 'retry', delayMs: 4_000, reason: 'retry-after' }],
  [
    'a shorter Retry-After does not shorten the pause',
    { failures: 10, retryAfterMs: 1 },
    { action: 'retry', delayMs: 7_500, reason: 'backoff' },
  ],
  ['a Retry-After beyond the time that is left stops', { retryAfterMs: 90_000 }, { action: 'stop', reason: 'out-of-time' }],
  ['the last moment that an attempt fits is used', { remainingMs: 6_150 }, { action: 'retry', delayMs: 150, reason: 'backoff' }],
  ['one ms less stops', { remainingMs: 6_149 }, { action: 'stop', reason: 'out-of-time' }],
])('%s', (_name, change, expected) => {
  expect(decideRetry(state(change))).toEqual(expected);
});

test('a pause never reaches into the reserve', () => {
  const anyState = fc.record({
    failures: fc.integer({ min: 1, max: 1000 }),
    remainingMs: fc.integer({ min: -1000, max: 900_000 }),
    reserveMs: fc.integer({ min: 0, max: 20_000 }),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(anyState, (anything) => {
      const decision = decideRetry(anything);
      if (decision.action === 'retry')
        expect(decision.delayMs + BACKOFF.attemptMs).toBeLessThanOrEqual(anything.remainingMs - anything.reserveMs);
    }),
  );
});

test.each([
  ['seconds', '3', 3_000],
  ['a date', 'Sat, 21 Nov 2026 00:00:10 GMT', 10_000],
  ['a date that is past', 'Fri, 20 Nov 2026 00:00:10 GMT', 0],
  ['nonsense', 'soon', undefined],
  ['nothing', undefined, undefined],
])('Retry-After as %s', (_name, header, expected) => {
  expect(retryAfterMs(header, Date.UTC(2026, 10, 21))).toBe(expected);
});
