import fc from 'fast-check';
import { FLAT_OBJECT_MAX_BYTES, utf8Bytes } from '../../../../lambdas/core/parse/cut.ts';
import { arraySpans, objectSpans, repairJson } from '../../../../lambdas/core/parse/json-repair.ts';
import { MAX_DEPTH } from '../../../../lambdas/core/parse/json-scan.ts';
import { strictJson } from './support.ts';

test('changes nothing but blanks in JSON that OpenSearch takes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      expect(strictJson(repairJson(text, 0, 'json').text)).toEqual(JSON.parse(text));
    }),
  );
});

test.each([
  ['the last of equal keys', '{"a":1,"b":{"x":1,"x":2},"a":3}', '{"a":3,"b":{"x":2}}'],
  ['the last of keys that are equal behind an escape', '{"a":1,"\\u0061":2}', '{"a":2}'],
  ['every digit of a number', '{"a":9223372036854775808,"b":1e400,"c":-0.10}', '{"a":9223372036854775808,"b":1e400,"c":-0.10}'],
  ['a long number as a string', `{"a":${'7'.repeat(400)}}`, `{"a":"${'7'.repeat(400)}"}`],
  ['half a pair as U+FFFD', '{"a":"x\\ud83dy","\\udc00":1}', '{"a":"x\ufffdy","\ufffd":1}'],
  ['odd keys, which a flat_object takes', '{"":1,".":{},"a..b":2," ":3}', '{"":1,".":{},"a..b":2," ":3}'],
  ['everything on one line', '{\n  "a": [\n 1,\r\n 2 ]\n}', '{"a":[1,2]}'],
])('keeps %s', (_name, text, repaired) => {
  expect(repairJson(text, 0, 'json').text).toBe(repaired);
});

test('cuts a long leaf at the border of a character so that path and value fit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('x', 'é', '日', '🚀'),
      fc.integer({ min: 5_000, max: 40_000 }),
      fc.string({ minLength: 1, maxLength: 50 }),
      (unit, size, key) => {
        const { text, truncated } = repairJson(JSON.stringify({ a: { [key]: unit.repeat(size) } }), 0, 'requestObject');
        const cut = JSON.parse(text) as { a: { [key: string]: string } };
        const value = cut.a[key] as string;
        const term = utf8Bytes(`requestObject.requestObject.a.${key}=${value}`);

        expect(term).toBeLessThanOrEqual(FLAT_OBJECT_MAX_BYTES);
        expect(value.isWellFormed()).toBe(true);
        expect(truncated).toBe(value !== unit.repeat(size));
        if (truncated) expect(term).toBeGreaterThan(FLAT_OBJECT_MAX_BYTES - 5);
      },
    ),
    { numRuns: 60 },
  );
});

test('turns what is nested too deeply into text', () => {
  const { text, truncated } = repairJson(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`, 0, 'json');
  let value: unknown = JSON.parse(text);
  let depth = 0;
  while (typeof value === 'object' && value !== null) {
    value = (value as { a: unknown }).a;
    depth++;
  }

  expect(depth).toBe(MAX_DEPTH);
  expect(value).toBe(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`);
  expect(truncated).toBe(true);
});

test('shortens keys so that even a deep path of long ones fits', () => {
  const key = 'k'.repeat(40_000);
  const { text } = repairJson(`${`{"${key}":`.repeat(60)}"v"${'}'.repeat(60)}`, 0, 'json');
  let value: unknown = JSON.parse(text);
  const path: string[] = [];
  while (typeof value === 'object' && value !== null) {
    const [name, inner] = Object.entries(value)[0] as [string, unknown];
    path.push(name);
    value = inner;
  }

  expect(utf8Bytes(`json.json.${path.join('.')}=${value as string}`)).toBeLessThanOrEqual(FLAT_OBJECT_MAX_BYTES);
});

test('stands a million nested lists', () => {
  expect(repairJson(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, 0, 'json').truncated).toBe(true);
});

test('finds the members of an object and the items of a list', () => {
  const text = '{"a" : {"x":"}"} , "b":[1, "]" ,{"c":2}],"a":null}';
  const spans = objectSpans(text, 0);
  const list = spans.get('b');

  expect([...spans].map(([key, { start, end }]) => [key, text.slice(start, end)])).toEqual([
    ['a', 'null'],
    ['b', '[1, "]" ,{"c":2}]'],
  ]);
  expect(arraySpans(text, list?.start ?? 0).map(({ start, end }) => text.slice(start, end))).toEqual(['1', '"]"', '{"c":2}']);
});
