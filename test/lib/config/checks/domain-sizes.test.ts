import { maxVolumeGiB, usualVolumeGiB } from '../../../../lib/config/volume-sizes.ts';
import { BASE, problemsWith, warningsWith } from '../texts.ts';

const searchWith = (dataNodes: object, rest: object = {}) => ({ search: { ...BASE.search, domain: { dataNodes }, ...rest } });

describe('volumes', () => {
  test.each<[string, number, boolean]>([
    ['t3.small.search', 100, true],
    ['t3.small.search', 101, false],
    ['t3.medium.search', 200, true],
    ['t3.medium.search', 1000, false],
    ['m6g.large.search', 1024, true],
    ['m6g.large.search', 1025, false],
    ['c5.large.search', 257, false],
    ['r6g.12xlarge.search', 24_576, true],
  ])('of %s with %d GiB', (instanceType, volumeGiB, isTaken) => {
    const problems = problemsWith(searchWith({ instanceType, volumeGiB }));

    expect(problems).toEqual(isTaken ? [] : [`search.domain.dataNodes.volumeGiB: a node of ${instanceType} takes no volume of this size`]);
  });

  test('a type that takes gp2 only is refused, since the volume is gp3', () => {
    expect(problemsWith(searchWith({ instanceType: 'm4.large.search' }))).toEqual([
      expect.stringMatching(/^search\.domain\.dataNodes\.instanceType: this type takes no gp3 volume/),
    ]);
  });

  test('a type that the table does not have is warned of above what others of its size take', () => {
    const size = /volumeGiB: how large a volume/;
    const warnings = (volumeGiB: number) =>
      warningsWith(searchWith({ instanceType: 'or1.large.search', volumeGiB })).filter((text) => size.test(text));

    expect(maxVolumeGiB('or1.large.search')).toBeUndefined();
    expect(usualVolumeGiB('or1.large.search')).toBe(256);
    expect(usualVolumeGiB('m7g.large.search')).toBe(1024);
    expect(usualVolumeGiB('or1.16xlarge.search')).toBe(100);
    expect([warnings(256).length, warnings(257).length]).toEqual([0, 1]);
    expect(problemsWith(searchWith({ instanceType: 'or1.large.search', volumeGiB: 4000 }))).toEqual([]);
  });

  test.each(['constructor.large.search', 'm5.constructor.search', '__proto__.x.search'])('%s is no type of the table', (type) => {
    expect(maxVolumeGiB(type)).toBeUndefined();
  });
});

describe('shards', () => {
  const count = 3;

  test('an index that alone has more than the nodes may hold is refused', () => {
    expect(problemsWith(searchWith({ count }, { defaults: { shards: 1000, replicas: 5 } }))).toEqual([
      expect.stringMatching(/^search\.domain\.dataNodes\.count: one index of family .* has 6000 shards/),
    ]);
  });

  test('so are indexes that have it together on their first day', () => {
    const clusters = ['a', 'b', 'c', 'd'].map((name) => ({ name }));
    const sources = clusters.map(({ name }) => ({ name: `app-${name}`, cluster: name, kind: 'application' }));

    expect(problemsWith({ clusters, sources, ...searchWith({ count }, { defaults: { shards: 500 } }) })).toEqual([
      expect.stringMatching(/^search\.domain\.dataNodes\.count: the indexes of one day have \d{4,} shards/),
    ]);
  });

  test('indexes by the hour are 24 a day', () => {
    const hourly = (shards: number) => problemsWith(searchWith({ count }, { families: { 'eks-application': { period: 'hour', shards } } }));

    expect(hourly(62)).toEqual([]);
    expect(hourly(63)).toEqual([expect.stringMatching(/the indexes of one day have 3024 shards/)]);
  });

  test('what only grows too many with time is a warning, and larger nodes hold more', () => {
    const many = { defaults: { shards: 20, retentionDays: 365 } };

    expect(problemsWith(searchWith({ count }, many))).toEqual([]);
    expect(warningsWith(searchWith({ count }, many))).toEqual(
      expect.arrayContaining([expect.stringMatching(/shards would be open after/)]),
    );
    expect(problemsWith(searchWith({ count, instanceType: 'r7g.4xlarge.search' }, { defaults: { shards: 1000, replicas: 2 } }))).toEqual(
      [],
    );
  });
});
