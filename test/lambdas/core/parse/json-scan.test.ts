import fc from 'fast-check';
import {
  DEEP,
  ENTRY,
  LINE_BREAK,
  LONE_SURROGATE,
  LONG_NUMBER,
  LONG_TERM,
  lastScan,
  MAX_DEPTH,
  MAYBE_DUPLICATE,
  memberTable,
  scanJson,
  TABLE_FULL,
} from '../../../../lambdas/core/parse/json-scan.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isScanned(text: string): boolean {
  return scanJson(text, 0) >= 0 && text.slice(lastScan.end).trim() === '' && !/[^ \t\n\r]/.test(text.slice(lastScan.end));
}

test('agrees with JSON.parse on any JSON text', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6, stringUnit: 'binary' }), (text) => isScanned(text)),
    { numRuns: 500 },
  );
});

test('agrees with JSON.parse on damaged JSON text', () => {
  const piece = fc.constantFrom(
    '',
    '"',
    '\\',
    '\\u',
    '\\ud800',
    ',',
    ':',
    '{',
    '}',
    '[',
    ']',
    '0',
    '-',
    '.',
    'e',
    ' ',
    '\n',
    '\u0001',
    'nul',
    'true',
    'x',
    '\\x',
  );
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), fc.nat(200), fc.nat(3), piece, (json, from, size, inserted) => {
      const at = from % (json.length + 1);
      const text = json.slice(0, at) + inserted + json.slice(at + size);

      expect({ text, is: isScanned(text) }).toEqual({ text, is: isJson(text) });
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  '01',
  '-',
  '1.',
  '.5',
  '+1',
  '1e',
  '1e+',
  '0x1',
  '-01',
  '1.e3',
  'NaN',
  'tru',
  '"\\x"',
  '"\\u12g4"',
  '"\t"',
  '{"a"}',
  '{"a":}',
  '{,}',
  '[,]',
  '[1,]',
  '{"a":1,}',
  '{a:1}',
  '"',
  '{',
  '[',
  '',
  '{"a":1]',
  '[1}',
])('refuses %s', (text) => {
  expect(isScanned(text)).toBe(false);
});

test.each([
  ['equal keys', '{"a":1,"a":2}', MAYBE_DUPLICATE],
  ['equal keys below', '{"x":[{"b":{"a":1,"a":2}}]}', MAYBE_DUPLICATE],
  ['a key that an escape could hide', '{"a":1,"\\u0061":2}', MAYBE_DUPLICATE],
  ['a line break between tokens', '{"a":\n1}', LINE_BREAK],
  ['half of an escaped pair', '{"a":"\\ud83d"}', LONE_SURROGATE],
  ['the other half', '{"a":"\\ude80"}', LONE_SURROGATE],
  ['a high half before a word', '{"a":"\\ud83dx"}', LONE_SURROGATE],
  ['a string that could be too long', `{"a":"${'x'.repeat(20_000)}"}`, LONG_TERM],
  ['a key that could be too long', `{"${'x'.repeat(20_000)}":1,"b":{}}`, LONG_TERM],
  ['a path that could be too long', `{"${'x'.repeat(9_000)}":{"${'y'.repeat(9_000)}":"z"}}`, LONG_TERM],
  ['a number of 400 digits', `{"a":${'1'.repeat(400)}}`, LONG_NUMBER],
  ['depth at the limit', `${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}`, 0],
  ['depth beyond it', `${'['.repeat(MAX_DEPTH + 1)}${']'.repeat(MAX_DEPTH + 1)}`, DEEP],
  [
    'more members than the table holds',
    `{${Array.from({ length: 600 }, (_, at) => `"k${at}":1`).join(',')}}`,
    TABLE_FULL | MAYBE_DUPLICATE,
  ],
  ['an escaped pair', '{"a":"\\ud83d\\ude80"}', 0],
  ['equal keys in different objects', '{"a":{"a":1},"b":{"a":1},"c":[{"a":1},{"a":2}]}', 0],
  ['an escaped quote in a key', '{"k:{\\"ip\\":1}":{".":{}}}', 0],
])('says what it met: %s', (_name, text, flags) => {
  expect(scanJson(text, 0)).toBe(flags);
});

test('never misses equal keys: what it passes has none', () => {
  const key = fc.constantFrom('a', 'b', 'ab', '\\u0061', '\\"', '\\\\', '\\/', '/', 'é', '\\u00e9');
  fc.assert(
    fc.property(fc.array(key, { minLength: 2, maxLength: 5 }), (keys) => {
      const text = `{${keys.map((name) => `"${name}":1`).join(',')}}`;
      const distinct = new Set(keys.map((name) => JSON.parse(`"${name}"`))).size;
      const flags = scanJson(text, 0);

      expect(distinct < keys.length && (flags & MAYBE_DUPLICATE) === 0).toBe(false);
    }),
  );
});

test('notes where the members of the first two levels are', () => {
  const text = ' {"a" : 1, "b":{"c":[{"x":1}], "d":{}}, "e":"f"}';
  scanJson(text, 0);
  const members = Array.from({ length: lastScan.members }, (_, at) => {
    const [keyStart, keyEnd, start, end, depth] = memberTable.subarray(at * ENTRY, at * ENTRY + ENTRY);
    return [text.slice(keyStart, keyEnd), text.slice(start, end), depth];
  });

  expect(members).toEqual([
    ['a', '1', 1],
    ['b', '{"c":[{"x":1}], "d":{}}', 1],
    ['c', '[{"x":1}]', 2],
    ['d', '{}', 2],
    ['e', '"f"', 1],
  ]);
});

test('says no to nesting that is deeper than any text may be, without a crash', () => {
  expect(scanJson('['.repeat(3_000_000), 0)).toBe(-1);
});
