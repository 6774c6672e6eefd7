import { type Admission, admit } from '../../../../lambdas/core/index/admission.ts';

const NOW = Date.UTC(2026, 10, 21, 8);
const DAY = 86_400_000;
const HOUR = 3_600_000;
const BOUNDS = { backMs: 14 * DAY, aheadMs: 2 * HOUR };

test.each<[string, number, number, Admission]>([
  ['now', NOW, 30, 'admitted'],
  ['exactly 14 days back', NOW - 14 * DAY, 30, 'admitted'],
  ['one ms more', NOW - 14 * DAY - 1, 30, 'time-out-of-bounds'],
  ['exactly 2 hours ahead', NOW + 2 * HOUR, 30, 'admitted'],
  ['one ms more ahead', NOW + 2 * HOUR + 1, 30, 'time-out-of-bounds'],
  ['a year ahead', NOW + 365 * DAY, 3650, 'time-out-of-bounds'],
  ['exactly as old as the retention', NOW - 7 * DAY, 7, 'admitted'],
  ['one ms older than the retention', NOW - 7 * DAY - 1, 7, 'older-than-retention'],
  ['beyond both', NOW - 15 * DAY, 7, 'time-out-of-bounds'],
  ['no time at all', Number.NaN, 7, 'time-out-of-bounds'],
  ['an infinite time', Number.POSITIVE_INFINITY, 7, 'time-out-of-bounds'],
])('%s', (_name, timeMs, retentionDays, expected) => {
  expect(admit(timeMs, NOW, BOUNDS, { period: 'day', retentionDays })).toBe(expected);
});
