import fc from 'fast-check';
import { halve, planRequests } from '../../../../lambdas/core/delivery/plan.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 200 });
const limitsOf = fc.record({ maxBytes: fc.integer({ min: 1, max: 5000 }), maxDocuments: fc.integer({ min: 1, max: 50 }) });

test('a plan holds every document once, in order', () => {
  fc.assert(
    fc.property(sizes, limitsOf, (bytes, limits) => {
      const documents = bytes.map((size, position) => ({ bytes: size, position }));
      const planned = planRequests(documents, limits).flatMap((request) => request.documents.map(({ position }) => position));
      expect(planned).toEqual(documents.map(({ position }) => position));
    }),
  );
});

test('a request respects both limits, unless one document alone is too big', () => {
  fc.assert(
    fc.property(sizes, limitsOf, (bytes, limits) => {
      for (const request of planRequests(
        bytes.map((size) => ({ bytes: size })),
        limits,
      )) {
        expect(request.bytes).toBe(request.documents.reduce((sum, document) => sum + document.bytes, 0));
        expect(request.documents.length).toBeLessThanOrEqual(limits.maxDocuments);
        if (request.documents.length > 1) expect(request.bytes).toBeLessThanOrEqual(limits.maxBytes);
      }
    }),
  );
});

test('neighbouring requests could not have been one', () => {
  fc.assert(
    fc.property(sizes, limitsOf, (bytes, limits) => {
      const requests = planRequests(
        bytes.map((size) => ({ bytes: size })),
        limits,
      );
      requests.slice(1).forEach((request, before) => {
        const previous = requests[before];
        const next = request.documents[0];
        if (!previous || !next) throw new Error('a request without documents');
        expect(previous.bytes + next.bytes > limits.maxBytes || previous.documents.length === limits.maxDocuments).toBe(true);
      });
    }),
  );
});

test('halves are smaller than the whole and lose nothing', () => {
  expect(halve([1, 2, 3])).toEqual([[1, 2], [3]]);
  expect(halve([1, 2])).toEqual([[1], [2]]);
});
