import fc from 'fast-check';
import { compileFilterPattern } from '../../../lambdas/core/filter-pattern/compile.ts';
import { compileQuery } from '../../../lambdas/core/insights/run.ts';
import { loadCatalogue } from '../../../lib/alarms/catalogue.ts';
import { conditionOf, linesQuery } from '../../../lib/alarms/lines-query.ts';

/** Lines that a query gives of messages, newest first. */
function linesOf(query: string, messages: readonly string[]): (string | number | undefined)[] {
  const run = compileQuery(query, { nowMs: 0 }).start();
  messages.forEach((text, index) => {
    run.push({ text, start: 0, end: text.length, timestampMs: index, ingestionMs: index, logStream: 's', log: 'g', ptr: '' });
  });
  return run.end().rows.map((row) => row[1]);
}

const matches = (pattern: string, message: string): boolean => {
  const compiled = compileFilterPattern(pattern);
  if (!compiled.ok) throw new Error(`${pattern}: ${compiled.reason}`);
  return compiled.matches(message);
};

test('lines are the newest ten that the pattern of the alarm matches, with the text of the collector’s record', () => {
  const messages = Array.from({ length: 30 }, (_, n) =>
    JSON.stringify({ log: `${n % 2 === 0 ? 'ERROR' : 'INFO'} ${n}`, stream: 'stdout' }),
  );

  expect(linesOf(linesQuery(['{ $.log = "*ERROR*" }']) ?? '', messages)).toEqual(
    [28, 26, 24, 22, 20, 18, 16, 14, 12, 10].map((n) => `ERROR ${n}`),
  );
  expect(linesOf(linesQuery(['"status=\\"NodeNotReady\\""']) ?? '', ['a status="NodeNotReady" b', 'status=NodeNotReady'])).toEqual([
    'a status="NodeNotReady" b',
  ]);
});

test('several patterns find what any of them matches', () => {
  const query = linesQuery(['{ $.reason = "OOMKilling" || $.reason = "SystemOOM" }', '?"Out of memory" ?"cgroup out"']) ?? '';
  const messages = [
    '{"reason":"SystemOOM","message":"victim"}',
    '{"message":"Out of memory: Killed"}',
    '{"reason":"Pulled","message":"x"}',
  ];

  expect(linesOf(query, messages)).toEqual(['Out of memory: Killed', 'victim']);
});

test.each([
  '%E[0-9]%',
  '[a, b = 5]',
  '{ $.a[0] = 1 }',
  '{ $.* = 1 }',
  '{ $.a IS NULL }',
  '{ $.a NOT EXISTS }',
  '',
  "{ $.['a b'] = 1 }",
  '{ $.a = %x% }',
])('a pattern that no query can say gives none: %s', (pattern) => {
  expect(conditionOf(pattern)).toBeUndefined();
  expect(linesQuery(['"fine"', pattern])).toBeUndefined();
});

test('every pattern of the catalogue is a query', () => {
  const patterns = loadCatalogue().alarms.flatMap(({ alarm }) => alarm.check?.pattern?.filter ?? []);

  expect(patterns.length).toBeGreaterThan(8);
  for (const pattern of patterns) expect(() => compileQuery(linesQuery([pattern]) ?? '', { nowMs: 0 })).not.toThrow();
});

const text = fc.string({ unit: fc.constantFrom('a', 'B', '7', ' ', '"', '\\', "'", '/', '.', '$', 'é'), minLength: 1, maxLength: 4 });
const phrase = text.filter((value) => value.trim() !== '').map((value) => `"${value.replaceAll(/["\\]/g, '\\$&')}"`);
const field = fc.constantFrom('a', 'b.c');
const number = fc.constantFrom('7', '403', '0.5');
const comparison = fc.oneof(
  fc
    .tuple(field, fc.constantFrom('=', '!='), phrase, fc.boolean(), fc.boolean())
    .map(([name, sign, value, open, end]) => `$.${name} ${sign} "${open ? '*' : ''}${value.slice(1, -1)}${end ? '*' : ''}"`),
  fc.tuple(field, fc.constantFrom('=', '!=', '<', '>', '<=', '>='), number).map(([name, sign, value]) => `$.${name} ${sign} ${value}`),
);
const json = fc
  .array(fc.tuple(comparison, fc.constantFrom('&&', '||')), { minLength: 1, maxLength: 3 })
  .map((parts) => `{ ${parts.map(([one, sign], index) => (index === 0 ? one : `${sign} ${one}`)).join(' ')} }`);
const terms = fc.oneof(
  fc
    .array(
      fc.tuple(fc.constantFrom('', '-'), phrase).map(([sign, value]) => `${sign}${value}`),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.join(' ')),
  fc
    .array(
      phrase.map((value) => `?${value}`),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.join(' ')),
);
const leaf = fc.oneof(text, fc.constantFrom(7, 403, 0.5, '7', '403'));
const event = fc
  .record({ a: leaf, b: fc.record({ c: leaf }, { requiredKeys: [] }) }, { requiredKeys: [] })
  .map((value) => JSON.stringify(value));

test('a query finds what the pattern finds, whatever both hold', () => {
  fc.assert(
    fc.property(fc.oneof(json, terms), event, (pattern, message) => {
      const query = linesQuery([pattern]);
      if (query === undefined) return;

      expect([pattern, linesOf(query, [message]).length]).toEqual([pattern, matches(pattern, message) ? 1 : 0]);
    }),
    { numRuns: 1500 },
  );
});
