import { bulkAction } from '../../../../lambdas/core/index/bulk-action.ts';

const START = '{"create":{"_index":"eks-api-prod-2026.11.21","_id":"';

test('a record of one event is created', () => {
  expect(JSON.parse(bulkAction(START, 'a', 0))).toEqual({ create: { _index: 'eks-api-prod-2026.11.21', _id: 'a' } });
});

test('a record of several events has their number as its version', () => {
  expect(JSON.parse(bulkAction(START, 'a', 4))).toEqual({
    index: { _index: 'eks-api-prod-2026.11.21', _id: 'a', version: 5, version_type: 'external' },
  });
});
