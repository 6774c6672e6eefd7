import { bucketNameProblem } from '../../../../lib/config/bucket-names.ts';
import { problemsWith } from '../texts.ts';

const ROLE = 'arn:aws:iam::111122223333:role';

describe('names of buckets', () => {
  test.each([
    'sthree-foo',
    'amzn-s3-demo-x',
    '192.168.5.4',
    'logs-s3alias',
    'logs--ol-s3',
    'logs.mrap',
    'logs--x-s3',
    'logs--table-s3',
    'xn--logs',
    'foo.-bar',
    'foo-.bar',
    'foo..bar',
    'Foo',
    'ab',
    'a'.repeat(64),
    '-ab',
    'ab.',
  ])('%s is refused wherever it stands', (name) => {
    const collect = { sinks: { s3: { bucket: name } } };
    const application = { name: 'a', match: { namespace: 'n' }, collect };

    expect(problemsWith({ loadBalancers: { bucket: { name } } })).toEqual([expect.stringMatching(/^loadBalancers\.bucket\.name: .*S3/)]);
    expect(problemsWith({ athena: { costReport: { table: 'a.b', bucket: name } } })).toEqual([
      expect.stringMatching(/^athena\.costReport\.bucket: .*S3/),
    ]);
    expect(problemsWith({ applications: [application] })).toEqual([
      expect.stringMatching(/^applications\[0\]\.collect\.sinks\.s3\.bucket: .*S3/),
    ]);
  });

  test.each(['abc', 'my.logs-1', '1.2.3', 'a'.repeat(63), 'x--y', 'sthree', 'mrap'])('%s is taken', (name) => {
    expect(bucketNameProblem(name)).toBeUndefined();
  });

  test.each(['sthree', 'amzn-s3-demo', 'sthree-configurator'])('a prefix %s would start names that S3 keeps for itself', (prefix) => {
    expect(problemsWith({ prefix })).toEqual([expect.stringMatching(/^prefix: S3 keeps names that start with .*-dead-letters-/)]);
  });
});

test('IAM takes no two tags that differ in case only', () => {
  expect(problemsWith({ tags: { Team: 'a', team: 'b' } })).toEqual([
    'tags.team: ' + 'IAM takes no two tags whose names differ in upper and lower case only, and Team stands before it',
  ]);
  expect(problemsWith({ tags: { Team: 'a', teams: 'b' } })).toEqual([]);
});

test.each<[string, { [tag: string]: string }]>([
  ['a name of 129 characters', { ['n'.repeat(129)]: 'x' }],
  ['a value of 257 characters', { n: 'x'.repeat(257) }],
  ['a name of AWS', { 'AWS:x': 'x' }],
])('of tags, %s is refused', (_name, tags) => {
  expect(problemsWith({ tags })).toHaveLength(1);
});

describe('principals', () => {
  const places: [string, (arn: string) => { [member: string]: unknown }][] = [
    ['delivery.deadLetters.readers', (arn) => ({ delivery: { deadLetters: { readers: [arn] } } })],
    ['archive.readers', (arn) => ({ archive: { readers: [arn] } })],
    ['search.access.admins.roles', (arn) => ({ search: { access: { admins: { roles: [arn] } } } })],
    [
      'search.access.readers',
      (arn) => ({ search: { access: { admins: { roles: [`${ROLE}/x`] }, readers: [{ family: '*', roles: [arn] }] } } }),
    ],
    [
      'applications[0].collect.sinks',
      (arn) => ({ applications: [{ name: 'a', match: { namespace: 'n' }, collect: { sinks: { s3: { bucket: 'abc', roleArn: arn } } } }] }),
    ],
  ];

  test.each(places)('of %s: another partition, a name too long and no name are refused', (field, membersOf) => {
    for (const arn of ['arn:aws-cn:iam::111122223333:role/a', `${ROLE}/${'a'.repeat(65)}`, `${ROLE}/a/`, `${ROLE}//a`, `${ROLE}/`]) {
      const problems = problemsWith(membersOf(arn));
      expect([arn, problems.length, problems[0]?.startsWith(field)]).toEqual([arn, 1, true]);
    }
    for (const arn of [`${ROLE}/${'a'.repeat(64)}`, `${ROLE}/p/q/${'a'.repeat(64)}`])
      expect([arn, problemsWith(membersOf(arn))]).toEqual([arn, []]);
  });

  test('an exclusion may ask for an ARN of any partition', () => {
    const exclusions = [{ name: 'x', when: [{ field: 'arn', equals: 'arn:aws-cn:iam::111122223333:role/a' }] }];

    expect(problemsWith({ applications: [{ name: 'a', match: { namespace: 'n' }, exclusions }] })).toEqual([]);
  });

  test('a partition fits the Region, whichever it is', () => {
    const chinese = 'arn:aws-cn:iam::111122223333:role/a';
    const search = { access: { admins: { roles: [chinese] } } };

    expect(problemsWith({ region: 'cn-north-1', search, delivery: { deadLetters: { readers: [chinese] } } })).toEqual([]);
  });
});

test.each(['x', 'alias', '11111111-2222-3333-4444', 'mrk-1', '11111111-2222-3333-4444-55555555555g'])('no KMS key has the id %s', (id) => {
  const arn = `arn:aws:kms:us-east-1:111122223333:key/${id}`;

  expect(problemsWith({ kms: { mode: 'arn', arn } })).toEqual([expect.stringMatching(/^kms\.arn: not the ARN of a KMS key/)]);
});

test('a key of several Regions is one', () => {
  const arn = 'arn:aws:kms:us-east-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef';

  expect(problemsWith({ kms: { mode: 'arn', arn } })).toEqual([]);
});
