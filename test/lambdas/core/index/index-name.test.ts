import fc from 'fast-check';
import { periodStartMs } from '../../../../lambdas/core/delivery/index-age.ts';
import { indexName, indexPattern, periodWindow } from '../../../../lambdas/core/index/index-name.ts';
import { INDEX_PERIODS, type IndexPeriod } from '../../../../lambdas/core/rules/rules.ts';

const at = (text: string): number => Date.parse(text);

test.each<[IndexPeriod, string, string]>([
  ['hour', '2026-11-21T08:59:59.999Z', 'eks-audit-prod-2026.11.21.08'],
  ['hour', '2026-11-21T09:00:00.000Z', 'eks-audit-prod-2026.11.21.09'],
  ['day', '2026-11-21T23:59:59.999Z', 'eks-audit-prod-2026.11.21'],
  ['day', '2026-11-22T00:00:00.000Z', 'eks-audit-prod-2026.11.22'],
  ['month', '2026-12-31T23:59:59.999Z', 'eks-audit-prod-2026.12'],
  ['month', '2027-01-01T00:00:00.000Z', 'eks-audit-prod-2027.01'],
  ['week', '2026-11-21T08:00:00.000Z', 'eks-audit-prod-2026.w47'],
  ['week', '2026-11-22T23:59:59.999Z', 'eks-audit-prod-2026.w47'],
  ['week', '2026-11-23T00:00:00.000Z', 'eks-audit-prod-2026.w48'],
  // ISO 8601: 2026 has 53 weeks, and 2027-01-01 is a Friday of the last one; 2024-12-30 is a Monday of 2025.
  ['week', '2027-01-01T12:00:00.000Z', 'eks-audit-prod-2026.w53'],
  ['week', '2027-01-04T00:00:00.000Z', 'eks-audit-prod-2027.w01'],
  ['week', '2024-12-30T00:00:00.000Z', 'eks-audit-prod-2025.w01'],
])('an index per %s: %s goes to %s', (period, time, name) => {
  expect(indexName('eks-audit', 'prod', period, at(time))).toBe(name);
});

test('all times of a window have one name, and the ms before and after have another', () => {
  fc.assert(
    fc.property(fc.constantFrom(...INDEX_PERIODS), fc.integer({ min: 0, max: at('2200-01-01T00:00:00Z') }), (period, timeMs) => {
      const { startMs, endMs } = periodWindow(period, timeMs);
      const name = (ms: number): string => indexName('f', 'c', period, ms);
      expect(startMs <= timeMs && timeMs < endMs).toBe(true);
      expect(name(startMs)).toBe(name(timeMs));
      expect(name(endMs - 1)).toBe(name(timeMs));
      expect(name(endMs)).not.toBe(name(timeMs));
      expect(name(startMs - 1)).not.toBe(name(timeMs));
    }),
  );
});

test('the start of the period can be read from the name', () => {
  fc.assert(
    fc.property(fc.constantFrom(...INDEX_PERIODS), fc.integer({ min: 0, max: at('2200-01-01T00:00:00Z') }), (period, timeMs) => {
      expect(periodStartMs(indexName('eks-audit', 'prod-2', period, timeMs))).toBe(periodWindow(period, timeMs).startMs);
    }),
  );
});

test('the pattern of a family and cluster matches its names', () => {
  expect(indexPattern('eks-audit', 'prod')).toBe('eks-audit-prod-*');
});
