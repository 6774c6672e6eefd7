import fc from 'fast-check';
import { durationMs, expandValues, showDuration } from '../../../cli/alarms/notation.ts';

test.each<[string, readonly (number | undefined)[]]>([
  ['1 2 3', [1, 2, 3]],
  ['0x4', [0, 0, 0, 0, 0]],
  ['1+2x3', [1, 3, 5, 7]],
  ['10-2x2', [10, 8, 6]],
  ['_', [undefined]],
  ['_x3 1', [undefined, undefined, undefined, 1]],
  ['0.1+0.1x2', [0.1, 0.2, 0.3]],
  ['-5 1e3', [-5, 1000]],
])('%s, as Prometheus writes it', (text, expected) => {
  expect(expandValues(text)).toEqual(expected);
});

test.each(['', 'x', '1+2', '_+1x2', '1x', '1x20000', '_x20000', '1x999999999999', '_x1e9', '1e999', '1e999x3', '5x-1'])(
  '"%s" is refused with a reason',
  (text) => {
    expect(typeof expandValues(text)).toBe('string');
  },
);

test('a length of time is written as it is read', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
      expect(durationMs(showDuration(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
  expect(durationMs('5')).toBeUndefined();
  expect(durationMs('m5')).toBeUndefined();
});
