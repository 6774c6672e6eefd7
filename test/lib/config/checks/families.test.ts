import fc from 'fast-check';
import { indexName } from '../../../../lambdas/core/index/index-name.ts';
import { INDEX_PERIODS } from '../../../../lambdas/core/rules/rules.ts';
import { configWith, loadWith, problemsWith, warningsWith } from '../texts.ts';

const app = (name: string, more: object = {}) => ({ name, match: { namespace: name }, index: name, ...more });
const domain = { warm: {}, cold: true, masterNodes: {} };
const families = (settings: object, more: object = {}) => ({ search: { domain, families: settings, ...more } });

describe('names', () => {
  test.each<[string, boolean]>([
    ['checkout', true],
    ['a.b_c-d', true],
    ['0', true],
    ['Checkout', false],
    ['-a', false],
    ['_a', false],
    ['+a', false],
    ['.a', false],
    ['a b', false],
    ['a/b', false],
    ['a*', false],
    ['a,b', false],
    ['a#b', false],
    ['ä', false],
  ])('%s', (index, isTaken) => {
    expect(problemsWith({ applications: [{ name: 'x', match: { namespace: 'x' }, index }] }).length === 0).toBe(isTaken);
  });

  test('may not make an index name of more than 255 bytes', () => {
    const problems = (length: number) =>
      problemsWith({ applications: [{ name: 'x', match: { namespace: 'x' }, index: 'a'.repeat(length) }] });

    expect('-prod-2026.11.21'.length).toBe(16);
    expect(problems(239)).toEqual([]);
    expect(problems(240)).toEqual([expect.stringContaining('applications[0].index: index names of cluster prod would have 256 bytes')]);
  });
});

