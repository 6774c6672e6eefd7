import fc from 'fast-check';
import { checkQueryText } from '../../../../lambdas/core/insights/check.ts';
import { parseQuery } from '../../../../lambdas/core/insights/parse-query.ts';
import { printQuery } from '../../../../lambdas/core/insights/print.ts';
import { QueryError } from '../../../../lambdas/core/insights/problem.ts';
import { compileQuery } from '../../../../lambdas/core/insights/run.ts';
import { NOW } from './helpers.ts';

/** The tree without its places. */
function bare(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value) => (key === 'at' ? undefined : value)));
}

const name = fc.oneof(
  fc.constantFrom(
    'status',
    '@timestamp',
    'objectRef.resource',
    'items.0.name',
    'by',
    'odd-name',
    'annotations.a.b/c',
    'log',
    'csv',
    'zoë',
    '@x',
  ),
  fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/),
);
const text = fc.string({ maxLength: 8 }).map((value) => value.replace(/[\f\v\0]/g, ''));
const field = name.map((each) => ({ kind: 'field', name: each }));
const regex = fc.constantFrom('a+b', '\\d+/x', '(?<n>a)', '^"$', 'a\\\\');
const expression = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { depthSize: 'small' },
    field,
    fc
      .oneof(fc.nat(), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }))
      .map((value) => ({ kind: 'number', value: Math.abs(value) })),
    text.map((value) => ({ kind: 'string', value })),
    fc.boolean().map((value) => ({ kind: 'boolean', value })),
    fc
      .tuple(fc.constantFrom('or', 'and', '=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '^'), tie('node'), tie('node'))
      .map(([operator, left, right]) => ({ kind: 'binary', operator, left, right })),
    fc.tuple(fc.constantFrom('-', 'not'), tie('node')).map(([operator, operand]) => ({ kind: 'unary', operator, operand })),
    fc
      .tuple(tie('node'), fc.boolean(), text)
      .map(([left, negated, value]) => ({ kind: 'like', left, pattern: { kind: 'string', value }, negated })),
    fc
      .tuple(tie('node'), fc.boolean(), regex)
      .map(([left, negated, source]) => ({ kind: 'like', left, pattern: { kind: 'regex', source }, negated })),
    fc
      .tuple(tie('node'), fc.boolean(), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
      .map(([left, negated, items]) => ({ kind: 'in', left, items, negated })),
    fc
      .tuple(
        fc.constantFrom('concat', 'coalesce', 'strlen', 'jsonParse', 'nonsense'),
        fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
      )
      .map(([call, args]) => ({ kind: 'call', name: call, args, star: false })),
    fc.constant({ kind: 'call', name: 'count', args: [], star: true }),
    fc
      .tuple(fc.constantFrom('a', 'a.b.0'), tie('node'))
      .map(([path, inner]) => ({ kind: 'access', target: { kind: 'call', name: 'jsonParse', args: [inner], star: false }, path })),
    fc
      .tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom('ms', 's', 'm', 'h', 'd', 'w', 'mo', 'q', 'y'))
      .map(([count, unit]) => ({ kind: 'call', name: 'bin', args: [{ kind: 'period', count, unit }], star: false })),
  ),
})).node;
const item = fc
  .tuple(expression, fc.option(name, { nil: undefined }))
  .map(([each, alias]) => (alias === undefined ? { expression: each } : { expression: each, alias }));
