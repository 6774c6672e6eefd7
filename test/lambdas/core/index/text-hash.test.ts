import fc from 'fast-check';
import { textHash } from '../../../../lambdas/core/index/text-hash.ts';

test('is 16 hex digits of any text, lone surrogates and NUL included', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(textHash(text)).toMatch(/^[0-9a-f]{16}$/);
    }),
  );
});

test('tells apart lines that differ in a number alone, each half by itself as rarely wrong as 32 bits allow', () => {
  const lines = Array.from({ length: 200_000 }, (_, n) => `accepted order id=${n} customer="x" total=${n * 1.5}`);

  const hashes = lines.map(textHash);

  expect(new Set(hashes).size).toBe(lines.length);
  // 200,000 texts in 32 bits: 4.7 collisions are expected in each half.
  expect(new Set(hashes.map((hash) => hash.slice(0, 8))).size).toBeGreaterThan(lines.length - 25);
  expect(new Set(hashes.map((hash) => hash.slice(8))).size).toBeGreaterThan(lines.length - 25);
});

test('a change of any one character changes it, also of the first and of order', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 200 }), fc.nat(), fc.string({ minLength: 1, maxLength: 1 }), (text, at, by) => {
      const i = at % text.length;
      const changed = text.slice(0, i) + by + text.slice(i + 1);
      if (changed !== text) expect(textHash(changed)).not.toBe(textHash(text));
    }),
  );
  expect(textHash('ab')).not.toBe(textHash('ba'));
  expect(textHash('')).not.toBe(textHash('\0'));
});
