import { problemsWith } from '../texts.ts';

const app = (name: string, fields: object, more: object = {}) => ({ name, match: { namespace: name }, format: 'json', fields, ...more });

test.each<[string, { [field: string]: string }, string[]]>([
  ['plain and dotted names', { durationMs: 'long', 'http.status': 'integer', größe: 'double' }, []],
  ['a field of the envelope', { message: 'keyword' }, ['every document may have message from us']],
  ['the time', { '@timestamp': 'date' }, ['every document may have @timestamp from us']],
  ['a field inside the envelope’s object', { 'event.kind': 'keyword' }, ['every document may have event from us']],
  ['the envelope’s object itself', { kubernetes: 'keyword' }, ['every document may have kubernetes from us']],
  ['a parser’s own object', { 'error.code': 'long' }, ['every document may have error from us']],
  ['a parser’s field of another type', { 'http.request.method': 'long' }, ['http.request.method is a field of every document']],
  ['a value where a parser writes an object', { http: 'keyword' }, ['http is an object of every document']],
  ['a field of OpenSearch', { _id: 'keyword' }, ['OpenSearch keeps names that start with _']],
  ['an empty name', { 'a..b': 'keyword' }, ['not the name of a field']],
  ['a dot at the end', { 'a.': 'keyword' }, ['not the name of a field']],
  ['a sign that searches read otherwise', { 'a*': 'keyword' }, ['a field’s name has a character']],
  ['a value that holds another', { a: 'keyword', 'a.b': 'long' }, ['a is declared as keyword, so it cannot be the object that holds a.b']],
  ['a value that holds another deep inside', { 'x.a': 'keyword', 'x.a.b.c': 'long' }, ['x.a is declared as keyword']],
  ['names that only begin alike', { a: 'keyword', ab: 'long', 'b.a': 'long' }, []],
  ['a type that nobody has', { a: 'float' }, ['not one of the values known here']],
])('%s', (_name, fields, expected) => {
  const problems = problemsWith({ applications: [app('shop', fields)] });

  expect(problems).toHaveLength(expected.length);
  for (const [index, part] of expected.entries()) expect(problems[index]).toContain(part);
});

test('applications that share an index must agree on types', () => {
  expect(problemsWith({ applications: [app('a', { x: 'long' }), app('b', { x: 'keyword' })] })).toEqual([
    expect.stringContaining('applications[1].fields.x: a declares this field as long'),
  ]);
  expect(problemsWith({ applications: [app('a', { x: 'long' }), app('b', { x: 'long' })] })).toEqual([]);
  expect(problemsWith({ applications: [app('a', { x: 'long' }), app('b', { x: 'keyword' }, { index: 'b' })] })).toEqual([]);
});

test('applications that share an index must agree on what is an object', () => {
  expect(problemsWith({ applications: [app('a', { 'x.y': 'long' }), app('b', { x: 'keyword' })] })).toEqual([
    expect.stringContaining('applications[0].fields["x.y"]: x is declared as keyword by b'),
  ]);
});