const items = fc.array(item, { minLength: 1, maxLength: 3 });
const aliases = fc.array(
  name.map((each) => ({ name: each })),
  { minLength: 1, maxLength: 3 },
);
const optionalField = fc.option(field, { nil: undefined }).map((each) => (each === undefined ? {} : { field: each }));
const command = fc.oneof(
  fc.tuple(fc.constantFrom('fields', 'display'), items).map(([kind, list]) => ({ kind, items: list })),
  fc.tuple(fc.constantFrom('filter', 'where', 'filterIndex'), expression).map(([word, condition]) => ({ kind: 'filter', word, condition })),
  fc
    .tuple(optionalField, text, aliases)
    .map(([source, value, list]) => ({ kind: 'parse-glob', ...source, pattern: { kind: 'string', value }, aliases: list })),
  fc.tuple(optionalField, regex, fc.oneof(fc.constant([]), aliases), fc.boolean()).map(([source, each, list, multi]) => ({
    kind: 'parse-regex',
    ...source,
    pattern: { kind: 'regex', source: each },
    aliases: list,
    multi,
  })),
  fc
    .tuple(optionalField, aliases, fc.constantFrom('parse-logfmt', 'parse-csv'))
    .map(([source, list, kind]) => ({ kind, ...source, aliases: list })),
  fc.tuple(items, fc.oneof(fc.constant([]), items)).map(([list, by]) => ({ kind: 'stats', items: list, by })),
  fc
    .array(
      fc
        .tuple(expression, fc.constantFrom('asc', 'desc', undefined))
        .map(([each, direction]) => (direction ? { expression: each, direction } : { expression: each })),
      { minLength: 1, maxLength: 2 },
    )
    .map((keys) => ({ kind: 'sort', keys })),
  fc.tuple(fc.nat(), fc.boolean()).map(([count, any]) => ({ kind: 'limit', count, any })),
  fc
    .tuple(fc.constantFrom('dedup', 'countFrequent'), fc.array(field, { minLength: 1, maxLength: 2 }))
    .map(([kind, fields]) => ({ kind, fields })),
  fc.tuple(field, name).map(([each, into]) => ({ kind: 'unnest', field: each, into: { name: into } })),
  fc
    .tuple(field, fc.option(name, { nil: undefined }))
    .map(([each, alias]) =>
      alias === undefined ? { kind: 'accum', field: each } : { kind: 'accum', field: each, alias: { name: alias } },
    ),
  fc
    .tuple(name, fc.boolean(), fc.boolean(), fc.array(field, { maxLength: 2 }))
    .map(([fieldname, row, col, fields]) => ({ kind: 'addtotals', fieldname, row, col, fields })),
  fc.constantFrom(
    { kind: 'account', name: 'pattern', text: '@message' },
    { kind: 'account', name: 'join', text: 'type=inner left=a right=b where a.x=b.x (SOURCE "/g" | filter x like /a|b/)' },
  ),
);

test('what is printed is parsed back to the same tree', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 3 }), (commands) => {
      const printed = printQuery({ commands } as never);
      const parsed = parseQuery(printed);
      expect(bare(parsed)).toEqual(bare({ commands }));
      expect(printQuery(parsed)).toBe(printed);
    }),
    { numRuns: 1500 },
  );
});

test('no text crashes the parser, the checker or the compiler, and every problem has a place in it', () => {
  const word = fc.constantFrom(
    'fields',
    'filter',
    'stats',
    'parse',
    'sort',
    'limit',
    'dedup',
    '|',
    ',',
    '(',
    ')',
    '[',
    ']',
    '"a"',
    "'",
    '/a/',
    '`',
    '*',
    'count(*)',
    'by',
    'as',
    'bin(5m)',
    'like',
    'in',
    'not',
    '@message',
    'x.y[0]',
    '5m',
    '1e3',
    '-',
    '=',
    '#c\n',
    '\n',
    'logfmt',
    'multi',
    'unnest',
    'into',
    'pattern',
    'case(',
    '{{p}}',
    '\\',
    'é',
    '"',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 14 }), fc.string({ maxLength: 6 }), (words, tail) => {
      const query = words.join(' ') + tail;
      for (const problem of checkQueryText(query)) {
        expect(problem.line).toBeGreaterThanOrEqual(1);
        expect(problem.line).toBeLessThanOrEqual(query.split('\n').length);
        expect(problem.column).toBeLessThanOrEqual((query.split('\n')[problem.line - 1] as string).length + 2);
      }
      try {
        compileQuery(query, { nowMs: NOW }).start().end();
      } catch (error) {
        expect(error).toBeInstanceOf(QueryError);
      }
    }),
    { numRuns: 3000 },
  );
});
