import { sameBody } from '../../../../lambdas/core/delivery/same-body.ts';

const additions = { keys: new Set(['last_updated_time', 'retry']) };

test.each<[string, unknown, unknown, boolean]>([
  [
    'settings come back as text',
    { index: { number_of_shards: 1, hidden: false } },
    { index: { number_of_shards: '1', hidden: 'false' } },
    true,
  ],
  ['another value differs', { a: 1 }, { a: '2' }, false],
  ['a member that is gone differs', { a: 1, b: 2 }, { a: 1 }, false],
  ['a member that only the server has differs: somebody added it, or we took it away', { a: 1 }, { a: 1, b: 2 }, false],
  ['a known addition of the server does not', { a: 1 }, { a: 1, last_updated_time: 5 }, true],
  ['a known addition that we set is compared', { retry: { count: 5 } }, { retry: { count: 3 } }, false],
  ['null is absent', { a: 1 }, { a: 1, error_notification: null }, true],
  ['an empty list may be left out', { a: 1, hosts: [] }, { a: 1 }, true],
  ['the order of a list matters', { a: [1, 2] }, { a: [2, 1] }, false],
  ['a list is not an object', { a: [] }, { a: {} }, false],
  ['nothing stored', { a: 1 }, undefined, false],
])('%s', (_name, wanted, stored, expected) => {
  expect(sameBody(wanted, stored, additions)).toBe(expected);
});
