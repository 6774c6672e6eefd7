import { problemsWith, warningsWith } from '../texts.ts';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555';

describe('keys', () => {
  test.each<[string, unknown, string | undefined]>([
    ['a key of the same account and Region is taken', { mode: 'arn', arn: KEY }, undefined],
    ['mode arn needs a key', { mode: 'arn' }, 'kms: mode arn needs the key'],
    ['a key without mode arn is not used, so it is a mistake', { arn: KEY }, 'kms.arn: mode own does not use'],
    ['a key of another Region', { mode: 'arn', arn: KEY.replace('us-east-1', 'us-west-2') }, 'kms.arn: CloudWatch Logs takes keys of'],
    [
      'a key of another account',
      { mode: 'arn', arn: KEY.replace('111122223333', '444455556666') },
      'kms.arn: CloudWatch Logs takes keys of',
    ],
    ['a key of another partition', { mode: 'arn', arn: KEY.replace('arn:aws:', 'arn:aws-cn:') }, 'kms.arn: CloudWatch Logs takes keys of'],
    ['an alias', { mode: 'arn', arn: 'arn:aws:kms:us-east-1:111122223333:alias/logs' }, 'kms.arn: not the ARN of a KMS key'],
  ])('%s', (_name, kms, expected) => {
    const problems = problemsWith({ kms });

    expect(problems[0]?.slice(0, expected?.length)).toBe(expected);
  });
});

describe('tags', () => {
  test.each<[string, { [tag: string]: string }, number]>([
    ['letters of any script, digits and some signs are taken', { 'Größe:a/b=+-@_.': 'wert 7' }, 0],
    ['aws: is AWS’s own', { 'aws:name': 'x' }, 1],
    ['a sign that AWS refuses', { 'a|b': 'x' }, 1],
    ['a sign that AWS refuses in the value', { a: 'x;y' }, 1],
    ['fifty tags', Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, 'x'])), 0],
    ['fifty-one tags', Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`t${i}`, 'x'])), 1],
  ])('%s', (_name, tags, count) => {
    expect(problemsWith({ tags })).toHaveLength(count);
  });
});

describe('names that are derived', () => {
  test('a prefix that fits S3 in one Region may be too long in another', () => {
    const prefix = 'a'.repeat(20);
    const search = { access: { admins: { roles: ['arn:aws-us-gov:iam::111122223333:role/admin'] } } };

    expect(problemsWith({ prefix, region: 'us-east-1' })).toEqual([]);
    expect(problemsWith({ prefix, region: 'us-gov-northwest-1', search })).toEqual([
      expect.stringMatching(/^prefix: the dead-letter bucket would be .* 65 characters/),
    ]);
  });
});

describe('prices', () => {
  test('a known name and an instance type may be overridden', () => {
    expect(problemsWith({ prices: { 'us-east-1': { logsIngestionPerGb: 0.4, 'm7g.xlarge.search': 0.2 } } })).toEqual([]);
  });

  test('an unknown name names the nearest one', () => {
    expect(problemsWith({ prices: { 'us-east-1': { logIngestionPerGb: 0.4 } } })).toEqual([
      expect.stringContaining('did you mean logsIngestionPerGb?'),
    ]);
  });

  test('prices of another Region are pointed out: they are not used', () => {
    expect(warningsWith({ prices: { 'eu-west-1': { logsIngestionPerGb: 0.4 } } })).toEqual([expect.stringContaining('are not used')]);
  });
});

test('both ways of collecting metrics are there', () => {
  expect(problemsWith({ collection: { metrics: 'otel' } })).toEqual([]);
});
