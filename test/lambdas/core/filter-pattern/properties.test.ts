import fc from 'fast-check';
import { compileFilterPattern, type FilterPattern } from '../../../../lambdas/core/filter-pattern/compile.ts';

function compiled(pattern: string): FilterPattern {
  const result = compileFilterPattern(pattern);
  if (!result.ok) throw new Error(`${pattern} at column ${result.column}: ${result.reason}`);
  return result;
}

const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`;

const SOUP = [
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '$',
  '.',
  '$.a',
  '$.b[0]',
  "['x.y']",
  '[*]',
  '=',
  '!=',
  '<',
  '>=',
  '&&',
  '||',
  '|',
  '&',
  ',',
  '...',
  '%',
  '%a%',
  '*',
  '?',
  '-',
  '"',
  '"a"',
  '\\',
  ' ',
  'a',
  'b',
  '1',
  '1e3',
  'IS',
  'NULL',
  'TRUE',
  'NOT',
  'EXISTS',
  '^',
  '+',
  '{2}',
  '{,3}',
  '[a-z]',
  '\\d',
  '\\x41',
  'é',
  '\u{1f600}',
  '\ud800',
];
const soup = fc.array(fc.constantFrom(...SOUP), { maxLength: 25 }).map((parts) => parts.join(''));
const wrapped = fc
  .tuple(fc.constantFrom(['', ''], ['{ ', ' }'], ['[', ']'], ['%', '%'], ['{ $.a = ', ' }'], ['[a = ', ', b]']), soup)
  .map(([[open, close], inner]) => `${open}${inner}${close}`);
const anyMessage = fc.oneof(fc.string({ unit: 'binary' }), soup, fc.json());

test('no pattern and no message makes the compiler throw; a refusal points into the pattern', () => {
  fc.assert(
    fc.property(fc.oneof(wrapped, fc.string({ unit: 'binary' })), anyMessage, (pattern, message) => {
      const result = compileFilterPattern(pattern);
      if (result.ok) {
        const event = result.open(message);
        expect(result.matches(message)).toBe(event !== undefined);
        event?.extractedFields();
      } else {
        expect(result.reason).not.toBe('');
        expect(result.column).toBeGreaterThanOrEqual(1);
        expect(result.column).toBeLessThanOrEqual(pattern.length + 1);
      }
    }),
    { numRuns: 3000 },
  );
});

const phrase = fc
  .string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('a', 'b', ' ', '"', '\\', 'é', '*', '%') })
  .filter((text) => text.trim() !== '');
const text = fc.string({ maxLength: 30, unit: fc.constantFrom('a', 'b', ' ', '"', '\\', 'é', '*', '%') });

test('terms: all of the required, none of the excluded, optional ones only on their own', () => {
  fc.assert(
    fc.property(
      fc.array(phrase, { maxLength: 3 }),
      fc.array(phrase, { maxLength: 3 }),
      fc.array(phrase, { maxLength: 3 }),
      text,
      (all, none, any, message) => {
        fc.pre(all.length + none.length + any.length > 0);
        const parts = [...any.map((one) => `?${quoted(one)}`), ...none.map((one) => `-${quoted(one)}`), ...all.map(quoted)];

        const expected =
          all.length + none.length > 0
            ? all.every((one) => message.includes(one)) && !none.some((one) => message.includes(one))
            : any.some((one) => message.includes(one));
        expect(compiled(parts.join(' ')).matches(message)).toBe(expected);
        expect(compiled(parts.reverse().join('  ')).matches(message)).toBe(expected);
      },
    ),
  );
});

const word = fc.string({ minLength: 1, maxLength: 4, unit: fc.constantFrom('a', 'b', '1', '0', '.', '-', 'e', '+', '*', ':', '/', 'é') });
const number = fc.oneof(fc.integer({ min: -20, max: 20 }).map(String), fc.constantFrom('1e1', '-2E0', '+3', '4.50', '10.0', '.5', '5.'));
const value = fc.oneof(word, number);
const condition = fc
  .oneof(
    fc.tuple(fc.constantFrom('=', '!='), value.map(quoted)),
    fc.tuple(fc.constantFrom('=', '!=', '<', '>', '<=', '>='), number),
    fc.tuple(fc.constantFrom('=', '!='), fc.constantFrom('%^[a-b]%', '%\\d%', '%e|1$%', '%.{2,}%')),
  )
  .map(([operator, operand]) => ({ operator, operand }));

test('a space-delimited pattern and its JSON twin agree', () => {
  fc.assert(
    fc.property(
      fc.tuple(value, value, value),
      condition,
      condition,
      fc.constantFrom('&&', '||'),
      fc.nat(2),
      (fields, first, second, joint, position) => {
        const names = ['x', 'y', 'z'];
        const name = names[position] as string;
        const slots = names.map((one) =>
          one === name ? `${one} ${first.operator} ${first.operand} ${joint} ${one}${second.operator}${second.operand}` : one,
        );
        const json = `{ $.${name} ${first.operator} ${first.operand} ${joint} $.${name}${second.operator}${second.operand} }`;

        const bySpaces = compiled(`[${slots.join(', ')}]`).matches(fields.join(' '));
        const byNames = compiled(json).matches(JSON.stringify({ x: fields[0], y: fields[1], z: fields[2] }));
        expect(bySpaces).toBe(byNames);
      },
    ),
    { numRuns: 1000 },
  );
});

test('!= is the opposite of = wherever there is a value, and both are false where there is none', () => {
  fc.assert(
    fc.property(fc.json(), fc.oneof(value.map(quoted), number), (message, operand) => {
      const equal = compiled(`{ $.a = ${operand} }`).matches(message);
      const unequal = compiled(`{ $.a != ${operand} }`).matches(message);
      const a = (JSON.parse(message) as { a?: unknown } | null)?.a;
      expect(equal !== unequal).toBe(message.startsWith('{') && (typeof a === 'string' || typeof a === 'number'));
    }),
  );
});

type Tree = { readonly and: readonly Tree[] } | { readonly or: readonly Tree[] } | { readonly name: string };
const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.record({ name: fc.constantFrom('a', 'b', 'c') }),
    fc.record({ and: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }) }),
  ),
})).tree;

/** Writes a tree with parentheses only where the order of operations needs them. */
function write(node: Tree, inside = ''): string {
  if ('name' in node) return `$.${node.name} = 1`;
  const sign = 'and' in node ? '&&' : '||';
  const parts = ('and' in node ? node.and : node.or).map((one) => write(one, sign));
  const joined = parts.join(` ${sign} `);
  return sign === '||' && inside === '&&' ? `(${joined})` : joined;
}

function evaluate(node: Tree, event: { readonly [name: string]: number }): boolean {
  if ('name' in node) return event[node.name] === 1;
  return 'and' in node ? node.and.every((one) => evaluate(one, event)) : node.or.some((one) => evaluate(one, event));
}

test('compound expressions follow the order () > && > ||', () => {
  fc.assert(
    fc.property(tree, fc.record({ a: fc.nat(1), b: fc.nat(1), c: fc.nat(1) }), (node, event) => {
      const pattern = `{ ${write(node)} }`;
      fc.pre(pattern.length <= 1024);
      expect(compiled(pattern).matches(JSON.stringify(event))).toBe(evaluate(node, event));
    }),
  );
});

test('a regular expression decides like the platform engine does', () => {
  const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', '\\.', '[a-c_]', '\\x61');
  const quantifier = fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,2}', '{1,}');
  const branch = fc
    .array(
      fc.tuple(atom, quantifier).map((parts) => parts.join('')),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join(''));
  const regex = fc
    .tuple(fc.constantFrom('', '^'), fc.array(branch, { minLength: 1, maxLength: 2 }), fc.constantFrom('', '$'))
    .map(([start, branches, end]) => start + branches.join('|') + end);
  fc.assert(
    fc.property(regex, fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c', '1', '.', ' ', '\n', '_') }), (source, message) => {
      expect(compiled(`%${source}%`).matches(message)).toBe(new RegExp(source, 's').test(message));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  ['loops that overlap', '%a*a*a*a*a*a*a*a*b$%', 'a'.repeat(256_000)],
  ['large counts', '%a{500}[ab]{490}c%', 'a'.repeat(256_000)],
  ['a late failure in every place', '%.*.*.*=.*.*x$%', '='.repeat(256_000)],
  ['quotes that nothing closes', '[..., last = x]', '"x '.repeat(85_000)],
  ['brackets that nothing closes', '[..., last = x]', '[x '.repeat(85_000)],
  ['deep JSON', '{ $.a = 1 }', `{"b":${'['.repeat(128_000)}${']'.repeat(128_000)}}`],
  ['a JSON that is never closed', '{ $.a NOT EXISTS }', '{"a":'.repeat(50_000)],
  ['many fields', '[..., a, b, c, last = x]', 'y '.repeat(128_000)],
  ['many alternatives', `%${Array.from({ length: 100 }, (_, n) => `a*b${n}c`).join('|')}%`, 'ab'.repeat(128_000)],
])('%s cannot hang: a message of 256,000 characters, the largest event before 2025, takes under 2 s', (_name, pattern, message) => {
  const { matches } = compiled(pattern);
  const started = performance.now();

  expect(matches(message)).toBe(false);

  expect(performance.now() - started).toBeLessThan(2000);
});
