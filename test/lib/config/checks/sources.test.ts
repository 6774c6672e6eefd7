import { configWith, problemsWith, warningsWith } from '../texts.ts';

const app = (more: object = {}) => ({ name: 'app', cluster: 'prod', kind: 'application', ...more });
const group = (logGroup: string, more: object = {}) => ({ name: 'own', cluster: 'prod', kind: 'logGroup', logGroup, ...more });

test.each<[string, object[], string[]]>([
  ['two sources of one name', [app(), app({ kind: 'host' })], ['sources[1].name: two sources have this name (the first is number 1)']],
  ['a cluster that is not there', [app({ cluster: 'stage' })], ['sources[0].cluster: no cluster has this name']],
  ['kind logGroup without a group', [{ name: 'own', cluster: 'prod', kind: 'logGroup' }], ['sources[0].kind: kind logGroup needs']],
  ['a group for a kind that has its own', [app({ logGroup: '/x' })], ['sources[0].logGroup: kind application has its group']],
  ['the group of the OTel variant', [app({ logGroup: '/aws/otel/containerinsights/prod/application' })], []],
  ['the group of the OTel variant for the host', [app({ kind: 'host', logGroup: '/aws/otel/containerinsights/prod/host' })], []],
  [
    'the OTel variant’s group of another cluster',
    [app({ logGroup: '/aws/otel/containerinsights/stage/application' })],
    ['sources[0].logGroup: kind application has its group, /aws/containerinsights/prod/application or, of the OTel variant, /aws/otel/'],
  ],
  [
    'a group that the OTel variant has not',
    [app({ kind: 'dataplane', logGroup: '/aws/otel/containerinsights/prod/dataplane' })],
    ['sources[0].logGroup: kind dataplane has its group, /aws/containerinsights/prod/dataplane; use'],
  ],
  ['a format for the control plane', [app({ kind: 'controlPlane', format: 'json' })], ['sources[0].format: streams of the control plane']],
  [
    'a family for the control plane',
    [app({ kind: 'controlPlane', family: 'eks-api' })],
    ['sources[0].family: streams of the control plane'],
  ],
  ['the Firehose route', [app({ route: 'firehose' })], []],
  ['the longest name of a group', [group(`/${'a'.repeat(511)}`)], []],
  ['a longer one', [group(`/${'a'.repeat(512)}`)], ['sources[0].logGroup: not a name that CloudWatch Logs allows']],
  ['a blank in a group’s name', [group('/a b')], ['sources[0].logGroup: not a name']],
  ['a name that CloudWatch keeps', [group('aws/x')], ['sources[0].logGroup: CloudWatch Logs keeps names']],
  [
    'our own functions’ logs',
    [group('/aws/lambda/eks-telemetry-prod-log-indexer-direct')],
    ['sources[0].logGroup: this group holds the logs of our own functions'],
  ],
  ['other functions’ logs', [group('/aws/lambda/shop')], []],
  ['a prefix with a filter per group', [group('/x/*')], ['sources[0].logGroup: a filter sits on one group']],
  [
    'a stream of shards without their number',
    [app({ route: 'stream', stream: { mode: 'provisioned' } })],
    ['sources[0].stream.mode: mode provisioned needs shards'],
  ],
  [
    'a number of shards without such a stream',
    [app({ route: 'stream', stream: { shards: 2 } })],
    ['sources[0].stream.shards: mode onDemand chooses'],
  ],
  ['a stream of shards', [app({ route: 'stream', stream: { mode: 'provisioned', shards: 2 } })], []],
  ['records nearly as old as the stream keeps', [app({ route: 'stream', stream: { retentionHours: 24, maximumRecordAgeHours: 23 } })], []],
  [
    'records as old as the stream keeps',
    [app({ route: 'stream', stream: { retentionHours: 24, maximumRecordAgeHours: 24 } })],
    ['sources[0].stream.maximumRecordAgeHours: the stream may forget'],
  ],
  ['the longest filter pattern', [app({ filterPattern: 'a'.repeat(1024) })], []],
  ['a longer one', [app({ filterPattern: 'a'.repeat(1025) })], ['sources[0].filterPattern: the filter pattern has 1025 characters']],
  [
    'a pattern that CloudWatch could not read',
    [app({ filterPattern: '{ $.a = }' })],
    ['sources[0].filterPattern: not a filter pattern, at its column'],
  ],
  ['two regular expressions in a pattern', [app({ filterPattern: '{ $.a = %x% || $.b = %y% }' })], []],
  ['three', [app({ filterPattern: '{ $.a = %x% || $.b = %y% || $.c = %z% }' })], ['sources[0].filterPattern: not a filter pattern']],
])('%s', (_name, sources, expected) => {
  const problems = problemsWith({ sources });

  expect(problems).toEqual(expected.map((start) => expect.stringContaining(start)));
});

test('without a search, only route none makes sense', () => {
  expect(problemsWith({ search: { mode: 'none' }, sources: [app()] })).toEqual([
    expect.stringContaining('sources[0].route: route direct writes to an index, but search.mode is none'),
  ]);
  expect(problemsWith({ search: { mode: 'none' }, sources: [app({ route: 'none' })] })).toEqual([]);
});

test('settings of a stream that there is not are pointed out', () => {
  expect(warningsWith({ sources: [app({ stream: { batchSize: 7 } })] })).toEqual([
    expect.stringContaining('sources[0].stream: route direct has no stream'),
  ]);
});

test.each<[string, object, number]>([
  ['by default an hour less than the stream keeps', {}, 23],
  ['with a longer retention likewise', { retentionHours: 72 }, 71],
  ['but never more than Lambda allows', { retentionHours: 8760 }, 168],
  ['as given', { retentionHours: 72, maximumRecordAgeHours: 5 }, 5],
])('the age of a record that is given up: %s', (_name, stream, hours) => {
  expect(configWith({ sources: [app({ route: 'stream', stream })] }).sources[0]?.stream.maximumRecordAgeHours).toBe(hours);
});

test.each<[object, RegExp | undefined]>([
  [{}, undefined],
  [
    { maximumRetryAttempts: 10 },
    /^sources\[0\]\.stream\.maximumRetryAttempts: when the search is away for more than about 22 minutes, .* -1 retries/,
  ],
  [{ maximumRetryAttempts: 10_000 }, undefined],
])('attempts %j', (stream, warning) => {
  const found = warningsWith({ sources: [app({ route: 'stream', stream })] });
  expect(found).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
});
