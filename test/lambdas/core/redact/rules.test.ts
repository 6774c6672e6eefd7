import fc from 'fast-check';
import { compileRedaction } from '../../../../lambdas/core/redact/redactor.ts';

const fields = (...paths: string[]) => compileRedaction({ builtin: [], fields: paths, patterns: [] }).fields;
const own = (regex: string) => compileRedaction({ builtin: [], fields: [], patterns: [{ name: 'own', regex }] }).text;

test.each<[string, string[], string, string]>([
  ['a path', ['user.name'], '{"user":{"name":"x","id":1}}', '{"user":{"name":"[REDACTED:field]","id":1}}'],
  ['members without braces', ['user.name'], '"a":1,"user":{"name":"x"}', '"a":1,"user":{"name":"[REDACTED:field]"}'],
  [
    'a star for one segment',
    ['headers.*.value'],
    '{"headers":{"a":{"value":"x"},"b":{"value":"y"}}}',
    '{"headers":{"a":{"value":"[REDACTED:field]"},"b":{"value":"[REDACTED:field]"}}}',
  ],
  ['a star at the end', ['a.*'], '{"a":{"b":"x","c":[1]},"d":"x"}', '{"a":{"b":"[REDACTED:field]","c":[null]},"d":"x"}'],
  [
    'inside lists',
    ['items.key'],
    '{"items":[{"key":"x"},{"key":"y","z":1},[{"key":"w"}]]}',
    '{"items":[{"key":"[REDACTED:field]"},{"key":"[REDACTED:field]","z":1},[{"key":"[REDACTED:field]"}]]}',
  ],
  [
    'a key with dots',
    ['annotations.example.com/secret'],
    '{"annotations":{"example.com/secret":"x"}}',
    '{"annotations":{"example.com/secret":"[REDACTED:field]"}}',
  ],
  ['numbers and booleans become null', ['n', 'b'], '{"n":-1.5e3,"b":true,"z":null}', '{"n":null,"b":null,"z":null}'],
  ['objects stay objects', ['o'], '{"o":{"a":[1]},"x":1}', '{"o":{"redacted":"[REDACTED:field]"},"x":1}'],
  ['lists keep their shape', ['l'], '{"l":["a",2,{"b":1},[]]}', '{"l":["[REDACTED:field]",null,{"redacted":"[REDACTED:field]"},[]]}'],
  ['an escaped key', ['ab'], '{"a\\u0062":"x","ab":"y"}', '{"a\\u0062":"[REDACTED:field]","ab":"[REDACTED:field]"}'],
  ['what is redacted already stays', ['a'], '{"a":["[REDACTED:jwt]"],"b":""}', '{"a":["[REDACTED:jwt]"],"b":""}'],
  ['another path with the same end', ['x.a'], '{"a":"1","y":{"a":"2"}}', '{"a":"1","y":{"a":"2"}}'],
  ['digits are kept', ['a'], '{"a":"x","n":9223372036854775808}', '{"a":"[REDACTED:field]","n":9223372036854775808}'],
])('field rules: %s', (_name, paths, text, expected) => {
  expect(fields(...paths)(text)).toBe(expected);
});

test('field rules keep JSON valid and leave everything else alone', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c"', 'd.e'), fc.jsonValue()), (value) => {
      const redacted = JSON.parse(fields('a', 'b.a')(JSON.stringify(value))) as typeof value;

      const { a: _before, b: _b, ...rest } = JSON.parse(JSON.stringify(value)) as typeof value;
      const { a: _after, b: _c, ...restAfter } = redacted;
      expect(restAfter).toEqual(rest);
    }),
  );
});

test.each([
  ['<password>([^<]*)</password>', 'a <password>x</password> b', 'a <password>[REDACTED:own]</password> b'],
  ['\\d{3}-\\d{4}', 'call 555-1234 or 555-9876', 'call [REDACTED:own] or [REDACTED:own]'],
  ['x*', 'abc', 'abc'],
  ['(a)(b)', 'ab', '[REDACTED:own]b'],
  ['(?:a|(b))c', 'ac bc', '[REDACTED:own] [REDACTED:own]c'],
  // What would break the JSON around it is replaced text by text instead.
  ['secret.*', '{"m":"my secret is \\"x\\"","n":9223372036854775808}', '{"m":"my [REDACTED:own]","n":9223372036854775808}'],
  ['"quoted"', '{"m":"say \\"quoted\\" now"}', '{"m":"say [REDACTED:own] now"}'],
])('own pattern %s on %s', (regex, text, expected) => {
  expect(own(regex)(text)).toBe(expected);
});

test('rules of an application come on top of the account’s', () => {
  const both = compileRedaction(
    { builtin: ['jwt'], fields: ['a'], patterns: [] },
    { builtin: ['passwordAssignment'], fields: ['b'], patterns: [{ name: 'own', regex: 'zzz' }] },
  );

  expect(both.text('password=x zzz')).toBe('password=[REDACTED:passwordAssignment] [REDACTED:own]');
  expect(both.fields('{"a":"1","b":"2"}')).toBe('{"a":"[REDACTED:field]","b":"[REDACTED:field]"}');
});

test.each([
  // What a parser names itself is not in the line; what it copies is.
  ['source.ip', '"source":{"ip":"203.0.113.1"}', '203.0.113.1 - - "GET /"', '"source":{"ip":"[REDACTED:field]"}'],
  ['message', '"message":"hello","json":{"msg":"hello"}', '{"msg":"hello"}', '"message":"[REDACTED:field]","json":{"msg":"hello"}'],
  ['customer', '"customer":"x"', 'order of x', '"customer":"[REDACTED:field]"'],
  ['json.mail', '"json":{"mail":"x"}', '{"mail":"x"}', '"json":{"mail":"[REDACTED:field]"}'],
  ['kv.client', '"kv":{"client":"x"}', 'client="x"', '"kv":{"client":"[REDACTED:field]"}'],
  [
    'user.extra.accessKeyId',
    '"user":{"extra":{"accessKeyId":["x"]}}',
    '{"user":{"extra":{"accessKeyId":["x"]}}}',
    '"user":{"extra":{"accessKeyId":["[REDACTED:field]"]}}',
  ],
  ['url.query', '"url":{"query":"a=b"}', '{"requestURI":"/x?a=b"}', '"url":{"query":"[REDACTED:field]"}'],
])('field rule %s finds its member whether or not the line has its name', (path, members, origin, expected) => {
  expect(fields(path)(members, origin)).toBe(expected);
});
