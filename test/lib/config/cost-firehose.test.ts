import { estimateCost } from '../../../lib/config/cost.ts';
import { configWith } from './texts.ts';

const source = (more: object) => ({ sources: [{ name: 'app', cluster: 'prod', kind: 'application', ...more }] });
const linesOf = (members: { [member: string]: unknown }) => {
  const { lines } = estimateCost(configWith(members));
  return new Map(lines.filter((line) => line.source === 'app').map(({ item, quantity, usd }) => [item, { quantity, usd }]));
};
const DAYS = 730 / 24;

test('small documents are priced as the 5 KB that Firehose bills', () => {
  const volume = { gbPerDay: 1, eventsPerSecond: 1_000_000_000 / 86_400 / 500 };

  const lines = linesOf(source({ route: 'firehose', volume }));

  // Two million events of 500 bytes a day.
  expect(lines.get('Firehose, documents (5 KB each at least)')?.quantity).toBeCloseTo((DAYS * 2e6 * 5120) / 1e9, 3);
  expect(lines.get('Firehose, payloads')?.quantity).toBeCloseTo(DAYS * 0.15, 6);
});

test('large documents are priced by their size', () => {
  const volume = { gbPerDay: 1, eventsPerSecond: 1_000_000_000 / 86_400 / 20_000 };

  const { quantity = 0 } = linesOf(source({ route: 'firehose', volume })).get('Firehose, documents (5 KB each at least)') ?? {};

  expect(quantity).toBeCloseTo((DAYS * 50_000 * 20_700) / 1e9, 3);
});

test('the archive has its partitions, its objects and what lies in each class', () => {
  const archive = { enabled: true, infrequentAccessDays: 30, glacier: { afterDays: 90 }, retentionDays: 400 };

  const lines = linesOf({ ...source({ archive: true, volume: { gbPerDay: 10 } }), archive });

  expect(lines.get('Archive: S3 Standard')?.quantity).toBeCloseTo(10 * 0.15 * 30, 6);
  expect(lines.get('Archive: S3 Standard-IA')?.quantity).toBeCloseTo(10 * 0.15 * 60, 6);
  expect(lines.get('Archive: instantRetrieval')?.quantity).toBeCloseTo(10 * 0.15 * 310, 6);
  expect(lines.get('Archive: objects')?.quantity).toBeCloseTo((DAYS * 96) / 1000, 6);
  expect(lines.has('Archive: conversion to Parquet')).toBe(false);
});

test('without a volume there are unit prices only', () => {
  const lines = linesOf({
    ...source({ archive: true, route: 'firehose' }),
    archive: { enabled: true, format: 'parquet' },
    athena: { enabled: true },
  });

  expect(lines.get('Archive: conversion to Parquet')).toEqual({ quantity: undefined, usd: undefined });
  expect(lines.get('Firehose, payloads')).toEqual({ quantity: undefined, usd: undefined });
});
