import fc from 'fast-check';
import { BodyWriter } from '../../../../lambdas/core/index/body-writer.ts';
import { writeUtf8 } from '../../../../lambdas/events/utf8.ts';

const line = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  fc.constant('x'.repeat(40_000)),
  fc.constant('日本語 🚀'.repeat(5_000)),
);
const document = fc.tuple(line, line).map((lines) => lines.map((text) => `${text.replaceAll('\n', ' ')}\n`).join(''));

test('ends are where each document ends in UTF-8, however many go to the encoder at once', () => {
  fc.assert(
    fc.property(fc.array(document, { maxLength: 30 }), fc.nat(5_000), (documents, capacity) => {
      const writer = new BodyWriter(writeUtf8, capacity, documents.length);
      for (const text of documents) writer.append(text);

      const { bytes, ends } = writer.finish();

      let start = 0;
      const parts = [...ends].map((end) => {
        const part = Buffer.from(bytes.subarray(start, end)).toString('utf8');
        start = end;
        return part;
      });
      expect(parts).toEqual(documents.map((text) => text.toWellFormed()));
      expect(start).toBe(bytes.length);
    }),
    { numRuns: 200 },
  );
});

test('nothing appended is nothing written', () => {
  expect(new BodyWriter(writeUtf8, 0, 0).finish()).toEqual({ bytes: new Uint8Array(0), ends: new Float64Array(0) });
});
