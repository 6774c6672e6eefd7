import type { SourceRule } from '../../../../lambdas/core/rules/rules.ts';
import { sourceNameOf } from '../../../../lambdas/core/rules/source-of.ts';
import { matchesWildcard } from '../../../../lambdas/core/rules/wildcard.ts';

const source = (name: string, ...logGroups: string[]): SourceRule => ({
  name,
  kind: 'logGroup',
  cluster: 'prod',
  clusterIndexName: 'prod',
  logGroups,
  family: 'f',
  format: 'auto',
  exclusions: [],
});
const rules = { sources: [source('all', '*'), source('apps', '/app/*'), source('one', '/app/one'), source('two', '/app/one/*')] };

test.each([
  ['/app/one', 'one'],
  ['/app/one/x', 'two'],
  ['/app/two', 'apps'],
  ['/other', 'all'],
])('log group %s belongs to %s', (group, name) => {
  expect(sourceNameOf(rules, group)).toBe(name);
});

test('a log group of no source is unknown', () => {
  expect(sourceNameOf({ sources: [source('one', '/app/one')] }, '/app/two')).toBe('unknown');
});

test.each([
  ['prod-*', 'prod-web', true],
  ['*', '', true],
  ['a*b*c', 'abc', true],
  ['a*b*c', 'axxbyyc', true],
  ['a*a', 'a', false],
  ['ab*ba', 'aba', false],
  ['*x*', 'abc', false],
  ['web', 'web', true],
  ['web', 'web2', false],
  ['w?b', 'web', false],
  ['*-server', 'cdro-server', true],
])('wildcard %s on %s: %s', (pattern, text, expected) => {
  expect(matchesWildcard(pattern, text)).toBe(expected);
});

test('many stars stay linear', () => {
  expect(matchesWildcard(`${'*a'.repeat(200)}b`, 'a'.repeat(50_000))).toBe(false);
});
