import { percentiles } from '../../../local/report/delays.ts';
import { table } from '../../../local/report/table.ts';
import { clean } from '../../../local/report/text.ts';

test('percentiles are over events, not over payloads', () => {
  const samples = [
    { ms: 10, events: 90 },
    { ms: 1000, events: 10 },
  ];

  expect(percentiles(samples)).toEqual({ events: 100, p50Ms: 10, p95Ms: 1000, maxMs: 1000 });
  expect(percentiles([])).toBeUndefined();
});

test('a table stands in columns, numbers on the right', () => {
  expect(
    table(
      ['who', 'events'],
      [
        ['alice', '1,086'],
        ['bob', '46'],
      ],
    ),
  ).toEqual(['who    events', '-----  ------', 'alice   1,086', 'bob        46']);
});

test('log text cannot drive the terminal', () => {
  expect(clean('a\u001b[31mb\u0007\u202ec')).toBe('a\ufffd[31mb\ufffd\ufffdc');
});
