import { problemsWith, warningsWith } from '../texts.ts';

const app = (match: object, more: object = {}) => ({ name: 'shop', match, ...more });

test.each<[string, object[], string[]]>([
  ['a namespace is enough', [app({ namespace: 'shop' })], []],
  [
    'wildcards in every part',
    [app({ namespace: 'shop-*', container: '*-web', pod: 'a.*', labels: { 'app.kubernetes.io/name': 'sh*p' } })],
    [],
  ],
  ['an empty match claims everything', [app({})], ['applications[0].match: this match claims every container record']],
  ['so does a match of stars', [app({ namespace: '*', pod: '**' })], ['applications[0].match: this match claims every container record']],
  ['and one of a cluster alone', [app({ cluster: 'prod' })], ['applications[0].match: this match claims every container record']],
  [
    'a cluster that is not there',
    [app({ cluster: 'stage*', namespace: 'a' })],
    ['applications[0].match.cluster: no cluster has such a name'],
  ],
  [
    'a namespace that Kubernetes would refuse',
    [app({ namespace: 'Shop' })],
    ['applications[0].match.namespace: no namespace can have such a name'],
  ],
  ['a namespace with a dot', [app({ namespace: 'a.b' })], ['applications[0].match.namespace']],
  ['the longest namespace', [app({ namespace: 'a'.repeat(63) })], []],
  ['a longer one', [app({ namespace: 'a'.repeat(64) })], ['applications[0].match.namespace']],
  [
    'a label key that is none',
    [app({ labels: { 'a b': 'x' } })],
    ['applications[0].match.labels["a b"]: not the key of a Kubernetes label'],
  ],
  ['a label value that is none', [app({ labels: { a: 'x y' } })], ['applications[0].match.labels.a: no label can have such a value']],
  [
    'two applications of one name',
    [app({ namespace: 'a' }), app({ namespace: 'b' })],
    ['applications[1].name: two applications have this name'],
  ],
  [
    'retention without an index',
    [app({ namespace: 'a' }, { retentionDays: 7 })],
    ['applications[0].retentionDays: without an index of its own'],
  ],
  ['a period without an index', [app({ namespace: 'a' }, { period: 'week' })], ['applications[0].period: without an index of its own']],
  [
    'the index of another kind of log',
    [app({ namespace: 'a' }, { index: 'eks-audit' })],
    ['applications[0].index: this family belongs to another kind'],
  ],
  ['a format that nobody reads', [app({ namespace: 'a' }, { format: 'xml' })], ['applications[0].format: no parser has this name']],
  [
    'a pattern that is not there',
    [app({ namespace: 'a' }, { format: 'regex:x' })],
    ['applications[0].format: patterns has no expression of this name'],
  ],
  [
    'a rule that stands twice',
    [app({ namespace: 'a' }, { exclusions: [rule('x'), rule('x')] })],
    ['applications[0].exclusions[1].name: two rules have this name'],
  ],
  [
    'a rule under a name of the pipeline',
    [app({ namespace: 'a' }, { exclusions: [rule('older-than-retention')] })],
    ['applications[0].exclusions[0].name: the pipeline itself'],
  ],
  [
    'a rule without conditions',
    [app({ namespace: 'a' }, { exclusions: [{ name: 'x', when: [] }] })],
    ['applications[0].exclusions[0].when: nothing stands here'],
  ],
  [
    'a condition without a comparison',
    [app({ namespace: 'a' }, { exclusions: [{ name: 'x', when: [{ field: 'a' }] }] })],
    ['applications[0].exclusions[0].when[0]: a condition without a comparison'],
  ],
  [
    'a condition that compares twice',
    [app({ namespace: 'a' }, { exclusions: [{ name: 'x', when: [{ field: 'a', equals: 1, contains: 'b' }] }] })],
    ['applications[0].exclusions[0].when[0]: one condition compares once'],
  ],
  [
    'a condition on no path',
    [app({ namespace: 'a' }, { exclusions: [{ name: 'x', when: [{ field: 'a..b', equals: 1 }] }] })],
    ['applications[0].exclusions[0].when[0].field: not a dotted path'],
  ],
])('%s', (_name, applications, expected) => {
  expect(problemsWith({ applications })).toEqual(expected.map((start) => expect.stringContaining(start)));
});

function rule(name: string): object {
  return { name, when: [{ field: '@message', contains: 'x' }] };
}

test('fields that a format never has are pointed out', () => {
  expect(warningsWith({ applications: [app({ namespace: 'a' }, { format: 'java', fields: { a: 'long' } })] })).toEqual([
    expect.stringContaining('format java has fixed fields'),
  ]);
  expect(warningsWith({ applications: [app({ namespace: 'a' }, { format: 'json', fields: { a: 'long' } })] })).toEqual([]);
});

test('applications without a source that brings container records are pointed out', () => {
  const sources = [{ name: 'cp', cluster: 'prod', kind: 'controlPlane' }];

  expect(warningsWith({ sources, applications: [app({ namespace: 'a' })] })).toContainEqual(
    expect.stringContaining('no source of kind application'),
  );
});
