import fc from 'fast-check';
import { ownsContainer } from '../../../../lambdas/core/index/applications.ts';
import type { ApplicationRule } from '../../../../lambdas/core/rules/rules.ts';
import { matchesWildcard } from '../../../../lambdas/core/rules/wildcard.ts';
import { type SharedRecord, sharedRecord } from '../../../../lib/config/checks/overlaps.ts';
import { commonText } from '../../../../lib/config/wildcards.ts';
import { problemsWith } from '../texts.ts';

type Match = Parameters<typeof sharedRecord>[0];

describe('two applications that could claim one record', () => {
  const apps = (left: Match, right: Match) => [
    { name: 'a', match: left },
    { name: 'b', match: right },
  ];

  test.each<[string, Match, Match, boolean]>([
    ['the same namespace', { namespace: 'x' }, { namespace: 'x' }, true],
    ['two namespaces', { namespace: 'x' }, { namespace: 'y' }, false],
    ['a namespace and a container in any namespace', { namespace: 'x' }, { container: 'c' }, true],
    ['one namespace, two containers', { namespace: 'x', container: 'c' }, { namespace: 'x', container: 'd' }, false],
    ['a wildcard over a name', { namespace: 'team-*' }, { namespace: 'team-a' }, true],
    ['wildcards that meet in the middle', { namespace: 'a*' }, { namespace: '*b' }, true],
    ['wildcards that cannot meet', { namespace: 'a*b' }, { namespace: 'a*c' }, false],
    ['a wildcard needs room for both ends', { namespace: 'ab*bc' }, { namespace: 'abc' }, false],
    ['two values of one label', { labels: { app: 'x' } }, { labels: { app: 'y' } }, false],
    ['two labels that one pod may have', { labels: { app: 'x' } }, { labels: { tier: 'y' } }, true],
    ['clusters apart', { cluster: 'prod', namespace: 'x' }, { cluster: 'stage', namespace: 'x' }, false],
    ['a cluster and all clusters', { cluster: 'prod', namespace: 'x' }, { namespace: 'x' }, true],
  ])('%s', (_name, left, right, overlaps) => {
    const problems = problemsWith({ clusters: [{ name: 'prod' }, { name: 'stage' }], applications: apps(left, right) });

    expect(problems).toEqual(overlaps ? [expect.stringContaining('applications[1].match: application a claims the same records')] : []);
  });

  test('the message shows such a record', () => {
    const [problem] = problemsWith({ applications: apps({ namespace: 'a*', labels: { app: 'x' } }, { namespace: '*b' }) });

    expect(problem).toContain('such as cluster prod, namespace ab, label app=x');
  });

  test('expressions that meet only in a name too long for Kubernetes do not overlap', () => {
    expect(problemsWith({ applications: apps({ namespace: `${'a'.repeat(40)}*` }, { namespace: `*${'b'.repeat(40)}` }) })).toEqual([]);
  });
});

const wildcard = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 7 });
const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });

describe('wildcards', () => {
  test('match what the same regular expression matches', () => {
    fc.assert(
      fc.property(wildcard, text, (expression, value) => {
        const regex = new RegExp(`^${expression.replaceAll('*', '[^]*')}$`);

        expect(matchesWildcard(expression, value)).toBe(regex.test(value));
      }),
    );
  });

  test('the common text of two is one that both match, and is as short as any', () => {
    // Every text of up to 7 letters: two expressions of at most 7 steps that meet at all meet in one of at most 14, so search there only for the shortest.
    const all = [
      '',
      ...Array.from({ length: 8 }, (_, n) => n).flatMap((n) =>
        Array.from({ length: 2 ** n }, (_, i) => i.toString(2).padStart(n, '0').slice(0, n).replaceAll('0', 'a').replaceAll('1', 'b')),
      ),
    ];
    fc.assert(
      fc.property(wildcard, wildcard, (left, right) => {
        const common = commonText(left, right);
        const shortest = all.find((value) => matchesWildcard(left, value) && matchesWildcard(right, value));

        if (common !== undefined) {
          expect(matchesWildcard(left, common)).toBe(true);
          expect(matchesWildcard(right, common)).toBe(true);
        }
        if (shortest !== undefined) expect(common?.length).toBe(shortest.length);
        else expect(common === undefined || common.length > 7).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('the order does not matter', () => {
    fc.assert(
      fc.property(wildcard, wildcard, (left, right) => {
        expect(commonText(left, right)?.length).toBe(commonText(right, left)?.length);
      }),
    );
  });

  test('long expressions of stars are decided at once', () => {
    const started = performance.now();

    expect(commonText(`${'a*'.repeat(120)}d`, `${'*b'.repeat(120)}c`)).toBeUndefined();
    expect(commonText('a*'.repeat(120), '*a'.repeat(120))).toBeDefined();
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

const part = fc.option(fc.constantFrom('a', 'b', 'a*', '*b', '*', 'ab'), { nil: undefined });
const match: fc.Arbitrary<Match> = fc
  .record({
    cluster: part,
    namespace: part,
    container: part,
    labels: fc.option(fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom('a', '*', 'b*')), { nil: undefined }),
  })
  .map((value) => value as Match);

describe('the decision', () => {
  const values = ['', 'a', 'b', 'ab', 'aa', 'bb', 'ba'];
  const clusters = ['a', 'b', 'ab'];

  // What the functions decide by.
  const claims = (m: Match, { cluster, ...identity }: SharedRecord | Omit<SharedRecord, 'pod'>): boolean =>
    ownsContainer(m as ApplicationRule['match'], cluster, identity);

  const record = fc.record({
    cluster: fc.constantFrom(...clusters),
    namespace: fc.constantFrom(...values),
    container: fc.constantFrom(...values),
    labels: fc.dictionary(fc.constantFrom('k', 'l'), fc.constantFrom(...values)),
  });

  test('is symmetric', () => {
    fc.assert(
      fc.property(match, match, (left, right) => {
        expect(sharedRecord(left, right, clusters) === undefined).toBe(sharedRecord(right, left, clusters) === undefined);
      }),
    );
  });

  test('shows a record that both really claim', () => {
    fc.assert(
      fc.property(match, match, (left, right) => {
        const shared = sharedRecord(left, right, clusters);

        if (shared) expect([claims(left, shared), claims(right, shared)]).toEqual([true, true]);
      }),
    );
  });

  test('never misses a record that two claim', () => {
    fc.assert(
      fc.property(match, match, record, (left, right, sample) => {
        if (claims(left, sample) && claims(right, sample)) expect(sharedRecord(left, right, clusters)).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });
});
