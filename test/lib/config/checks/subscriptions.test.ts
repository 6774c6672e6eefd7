import { problemsWith, warningsWith } from '../texts.ts';

const source = (name: string, more: object = {}) => ({ name, cluster: 'prod', kind: 'application', ...more });

describe('two filters per log group', () => {
  test.each<[string, object[], number]>([
    ['one of ours', [source('a')], 0],
    ['one of ours and one of others', [source('a', { foreignFilters: 1 })], 0],
    ['one of ours and two of others', [source('a', { foreignFilters: 2 })], 1],
    ['two of ours by two routes', [source('a', { filterPattern: 'x' }), source('b', { route: 'stream' })], 0],
    ['two of ours and one of others', [source('a', { filterPattern: 'x' }), source('b', { route: 'stream', foreignFilters: 1 })], 1],
    ['route none uses no slot', [source('a', { route: 'none', foreignFilters: 2 })], 0],
    ['a group of the account policy uses no slot', [source('a', { subscription: 'account', foreignFilters: 2 })], 0],
  ])('%s', (_name, sources, count) => {
    expect(problemsWith({ sources }).filter((problem) => problem.includes('subscription filters'))).toHaveLength(count);
  });

  test('three sources on one group are too many, whatever their clusters', () => {
    const clusters = ['a', 'b', 'c'].map((name) => ({ name }));
    const sources = ['a', 'b', 'c'].map((cluster) => source(cluster, { cluster, kind: 'logGroup', logGroup: '/shared' }));

    expect(problemsWith({ clusters, sources })).toEqual([
      expect.stringContaining('sources[2]: log group /shared would have 3 subscription filters (a, b, c)'),
    ]);
  });

  test('two sources of one route share a function that could not tell them apart', () => {
    expect(problemsWith({ sources: [source('a'), source('b', { filterPattern: 'x' })] })).toEqual([
      expect.stringContaining('sources[1]: source a already takes log group'),
    ]);
  });

  test('the same events twice is allowed and pointed out', () => {
    expect(warningsWith({ sources: [source('a'), source('b', { route: 'stream' })] })).toEqual([
      expect.stringContaining('is delivered and paid twice'),
    ]);
  });
});

describe('five filters with a regular expression per log group', () => {
  const regex = '%5[0-9]{2}%';

  test.each<[string, object[], number]>([
    ['one of ours and four of others', [source('a', { filterPattern: regex, foreignRegexFilters: 4 })], 0],
    ['one of ours and five of others', [source('a', { filterPattern: regex, foreignRegexFilters: 5 })], 1],
    ['ours has two expressions and counts once', [source('a', { filterPattern: '{ $.a = %x% && $.b = %y% }', foreignRegexFilters: 4 })], 0],
    ['ours has none', [source('a', { filterPattern: 'error', foreignRegexFilters: 5 })], 0],
    [
      'two of ours by two routes and four of others',
      [source('a', { filterPattern: regex, foreignRegexFilters: 4 }), source('b', { route: 'stream', filterPattern: '%x%' })],
      1,
    ],
    [
      'ours is delivered by the account policy',
      [source('a', { filterPattern: regex, foreignRegexFilters: 5, subscription: 'account' })],
      0,
    ],
    ['ours is not delivered', [source('a', { filterPattern: regex, foreignRegexFilters: 5, route: 'none' })], 0],
  ])('%s', (_name, sources, count) => {
    expect(problemsWith({ sources })).toEqual(
      Array(count).fill(
        expect.stringMatching(/^sources\[\d\]\.filterPattern: log group .* would have 6 filters with a regular expression/),
      ),
    );
  });

  test('a third expression in one pattern is refused by the pattern itself', () => {
    expect(problemsWith({ sources: [source('a', { filterPattern: '{ $.a = %x% && $.b = %y% && $.c = %z% }' })] })).toEqual([
      expect.stringContaining('at most 2 regular expressions'),
    ]);
  });
});

describe('one account policy', () => {
  const everything = source('all', { kind: 'logGroup', logGroup: '*', subscription: 'account' });

  test('is allowed, and a source that takes what no other names silences the warning', () => {
    expect(problemsWith({ sources: [everything] })).toEqual([]);
    expect(warningsWith({ sources: [everything] })).toEqual([]);
    expect(warningsWith({ sources: [source('a', { subscription: 'account' })] })).toEqual([
      expect.stringContaining('sends every log group of the Region'),
    ]);
  });

  test('is refused where others have one', () => {
    expect(problemsWith({ sources: [everything], accountSubscription: { foreignPolicies: 1 } })).toEqual([
      expect.stringContaining('already has a subscription policy of others'),
    ]);
  });

  test.each<[string, object]>([
    ['route', { route: 'stream' }],
    ['filterPattern', { filterPattern: 'x' }],
    ['cluster', { cluster: 'stage' }],
  ])('has one %s', (field, more) => {
    const clusters = [{ name: 'prod' }, { name: 'stage' }];

    const problems = problemsWith({ clusters, sources: [everything, source('b', { subscription: 'account', ...more })] });

    expect(problems).toEqual([expect.stringContaining(`sources[1].${field}: there is one account policy`)]);
  });

  const streamed = (name: string, logGroup: string, stream?: object) =>
    source(name, { kind: 'logGroup', logGroup, subscription: 'account', route: 'stream', ...(stream ? { stream } : {}) });

  test('has one stream, which its first source describes', () => {
    const sources = (stream?: object) => [streamed('a', '*', { retentionHours: 48, batchSize: 50 }), streamed('b', '/b', stream)];

    expect(problemsWith({ sources: sources() })).toEqual([]);
    expect(problemsWith({ sources: sources({ retentionHours: 48 }) })).toEqual([]);
    expect(problemsWith({ sources: sources({ retentionHours: 72, batchSize: 50 }) })).toEqual([
      expect.stringMatching(/^sources\[1\]\.stream\.retentionHours: .* share one stream, and source a describes it/),
    ]);
  });

  test('leaves out whole names only', () => {
    expect(problemsWith({ sources: [everything], accountSubscription: { excludeLogGroups: ['/a', '/b*'] } })).toEqual([
      expect.stringContaining('accountSubscription.excludeLogGroups[1]: the account policy leaves out groups by their whole names'),
    ]);
  });

  test('says what becomes of groups that no source names', () => {
    expect(warningsWith({ sources: [source('a', { subscription: 'account' })] })).toEqual([
      expect.stringContaining('counted as excluded under unknown-log-group and dropped'),
    ]);
  });

  test('names at most 25 KB of groups, our own among them', () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `/${String(i).padStart(4, '0')}${'x'.repeat(95)}`);
    const problems = (count: number) => problemsWith({ sources: [everything], accountSubscription: { excludeLogGroups: names(count) } });

    expect(problems(230)).toEqual([]);
    expect(problems(240)).toEqual([expect.stringMatching(/^accountSubscription\.excludeLogGroups: the selection .* bytes/)]);
  });
});
