import fc from 'fast-check';
import { followPath } from '../../../../lambdas/core/insights/json-path.ts';
import { JsonScanner } from '../../../../lambdas/core/insights/json-scan.ts';
import { fromByteText, toByteText } from '../../../../lambdas/core/insights/utf8.ts';
import type { Value } from '../../../../lambdas/core/insights/value.ts';

function scan(text: string, names: readonly string[], isBytes = false): Value[] {
  const slots: Value[] = [];
  new JsonScanner(names.map((name, slot) => ({ name, slot }))).scan(text, 0, text.length, slots, isBytes);
  return names.map((_, i) => slots[i]);
}

const key = fc.constantFrom('a', 'b', 'a.b', 'c', 'é', 'x"y', '0', 'é.a');
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    fc.string({ maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('node'), { maxLength: 3 }),
    fc.dictionary(key, tie('node'), { maxKeys: 4 }),
  ),
})).node;
const map = fc.dictionary(key, tree, { maxKeys: 5 });
const name = fc
  .array(
    key.filter((each) => !each.includes('"')),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join('.'));

test('the scanner finds what JSON.parse finds, for names with one reading', () => {
  fc.assert(
    fc.property(map, fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), fc.constantFrom(undefined, 1), (object, names, indent) => {
      const text = JSON.stringify(object, null, indent);
      const expected = names.map((each) => followPath(object as never, each));
      const found = scan(text, names);
      names.forEach((each, i) => {
        // Keys that hold dots can make a name lead to two places; then only one of them must be found.
        if (readings(object, each).length > 1)
          expect(readings(object, each).map((value) => JSON.stringify(value))).toContain(JSON.stringify(found[i]));
        else expect(JSON.stringify(found[i])).toBe(JSON.stringify(expected[i]));
      });
      expect(scan(toByteText(text), names, true)).toEqual(found);
    }),
    { numRuns: 1500 },
  );
});

test('the scanner tells which field of the text the last one was that it found', () => {
  const leaf = fc.oneof(fc.integer(), fc.string({ maxLength: 3 }), fc.constant('a,b'), fc.boolean());
  const node = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
      fc.dictionary(key, tie('tree'), { minKeys: 1, maxKeys: 4 }),
    ),
  })).tree;
  fc.assert(
    fc.property(
      fc.array(node, { maxLength: 5 }),
      fc.array(node, { maxLength: 3 }),
      fc.constantFrom(undefined, 1),
      (before, after, indent) => {
        const text = JSON.stringify({ before: { deep: before }, x: { wanted: 1 }, after }, null, indent);
        const scanner = new JsonScanner(['before.deep', 'x.wanted'].map((each, slot) => ({ name: each, slot })));

        scanner.scan(text, 0, text.length, []);

        // An empty list has its place as one field.
        expect(scanner.lastFieldNumber).toBe(Math.max(1, leaves(before)) + 1);
      },
    ),
    { numRuns: 300 },
  );
});

function leaves(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, each) => sum + leaves(each), 0);
}

/** All values that a flattened name can mean. */
function readings(value: unknown, path: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const found: unknown[] = [];
  for (const [each, inner] of Object.entries(value)) {
    if (each === path) found.push(inner ?? undefined);
    else if (path.startsWith(`${each}.`)) found.push(...readings(inner, path.slice(each.length + 1)));
  }
  return found;
}

test.each<[string, string, Value]>([
  ['{"a":9223372036854775808}', 'a', '9223372036854775808'],
  ['{"a":1.50}', 'a', 1.5],
  ['{"a":-3e2}', 'a', -300],
  ['{"a":null}', 'a', undefined],
  ['  {"a" : "x" }  ', 'a', 'x'],
  ['{"\\u0061":"x"}', 'a', 'x'],
  ['{"a":"\\u0022\\n"}', 'a', '"\n'],
  ['{"a":"x"', 'a', undefined],
  ['{"a":"x", junk}', 'b', undefined],
  ['["a"]', '0', undefined],
  ['plain text', 'a', undefined],
  ['{"a":{"b":"}"},"c":1}', 'c', 1],
  ['{"a":["x",{"b":2}]}', 'a.1.b', 2],
  ['{"a":"first","a":"second"}', 'a', 'first'],
  ['{"annotations":{"authorization.k8s.io/decision":"allow"}}', 'annotations.authorization.k8s.io/decision', 'allow'],
])('%s has %s = %j', (text, path, expected) => {
  expect(scan(text, [path])).toEqual([expected]);
});

test('no text crashes the scanner', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'a', '.', '1', ' ', 'n'), maxLength: 30 }),
      (text) => {
        scan(`{${text}}`, ['a', 'a.a', 'n', '']);
      },
    ),
    { numRuns: 3000 },
  );
});

test('bytes and texts turn into each other as the platform does it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 8 }), (bytes, text) => {
      expect(fromByteText(Buffer.from(bytes).toString('latin1'))).toBe(Buffer.from(bytes).toString('utf8'));
      expect(toByteText(text)).toBe(Buffer.from(text, 'utf8').toString('latin1'));
    }),
    { numRuns: 2000 },
  );
});

test.each([false, true])('of a line of a Lambda function the JSON behind its head has the fields (bytes: %s)', (isBytes) => {
  const head = '2026-11-21T08:24:05.210Z\tce832434-1309-4ee4-a12e-1256c934a992\tINFO\t';

  expect(scan(`${head}{"Source":"a","Received":7}\n`, ['Source', 'Received'], isBytes)).toEqual(['a', 7]);
  expect(scan(`${head.replace('INFO', 'ERROR')}Invoke Error \t{"errorType":"Error"}`, ['errorType'], isBytes)).toEqual(['Error']);
  // Not Lambda's head, no JSON behind it, or text behind the JSON.
  expect(scan('2026-11-21T08:24:05.210Z {"a":1}', ['a'], isBytes)).toEqual([undefined]);
  expect(scan(`${head}nothing`, ['a'], isBytes)).toEqual([undefined]);
  expect(scan('REPORT RequestId: 1\tDuration: 2 ms', ['a'], isBytes)).toEqual([undefined]);
});
