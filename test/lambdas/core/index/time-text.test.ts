import fc from 'fast-check';
import { recordTimeText } from '../../../../lambdas/core/index/record-time.ts';
import { timeText } from '../../../../lambdas/core/index/time-text.ts';

test('writes what Date writes, in any order of times', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })), (times) => {
      for (const time of times) expect(timeText(time)).toBe(new Date(time).toISOString());
    }),
  );
});

test.each([
  ['2026-11-21T08:27:07.171527756Z', '2026-11-21T08:27:07.171527756Z'],
  ['2026-11-21T08:27:07Z', '2026-11-21T08:27:07Z'],
  ['2026-11-21T08:27:07.1234567891Z', '2026-11-21T08:27:07.123456789Z'],
  ['2026-11-21T09:27:07.171527756+01:00', '2026-11-21T08:27:07.171527756Z'],
  ['2026-11-21T08:27:07.5-00:30', '2026-11-21T08:57:07.5Z'],
])('a CRI time %s becomes %s', (time, expected) => {
  expect(recordTimeText(time)).toBe(expected);
});

test.each([
  [undefined],
  [''],
  ['now'],
  ['2026-13-01T00:00:00Z'],
  ['9999-01-01T00:00:00Z'],
  ['1969-12-31T23:59:59Z'],
  ['2026-11-21 08:27:07'],
  ['2026-11-21T08:27:07Z"}'],
])('a record time that cannot be @timestamp (%s) is left out', (time) => {
  expect(recordTimeText(time)).toBeUndefined();
});
