import { gp3Limits } from '../../../../lib/config/instances.ts';
import { configWith, problemsWith, warningsWith } from '../texts.ts';

const ADMINS = { admins: { roles: ['arn:aws:iam::111122223333:role/a'] } };
const domain = (settings: object) => ({ search: { domain: settings, access: ADMINS } });

test.each<[string, object, string[]]>([
  ['the defaults', {}, []],
  ['three masters', { masterNodes: { count: 3 } }, []],
  ['five masters', { masterNodes: { count: 5 } }, []],
  ['one master', { masterNodes: { count: 1 } }, ['search.domain.masterNodes.count: dedicated masters vote']],
  ['four masters', { masterNodes: { count: 4 } }, ['search.domain.masterNodes.count: dedicated masters vote']],
  ['a zone without a node', { zones: 3, dataNodes: { count: 2 } }, ['search.domain.dataNodes.count: every zone needs a data node']],
  ['two zones and two nodes', { zones: 2, dataNodes: { count: 2 } }, []],
  ['two zones and three nodes', { zones: 2, dataNodes: { count: 3 } }, ['search.domain.dataNodes.count: two zones need an even number']],
  ['one zone and one node', { zones: 1, dataNodes: { count: 1 } }, []],
  ['warm without masters', { warm: {} }, ['search.domain.warm: warm storage needs dedicated masters']],
  ['warm with masters', { warm: {}, masterNodes: {} }, []],
  ['one warm node', { warm: { count: 1 }, masterNodes: {} }, ['search.domain.warm.count: the number is too small']],
  [
    'warm behind T instances',
    { warm: {}, masterNodes: {}, dataNodes: { instanceType: 't3.medium.search' } },
    ['search.domain.warm: warm storage cannot be combined with T'],
  ],
  ['cold without warm', { cold: true }, ['search.domain.cold: indexes go to cold storage from warm']],
  ['ten T nodes', { zones: 1, dataNodes: { instanceType: 't3.small.search', count: 10 } }, []],
  [
    'eleven T nodes',
    { zones: 1, dataNodes: { instanceType: 't3.small.search', count: 11 } },
    ['search.domain.dataNodes.count: a domain of T instances is small'],
  ],
  [
    'a family of instances that there is not',
    { dataNodes: { instanceType: 'm77g.large.search' } },
    ['search.domain.dataNodes.instanceType: OpenSearch Service has no instances of family m77g; did you mean'],
  ],
  [
    'local disks',
    { dataNodes: { instanceType: 'i3.large.search' } },
    ['search.domain.dataNodes.instanceType: this family has local disks'],
  ],
  [
    'no encryption at rest',
    { dataNodes: { instanceType: 't2.small.search' } },
    ['search.domain.dataNodes.instanceType: this family cannot encrypt'],
  ],
  ['as many subnets as zones', { zones: 2, dataNodes: { count: 2 }, vpc: vpc(2) }, []],
  ['a subnet short', { zones: 3, vpc: vpc(2) }, ['search.domain.vpc.subnetIds: a domain takes one subnet per zone']],
  [
    'a subnet twice',
    { zones: 2, dataNodes: { count: 2 }, vpc: { ...vpc(2), subnetIds: ['subnet-00000001', 'subnet-00000001'] } },
    ['search.domain.vpc.subnetIds: a subnet stands in the list twice'],
  ],
])('a domain: %s', (_name, settings, expected) => {
  expect(problemsWith(domain(settings))).toEqual(expected.map((start) => expect.stringContaining(start)));
});

function vpc(subnets: number): object {
  return { vpcId: 'vpc-00000001', subnetIds: Array.from({ length: subnets }, (_, i) => `subnet-0000000${i}`) };
}

