import { klogDay } from '../../../../lambdas/core/parse/klog-day.ts';

test('no year is known for an event from before 1970, not even for the first one that is asked about', () => {
  expect(klogDay('I1121 08:59:00.000000', -1)).toBeUndefined();
  expect(klogDay('I1231 23:59:59.999000', -86_400_000)).toBeUndefined();
});

test('the day of the event is found again for its neighbours', () => {
  const event = Date.UTC(2026, 10, 21, 9);

  expect([klogDay('I1121 08:59:00.000000', event), klogDay('I1121 08:59:01.000000', event + 1)]).toEqual(['2026-11-21T', '2026-11-21T']);
  expect(klogDay('I1121 08:59:01.000000', Number.NaN)).toBeUndefined();
});
