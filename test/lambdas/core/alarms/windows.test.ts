import fc from 'fast-check';
import { evaluationIntervalMs, windowsAt, zoneOffsetMs } from '../../../../lambdas/core/alarms/windows.ts';

const at = (text: string): number => Date.parse(text);
const shown = (windows: readonly { readonly startMs: number; readonly endMs: number }[]): string[] =>
  windows.map(({ startMs, endMs }) => `${new Date(startMs).toISOString().slice(0, 16)}/${new Date(endMs).toISOString().slice(0, 16)}`);

test('sliding windows end with the last minute, whatever the period', () => {
  expect(shown(windowsAt(at('2026-11-21T10:07:42Z'), 300, 2))).toEqual([
    '2026-11-21T09:57/2026-11-21T10:02',
    '2026-11-21T10:02/2026-11-21T10:07',
  ]);
});

test('those of ten seconds end with the last ten seconds', () => {
  const [window] = windowsAt(at('2026-11-21T10:07:42Z'), 10, 1);

  expect(window).toEqual({ startMs: at('2026-11-21T10:07:30Z'), endMs: at('2026-11-21T10:07:40Z') });
  expect([10, 30, 60, 300, 3600].map(evaluationIntervalMs)).toEqual([10_000, 30_000, 60_000, 60_000, 60_000]);
});

test('wall clock windows are whole days of the zone', () => {
  const seoul = { kind: 'wallClock', timeZone: 'Asia/Seoul' } as const;

  // 19:07 in Seoul: the last whole day there ended at 15:00 UTC the day before.
  expect(shown(windowsAt(at('2026-11-21T10:07:00Z'), 86_400, 2, seoul))).toEqual([
    '2026-11-18T15:00/2026-11-19T15:00',
    '2026-11-19T15:00/2026-11-20T15:00',
  ]);
});

test('a day on which the clock is put has 23 or 25 hours', () => {
  const newYork = { kind: 'wallClock', timeZone: 'America/New_York' } as const;
  const hours = (now: string): number[] =>
    windowsAt(at(now), 86_400, 3, newYork).map(({ startMs, endMs }) => (endMs - startMs) / 3_600_000);

  expect(hours('2026-11-02T12:00:00Z')).toEqual([24, 24, 25]);
  expect(hours('2026-03-09T12:00:00Z')).toEqual([24, 24, 23]);
});

test('weeks begin on Monday', () => {
  const [week] = windowsAt(at('2026-11-21T10:00:00Z'), 604_800, 1, { kind: 'wallClock', timeZone: 'UTC' });

  expect(new Date(week?.startMs ?? 0).toISOString()).toBe('2026-11-09T00:00:00.000Z');
  expect(new Date(week?.startMs ?? 0).getUTCDay()).toBe(1);
});

test.each([
  ['UTC', 0],
  ['+05:30', 19_800_000],
  ['UTC+05:30', 19_800_000],
  ['-03:00', -10_800_000],
  ['Asia/Seoul', 32_400_000],
])('%s is %i ms from UTC', (zone, expected) => {
  expect(zoneOffsetMs(at('2026-11-21T10:00:00Z'), zone)).toBe(expected);
});

test('windows of any period and zone follow each other without a gap and end in the past', () => {
  const zone = fc.constantFrom('UTC', 'Asia/Seoul', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', '+05:45');
  const time = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') });
  fc.assert(
    fc.property(
      time,
      fc.constantFrom(60, 300, 3600, 86_400, 604_800),
      fc.integer({ min: 1, max: 6 }),
      zone,
      (nowMs, period, count, timeZone) => {
        for (const window of [{ kind: 'sliding' } as const, { kind: 'wallClock', timeZone } as const]) {
          const windows = windowsAt(nowMs, period, count, window);
          expect(windows).toHaveLength(count);
          for (const [index, { startMs, endMs }] of windows.entries()) {
            expect(endMs).toBeGreaterThan(startMs);
            if (index > 0) expect(startMs).toBe(windows[index - 1]?.endMs);
          }
          expect(windows.at(-1)?.endMs ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(nowMs);
        }
      },
    ),
    { numRuns: 60 },
  );
});