describe('gp3 volumes', () => {
  test.each<[number, number, number]>([
    [169, 3000, 125],
    [170, 3000, 250],
    [1024, 3000, 250],
    [1025, 3075, 250],
    [3072, 9216, 250],
    [3073, 9219, 500],
    [24_576, 16_000, 1000],
  ])('%d GiB include %d IOPS and %d MiB/s, which is what a config gets that says nothing', (volumeGiB, iops, throughput) => {
    expect(gp3Limits(volumeGiB)).toMatchObject({ minIops: iops, minThroughput: throughput });
    expect(configWith(domain({ dataNodes: { volumeGiB } })).search.domain.dataNodes).toMatchObject({ iops, throughput });
  });

  test.each<[string, object, string[]]>([
    ['less throughput than included', { volumeGiB: 170, throughput: 249 }, ['throughput: gp3 refuses']],
    ['what is included', { volumeGiB: 170, throughput: 250 }, []],
    ['fewer IOPS than included', { volumeGiB: 2000, iops: 5999 }, ['iops: gp3 refuses']],
    ['a quarter of the IOPS', { volumeGiB: 500, iops: 4000, throughput: 1000 }, []],
    ['more than a quarter', { volumeGiB: 500, iops: 4000, throughput: 1001 }, ['throughput: gp3 gives at most a quarter']],
    ['500 IOPS per GiB', { volumeGiB: 10, iops: 5000 }, []],
    ['more', { volumeGiB: 10, iops: 5001 }, ['iops: gp3 refuses']],
  ])('%s', (_name, dataNodes, expected) => {
    expect(problemsWith(domain({ dataNodes }))).toEqual(expected.map((part) => expect.stringContaining(`search.domain.dataNodes.${part}`)));
  });
});

describe('requests', () => {
  const MIB = 1024 * 1024;

  test.each<[string, object, number, boolean]>([
    ['a small instance takes 10 MiB', { domain: { dataNodes: { instanceType: 't3.medium.search' } } }, 10 * MIB, true],
    ['and no more', { domain: { dataNodes: { instanceType: 't3.medium.search' } } }, 10 * MIB + 1, false],
    ['m6g.large is small', { domain: { dataNodes: { instanceType: 'm6g.large.search' } } }, 11 * MIB, false],
    ['m6g.xlarge is not', { domain: { dataNodes: { instanceType: 'm6g.xlarge.search' } } }, 100 * MIB, true],
    ['or1.medium is small', { domain: { dataNodes: { instanceType: 'or1.medium.search' } } }, 11 * MIB, false],
    ['m7g.large takes 100 MiB', { domain: { dataNodes: { instanceType: 'm7g.large.search' } } }, 100 * MIB, true],
    ['an unknown domain takes 10 MiB', { mode: 'existing', endpoint: 'https://search.example.com' }, 10 * MIB + 1, false],
    [
      'a known one what it takes',
      { mode: 'existing', endpoint: 'https://search.example.com', existing: { instanceType: 'r6g.large.search' } },
      11 * MIB,
      true,
    ],
  ])('%s', (_name, search, maxBytes, isTaken) => {
    expect(problemsWith({ search, delivery: { memoryMb: 1024, bulk: { maxBytes } } }).length === 0).toBe(isTaken);
  });
});

describe('an existing domain', () => {
  test.each<[unknown, boolean]>([
    ['https://search.example.com', true],
    ['https://search.example.com:9200', true],
    ['http://search.example.com', false],
    ['https://search.example.com/', false],
    ['https://search.example.com/path', false],
    ['https://user:secret@search.example.com', false],
    ['https://search.example.com?x=1', false],
    ['search.example.com', false],
    ['https://', false],
    ['https://x.us-east-1.aoss.amazonaws.com', false],
    [undefined, false],
  ])('endpoint %s', (endpoint, isTaken) => {
    expect(problemsWith({ search: { mode: 'existing', ...(endpoint === undefined ? {} : { endpoint }) } }).length === 0).toBe(isTaken);
  });

  test('an endpoint beside a managed domain is a mistake', () => {
    expect(problemsWith({ search: { endpoint: 'https://search.example.com' } })).toEqual([
      expect.stringContaining('mode managed has no endpoint of yours'),
    ]);
  });
});

