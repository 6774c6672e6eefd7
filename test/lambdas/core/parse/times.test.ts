import fc from 'fast-check';
import { goDurationNs } from '../../../../lambdas/core/parse/go-duration.ts';
import { compileStrptime } from '../../../../lambdas/core/parse/strptime.ts';
import { epochText, nanosBetween, rfc3339, timeMs, utcMs } from '../../../../lambdas/core/parse/time.ts';

test.each([
  ['2026-11-21T08:26:53.683Z', '2026-11-21T08:26:53.683Z'],
  ['2026-11-21 08:26:53,683', '2026-11-21T08:26:53.683Z'],
  ['2026-11-21T08:26:53', '2026-11-21T08:26:53Z'],
  ['2026-11-21t08:26:53z', '2026-11-21T08:26:53Z'],
  ['2026-11-21T08:26:53.123456789012Z', '2026-11-21T08:26:53.123456789Z'],
  ['2026-11-21T00:26:53.5+01:30', '2026-11-20T22:56:53.5Z'],
  ['2026-12-31T23:26:53-0100', '2027-01-01T00:26:53Z'],
  ['2026-11-21T08:26:53+01', '2026-11-21T07:26:53Z'],
  ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999999999Z'],
  ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00Z'],
  ['2026-02-29T00:00:00Z', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['2026-11-21T24:00:00Z', undefined],
  ['1969-12-31T23:59:59Z', undefined],
  ['1970-01-01T00:30:00+01:00', undefined],
  ['2262-04-11T23:47:16Z', '2262-04-11T23:47:16Z'],
  ['2262-04-12T00:00:00Z', undefined],
  ['9999-01-01T00:00:00Z', undefined],
  ['2026-11-21T08:26:53Z tail', undefined],
  ['2026-11-21', undefined],
  ['', undefined],
])('reads the time %s as %s', (text, expected) => {
  expect(rfc3339(text)).toBe(expected);
});

test('counts days as the calendar does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9_200_000_000 }), (seconds) => {
      const date = new Date(seconds * 1000);
      const secondOfDay = seconds % 86_400;

      expect(utcMs(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), secondOfDay)).toBe(seconds * 1000);
      expect(rfc3339(date.toISOString())).toBe(date.toISOString());
      expect(timeMs(date.toISOString())).toBe(seconds * 1000);
    }),
  );
});

test.each([
  ['1763713387', '2025-11-21T08:23:07Z'],
  ['1763713387.25', '2025-11-21T08:23:07.25Z'],
  ['1763713387123', '2025-11-21T08:23:07.123Z'],
  ['1763713387123456', '2025-11-21T08:23:07.123456Z'],
  ['1763713387123456789', '2025-11-21T08:23:07.123456789Z'],
  ['1.763713387e9', '2025-11-21T08:23:07Z'],
  ['1.763713387171e+09', '2025-11-21T08:23:07.171Z'],
  ['1.7637e9', '2025-11-21T04:40:00Z'],
  ['12345', undefined],
  ['200', undefined],
  ['99999999999999999999', undefined],
  ['-1763713387', undefined],
  ['x', undefined],
])('reads the number %s as %s', (text, expected) => {
  expect(epochText(text)).toBe(expected);
});

test.each([
  ['2026-05-23T10:15:02.101234Z', '2026-05-23T10:15:02.123456Z', 22_222_000],
  ['2026-05-23T10:15:59.9Z', '2026-05-23T10:16:00.1Z', 200_000_000],
  ['2026-12-31T23:59:59.000000001Z', '2027-01-01T00:00:00Z', 999_999_999],
  ['2026-05-23T10:15:02Z', '2026-05-23T10:15:02Z', 0],
  ['2026-05-23T10:15:03Z', '2026-05-23T10:15:02Z', undefined],
])('from %s to %s are %s ns', (from, to, nanos) => {
  expect(nanosBetween(from, to)).toBe(nanos);
});

test.each([
  ['12.345678ms', 12_345_678],
  ['1m2.5s', 62_500_000_000],
  ['850µs', 850_000],
  ['850μs', 850_000],
  ['1h0m0s', 3_600_000_000_000],
  ['7ns', 7],
  ['0s', 0],
  ['0', 0],
  ['.5s', 500_000_000],
  ['', undefined],
  ['5', undefined],
  ['1m x', undefined],
  ['-1s', undefined],
])('the Go duration %s is %s ns', (text, nanos) => {
  expect(goDurationNs(text)).toBe(nanos);
});

test.each([
  ['%d/%b/%Y:%H:%M:%S %z', '21/Nov/2026:08:26:52 +0100', '2026-11-21T07:26:52Z'],
  ['%Y-%m-%dT%H:%M:%S.%f%z', '2026-11-21T08:26:52.123456Z', '2026-11-21T08:26:52.123456Z'],
  ['%F %T,%L', '2026-11-21 08:26:52,123', '2026-11-21T08:26:52.123Z'],
  ['%b %e %H:%M:%S', 'Nov  1 08:26:52', '2026-11-01T08:26:52Z'],
  ['%b %d %H:%M:%S', 'Dec 31 23:59:59', '2025-12-31T23:59:59Z'],
  ['%A, %d %B %Y %I:%M %p', 'Saturday, 21 November 2026 12:05 am', '2026-11-21T00:05:00Z'],
  ['%d.%m.%y %H:%M', '21.11.26 08:26', '2026-11-21T08:26:00Z'],
  ['%s.%f', '1763713387.123', '2025-11-21T08:23:07.123Z'],
  ['%Y%j', '2026325', '2026-11-21T00:00:00Z'],
  ['%Y-%m-%d', '2026-02-30', undefined],
  ['%Y-%m-%d', '2026-11-21 x', undefined],
  ['%H:%M', '08:26', undefined],
  ['100%% %Y', '100% 2026', '2026-01-01T00:00:00Z'],
])('the format %s reads %s as %s', (format, text, expected) => {
  expect(compileStrptime(format)?.(text, Date.UTC(2026, 10, 21, 9))).toBe(expected);
});

test.each(['%Q', '%', '%Y %Y'])('refuses the format %s', (format) => {
  expect(compileStrptime(format)).toBeUndefined();
});
