import { lowestSequenceNumber } from '../../../../lambdas/core/delivery/checkpoint.ts';

test('the lowest sequence number is the lowest number, not the first text', () => {
  expect(lowestSequenceNumber(['49590338271490256608559692538361571095921575989136588898', '9', '10'])).toBe('9');
});

test('nothing failed, nothing is named', () => {
  expect(lowestSequenceNumber([])).toBeUndefined();
});