describe('an existing domain inside a VPC', () => {
  const endpoint = 'https://vpc-logs-abcdefghijklmnopqrstuvwxyz.us-east-1.es.amazonaws.com';
  const network = { vpcId: 'vpc-00000001', subnetIds: ['subnet-00000001'], securityGroupIds: ['sg-00000001'] };
  const existing = (more: object) => ({ search: { mode: 'existing', endpoint, existing: { vpc: { ...network, ...more } } } });

  test.each<[string, { [member: string]: unknown }, string[]]>([
    ['with its network', existing({}), []],
    ['that nothing would reach', { search: { mode: 'existing', endpoint } }, ['search.endpoint: this host answers inside its VPC only']],
    [
      'without a security group that it could let in',
      existing({ securityGroupIds: [] }),
      // The broken part is taken out, so that the check of the host does not complain as well.
      ['search.existing.vpc.securityGroupIds: nothing stands here'],
    ],
    [
      'with a subnet twice',
      existing({ subnetIds: ['subnet-00000001', 'subnet-00000001'] }),
      ['search.existing.vpc.subnetIds: a subnet stands in the list twice'],
    ],
    [
      'with 17 subnets',
      existing({ subnetIds: Array.from({ length: 17 }, (_, i) => `subnet-000000${10 + i}`) }),
      ['subnetIds: the list is too long'],
    ],
  ])('%s', (_name, members, expected) => {
    expect(problemsWith(members)).toEqual(expected.map((part) => expect.stringContaining(part)));
  });

  test('settings of a domain that this app makes itself are not used', () => {
    expect(warningsWith({ search: { access: ADMINS, existing: { vpc: network } } })).toEqual([
      expect.stringContaining('search.existing: mode managed has no domain of others'),
    ]);
  });
});

describe('warnings', () => {
  test.each<[string, object, string[]]>([
    ['three of everything', {}, []],
    ['one zone', { zones: 1 }, ['in one zone the search is away']],
    [
      'one node and a replica',
      { zones: 1, dataNodes: { count: 1 } },
      ['1 replicas and their primary need 2 data nodes; the domain would stay yellow', 'in one zone'],
    ],
    ['zones of unequal size', { dataNodes: { count: 4 } }, ['do not divide by three zones']],
  ])('%s', (_name, settings, expected) => {
    expect(warningsWith(domain(settings)).sort()).toEqual(expected.map((part) => expect.stringContaining(part)));
  });

  test('nobody who may sign in', () => {
    expect(warningsWith({ search: {} })).toEqual([expect.stringContaining('nobody is an administrator')]);
  });

  test('no replica', () => {
    expect(warningsWith({ search: { access: ADMINS, defaults: { replicas: 0 } } })).toEqual([
      expect.stringContaining('search.defaults.replicas: family'),
    ]);
  });

  test('more shards than the nodes may hold', () => {
    expect(
      warningsWith({
        search: { access: ADMINS, defaults: { period: 'hour', retentionDays: 90 } },
        clusters: [
          { name: 'prod', kubernetesVersion: '1.33', logGroups: { deletionProtection: true }, retentionDays: { application: 90 } },
        ],
      }),
    ).toEqual([expect.stringMatching(/about 4322 shards would be open/)]);
  });

  test('a function too small for its requests, and dead letters that are gone before the mend', () => {
    const bulk = { maxBytes: 50 * 1024 * 1024 };

    expect(warningsWith({ delivery: { memoryMb: 349, bulk } })).toEqual([
      expect.stringContaining('delivery.memoryMb: a function of this size may run out'),
    ]);
    expect(warningsWith({ delivery: { memoryMb: 350, bulk } })).toEqual([]);
    expect(warningsWith({ delivery: { deadLetters: { retentionDays: 6 } } })).toEqual([
      expect.stringContaining('gone before a week is over'),
    ]);
  });
});
