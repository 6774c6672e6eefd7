import { eventDocumentId, isPlainId, recordDocumentId } from '../../../../lambdas/core/index/document-id.ts';

const hash = (text: string): string => `<${text}>`;

test('a CloudWatch event is named by account, Region and its own id', () => {
  expect(eventDocumentId('111122223333', 'us-east-1', '39493847293847', hash)).toBe('111122223333-us-east-1-39493847293847');
});

test.each([['x"y'], ['a\nb'], ['é'], ['x'.repeat(101)], [' ']])('an id that would break the action line (%j) is hashed', (id) => {
  expect(isPlainId(id)).toBe(false);
  expect(eventDocumentId('111122223333', 'us-east-1', id, hash)).toBe(`111122223333-us-east-1-h<${id}>`);
});

test('a record is named by what it is, whatever CloudWatch calls it', () => {
  const record = { cluster: 'prod', containerId: 'c1', stream: 'stdout', time: '2026-11-21T08:27:07.171527756Z', text: 'a\nb' };

  expect(recordDocumentId(record, hash)).toBe('r<prod\nc1\nstdout\n2026-11-21T08:27:07.171527756Z\na\nb>');
  expect(recordDocumentId({ ...record, stream: 'stderr' }, hash)).not.toBe(recordDocumentId(record, hash));
});
