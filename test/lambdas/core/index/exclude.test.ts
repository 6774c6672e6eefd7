import { exclude } from '../../../../lambdas/core/index/exclude.ts';
import { valuesAt } from '../../../../lambdas/core/index/json-value.ts';
import type { ExclusionRule } from '../../../../lambdas/core/rules/rules.ts';

const DOCUMENT = JSON.stringify({
  verb: 'watch',
  user: { username: 'system:kube-scheduler', groups: ['system:authenticated', 'ops'] },
  responseStatus: { code: 200 },
  annotations: { 'authorization.k8s.io/decision': 'allow' },
  list: [{ name: 'a' }, { name: 'b', deep: [{ x: true }] }],
  empty: null,
  text: 'say "hi", {x}',
});
const event = { document: DOCUMENT, message: 'GET /healthz 200' };
const NOISE: ExclusionRule = {
  name: 'noise',
  when: [
    { field: 'verb', in: ['get', 'list', 'watch'] },
    { field: 'user.username', startsWith: 'system:' },
  ],
};

test.each<[string, ExclusionRule['when'], boolean]>([
  ['both conditions hold', NOISE.when, true],
  ['one of two fails', [...NOISE.when, { field: 'verb', equals: 'get' }], false],
  ['a number equals its text', [{ field: 'responseStatus.code', equals: '200' }], true],
  ['a number equals a number', [{ field: 'responseStatus.code', equals: 200 }], true],
  ['another number', [{ field: 'responseStatus.code', in: [403, 404] }], false],
  ['one of a list', [{ field: 'user.groups', equals: 'ops' }], true],
  ['inside a list of objects', [{ field: 'list.name', equals: 'b' }], true],
  ['deep inside', [{ field: 'list.deep.x', equals: true }], true],
  ['a key that holds dots', [{ field: 'annotations.authorization.k8s.io/decision', equals: 'allow' }], true],
  ['a field that is not there', [{ field: 'nothing.here', equals: '' }], false],
  ['null has no value', [{ field: 'empty', equals: 'null' }], false],
  ['an object has no value', [{ field: 'user', contains: '' }], false],
  ['a decoded text', [{ field: 'text', contains: '"hi", {' }], true],
  ['the message itself', [{ field: '@message', contains: '/healthz' }], true],
  ['two demands of one condition', [{ field: '@message', contains: '/healthz', startsWith: 'POST' }], false],
])('%s', (_name, when, expected) => {
  expect(exclude([{ name: 'r', when }], event).excludedBy).toBe(expected ? 'r' : undefined);
});

test('the first rule that drops has the event, and dry runs before it are noted', () => {
  const rules = [{ ...NOISE, name: 'dry', countOnly: true }, { ...NOISE, name: 'first' }, NOISE];

  expect(exclude(rules, event)).toEqual({ excludedBy: 'first', wouldExclude: ['dry'] });
});

test('a dry run drops nothing', () => {
  expect(exclude([{ ...NOISE, countOnly: true }], event)).toEqual({ excludedBy: undefined, wouldExclude: ['noise'] });
});

test('values are read where JSON.parse finds them', () => {
  expect(valuesAt(DOCUMENT, 'user.groups')).toEqual(['system:authenticated', 'ops']);
  expect(valuesAt(DOCUMENT, 'list.name')).toEqual(['a', 'b']);
  expect(valuesAt('{"a":{"b":1},"a.b":2}', 'a.b')).toEqual([1, 2]);
  expect(valuesAt('{"a":[[1],[2,[3]]]}', 'a')).toEqual([1, 2, 3]);
  expect(valuesAt('{ "a" : { } , "b" : "x" }', 'b')).toEqual(['x']);
  expect(valuesAt('{"a":"cut', 'a')).toHaveLength(1);
});