describe('patterns that overlap', () => {
  test('a family that continues another one by a cluster’s name', () => {
    const problems = problemsWith({ applications: [app('shop'), app('shop-prod')] });

    expect(problems).toEqual([
      expect.stringContaining(
        'indexes of family shop-prod on cluster prod (shop-prod-prod-*) would fit the pattern of family shop (shop-prod-*)',
      ),
    ]);
  });

  test('across clusters', () => {
    const clusters = [{ name: 'eu' }, { name: 'b-eu' }];
    const sources = [{ name: 's', cluster: 'eu', kind: 'application' }];

    expect(problemsWith({ clusters, sources, applications: [app('a'), app('a-b')] })).toEqual([expect.stringContaining('family')]);
    expect(problemsWith({ clusters: [{ name: 'eu' }, { name: 'us' }], sources, applications: [app('a'), app('a-b')] })).toEqual([]);
  });

  test('with a built-in family the other one is blamed', () => {
    const problems = problemsWith({
      applications: [app('eks', {})],
      clusters: [{ name: 'audit' }],
      sources: [{ name: 's', cluster: 'audit', kind: 'application' }],
    });

    expect(problems).toEqual([expect.stringMatching(/^applications\[0\]\.index: indexes of family eks-audit on cluster audit/)]);
  });

  test('names that only begin alike do not', () => {
    expect(problemsWith({ applications: [app('shop'), app('shop2'), app('shop-web')] })).toEqual([]);
  });

  test('families that pass never share an index name, whatever the period and time', () => {
    const name = fc.constantFrom('a', 'a-b', 'b', 'a-b-c', 'b-c', 'c', 'a.b', 'eks', 'eks-audit');
    const time = fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 3, minLength: 1 }),
        fc.uniqueArray(name, { maxLength: 3, minLength: 1 }),
        fc.constantFrom(...INDEX_PERIODS),
        time,
        (apps, clusters, period, timeMs) => {
          const loaded = loadWith({
            clusters: clusters.map((cluster) => ({ name: cluster.replaceAll('.', '_') })),
            sources: [{ name: 's', cluster: (clusters[0] ?? '').replaceAll('.', '_'), kind: 'application' }],
            applications: apps.map((index, i) => ({ name: `app${i}`, match: { namespace: `n${i}` }, index, period })),
          });
          if (!loaded.ok) return;
          const names = loaded.config.families.flatMap((family) =>
            loaded.config.clusters.map((cluster) => indexName(family.name, cluster.indexName, family.period, timeMs)),
          );

          expect(new Set(names).size).toBe(names.length);
          for (const index of names) expect(index).toMatch(/^[a-z0-9][a-z0-9._-]{0,254}$/);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('ages', () => {
  test.each<[string, object, string[]]>([
    ['warm and cold in order', { 'eks-audit': { retentionDays: 90, warmAfterDays: 7, coldAfterDays: 30 } }, []],
    ['warm on the day after a day', { 'eks-audit': { retentionDays: 90, warmAfterDays: 2 } }, []],
    [
      'warm while it is written to',
      { 'eks-audit': { retentionDays: 90, warmAfterDays: 1 } },
      ['search.families.eks-audit.warmAfterDays: one index covers a day'],
    ],
    ['warm within the month', { 'eks-audit': { period: 'month', retentionDays: 90, warmAfterDays: 31 } }, ['one index covers a month']],
    ['warm after the month', { 'eks-audit': { period: 'month', retentionDays: 90, warmAfterDays: 32 } }, []],
    ['warm when it is gone', { 'eks-audit': { retentionDays: 7, warmAfterDays: 7 } }, ['the index is deleted before it is warm']],
    ['cold without warm', { 'eks-audit': { retentionDays: 90, coldAfterDays: 7 } }, ['an index goes to cold storage from warm storage']],
    [
      'cold before warm',
      { 'eks-audit': { retentionDays: 90, warmAfterDays: 7, coldAfterDays: 7 } },
      ['an index goes to cold storage from warm storage'],
    ],
    [
      'cold when it is gone',
      { 'eks-audit': { retentionDays: 30, warmAfterDays: 7, coldAfterDays: 30 } },
      ['the index is deleted before it is cold'],
    ],
  ])('%s', (_name, settings, expected) => {
    expect(problemsWith(families(settings))).toEqual(expected.map((part) => expect.stringContaining(part)));
  });

  test('need the nodes', () => {
    expect(problemsWith({ search: { families: { 'eks-audit': { warmAfterDays: 7 } } } })).toEqual([
      expect.stringContaining('there are no warm nodes'),
    ]);
    expect(
      problemsWith({
        search: { domain: { warm: {}, masterNodes: {} }, families: { 'eks-audit': { warmAfterDays: 7, coldAfterDays: 9 } } },
      }),
    ).toEqual([expect.stringContaining('has no cold storage')]);
    expect(
      problemsWith({
        search: {
          mode: 'existing',
          endpoint: 'https://search.example.com',
          existing: { hasWarm: true },
          families: { 'eks-audit': { warmAfterDays: 7 } },
        },
      }),
    ).toEqual([]);
  });
});

describe('references', () => {
  const source = { name: 's', cluster: 'prod', kind: 'logGroup', logGroup: '/x' };

  test('a source may write to a built-in, a declared or an application’s family', () => {
    expect(problemsWith({ sources: [{ ...source, family: 'eks-host' }] })).toEqual([]);
    expect(problemsWith({ sources: [{ ...source, family: 'billing' }], ...families({ billing: {} }) })).toEqual([]);
    expect(problemsWith({ sources: [{ ...source, family: 'nothing' }] })).toEqual([
      expect.stringContaining('sources[0].family: no index family has this name'),
    ]);
  });

  test('a reader needs a family that is there, and somebody', () => {
    const readers = (family: string, roles: string[]) => ({ search: { access: { readers: [{ family, roles }] } } });
    const role = 'arn:aws:iam::111122223333:role/r';

    expect(problemsWith(readers('*', [role]))).toEqual([]);
    expect(problemsWith(readers('x', [role]))).toEqual([expect.stringContaining('search.access.readers[0].family: no index family')]);
    expect(problemsWith(readers('*', []))).toEqual([expect.stringContaining('search.access.readers[0]: this entry lets nobody in')]);
  });

  test('settings of a family that nothing writes to are pointed out', () => {
    expect(warningsWith(families({ nothing: {} }))).toContainEqual(expect.stringContaining('nothing writes to this family'));
  });

  test('two applications may share an index if they agree', () => {
    const two = (a: object, b: object) => [
      { name: 'a', match: { namespace: 'a' }, index: 'both', ...a },
      { name: 'b', match: { namespace: 'b' }, index: 'both', ...b },
    ];

    expect(problemsWith({ applications: two({ retentionDays: 7 }, { retentionDays: 7 }) })).toEqual([]);
    expect(problemsWith({ applications: two({ retentionDays: 7 }, {}) })).toEqual([]);
    expect(problemsWith({ applications: two({ retentionDays: 7 }, { retentionDays: 8 }) })).toEqual([
      expect.stringContaining('applications[1].retentionDays: family both already has retentionDays 7'),
    ]);
  });
});

test('settings come from the family, then its application, then the defaults', () => {
  const config = configWith({
    applications: [app('a', { retentionDays: 7 }), app('b')],
    search: { families: { a: { shards: 3 } }, defaults: { retentionDays: 20, period: 'week' } },
  });
  const family = (name: string) => config.families.find((item) => item.name === name);

  expect(family('a')).toMatchObject({ retentionDays: 7, shards: 3, period: 'week' });
  expect(family('b')).toMatchObject({ retentionDays: 20, shards: 1, period: 'week' });
});
