import { eventDocumentId, isPlainId, recordDocumentId } from '../../../../lambdas/core/index/document-id.ts';

const hash = (text: string): string => `<${text}>`;

test('a CloudWatch event is named by account, Region and its own id', () => {
  expect(eventDocumentId('111122223333', 'us-east-1', '39493847293847', hash)).toBe('111122223333-us-east-1-39493847293847');
});

test.each([['2026-11-21T08:27:07.171527756Z'], ['shard:7-a_b.c'], ['x'.repeat(100)]])(
  'an id of letters, digits and -._: (%j) stays as it is',
  (id) => {
    expect(isPlainId(id)).toBe(true);
    expect(eventDocumentId('111122223333', 'us-east-1', id, hash)).toBe(`111122223333-us-east-1-${id}`);
  },
);

test.each([['x"y'], ['a\\b'], ['a/b'], ['']])('an id with another character (%j) does not', (id) => {
  expect(isPlainId(id)).toBe(false);
});

test.each([['x"y'], ['a\nb'], ['é'], ['x'.repeat(101)], [' ']])('an id that would break the action line (%j) is hashed', (id) => {
  expect(isPlainId(id)).toBe(false);
  expect(eventDocumentId('111122223333', 'us-east-1', id, hash)).toBe(`111122223333-us-east-1-h<${id}>`);
});

describe('a record of our collector', () => {
  const record = { cluster: 'prod', containerId: 'c1', stream: 'stdout', time: '2026-11-21T08:27:07.171527756Z', text: 'a\nb' };

  test('is named by what it is, whatever CloudWatch calls it', () => {
    expect(recordDocumentId(record, hash)).toMatch(/^r[0-9a-f]{16}-2026-11-21T08:27:07\.171527756Z-[0-9a-f]{16}$/);
    expect(recordDocumentId({ ...record }, hash)).toBe(recordDocumentId(record, hash));
  });

  test.each([
    ['cluster', { cluster: 'prod2' }],
    ['container', { containerId: 'c2' }],
    ['stream', { stream: 'stderr' }],
    ['time', { time: '2026-11-21T08:27:07.171527757Z' }],
    ['text', { text: 'a\nc' }],
  ])('has another name with another %s', (_name, change) => {
    expect(recordDocumentId({ ...record, ...change }, hash)).not.toBe(recordDocumentId(record, hash));
  });

  test('whose time is no time is named by a digest of time and text', () => {
    expect(recordDocumentId({ ...record, time: '"}\n{' }, hash)).toMatch(/^r[0-9a-f]{16}-h<"}\n{\na\nb>$/);
  });
});
