import { RETENTION_DAYS } from '../../../lib/config/schema-names.ts';
import { problemsWith, setting } from './texts.ts';

/** A field and values around its limit: what is taken, what is refused. */
const CLUSTER = ['clusters', 0] as const;
const SOURCE = ['sources', 0] as const;
const STREAM = [...SOURCE, 'stream'] as const;
const DOMAIN = ['search', 'domain'] as const;
const ADMINS = ['search', 'access', 'admins', 'roles'] as const;

test.each<[readonly (string | number)[], readonly unknown[], readonly unknown[]]>([
  [['version'], [1], [0, 2, '1']],
  [['account'], ['111122223333', '000000000000'], ['11112222333', '1111222233334', '11112222333a', 111122223333, null]],
  [['region'], ['us-east-1', 'ap-northeast-2', 'us-gov-west-1', 'cn-north-1'], ['us-east', 'US-EAST-1', 'useast1', 'us-east-0', '']],
  [['prefix'], ['a', 'eks-telemetry', 'a'.repeat(20)], ['', 'a'.repeat(21), 'A', '1a', 'a-', 'a--b', '-a', 'a_b']],
  [
    [...CLUSTER, 'name'],
    ['prod', 'P', '0', 'a_b-c', 'a'.repeat(100)],
    ['', 'a'.repeat(101), '-a', '_a', 'a b', 'a.b', 'ä'],
  ],
  [
    [...CLUSTER, 'indexName'],
    ['prod', 'a.b', 'a_b-c', '0'],
    ['Prod', '-a', '_a', '+a', 'a-', 'a/b', 'a*', 'a b', ''],
  ],
  [
    [...CLUSTER, 'kubernetesVersion'],
    ['1.28', '1.33'],
    ['1.3', '1.333', '33', 'v1.33', 1.33],
  ],
  [[...CLUSTER, 'retentionDays', 'host'], RETENTION_DAYS, [0, 2, 4, 15, 31, 3652, 3654, -1, 7.5, '14']],
  [
    [...CLUSTER, 'controlPlane', 'logTypes'],
    [['audit'], ['api', 'scheduler']],
    [[], ['Audit'], 'audit'],
  ],
  [
    [...CLUSTER, 'controlPlane', 'updateTimeoutMinutes'],
    [5, 55],
    [4, 56, 5.5],
  ],
  [
    [...SOURCE, 'route'],
    ['direct', 'stream', 'none'],
    ['kinesis', 'Direct'],
  ],
  [
    [...SOURCE, 'foreignFilters'],
    [0, 1],
    [-1, 6, 0.5],
  ],
  [
    [...STREAM, 'retentionHours'],
    [24, 8760],
    [23, 8761],
  ],
  [
    [...STREAM, 'batchSize'],
    [1, 10_000],
    [0, 10_001],
  ],
  [
    [...STREAM, 'batchWindowSeconds'],
    [0, 300],
    [-1, 301],
  ],
  [
    [...STREAM, 'parallelizationFactor'],
    [1, 10],
    [0, 11],
  ],
  [
    [...STREAM, 'maximumRetryAttempts'],
    [-1, 0, 10_000],
    [-2, 10_001],
  ],
  [
    [...STREAM, 'maximumRecordAgeHours'],
    [1, 23],
    [0, 169],
  ],
  [
    [...DOMAIN, 'name'],
    ['abc', 'a'.repeat(28), 'a-1'],
    ['ab', 'a'.repeat(29), 'Abc', '1bc', 'a_c'],
  ],
  [
    [...DOMAIN, 'version'],
    ['2.19', '3.1', '3.3', '3.5', '3.7'],
    ['2.17', '3.2', 3.5, 'OpenSearch_3.5'],
  ],
  [
    [...DOMAIN, 'zones'],
    [1, 3],
    [0, 4],
  ],
  [
    [...DOMAIN, 'dataNodes', 'volumeGiB'],
    [10, 24_576],
    [9, 24_577],
  ],
  [
    [...DOMAIN, 'dataNodes', 'instanceType'],
    ['m7g.large.search', 't3.small.search'],
    ['m7g.large', 'm7g.large.elasticsearch', 'm7g'],
  ],
  [
    [...ADMINS, 0],
    ['arn:aws:iam::111122223333:role/a', 'arn:aws:iam::111122223333:role/path/a'],
    ['arn:aws:iam::111122223333:user/a', 'arn:aws:sts::111122223333:assumed-role/a/b', 'a', 'arn:aws:iam::1111:role/a'],
  ],
  [
    ['delivery', 'memoryMb'],
    [256, 10_240],
    [255, 10_241],
  ],
  [
    ['delivery', 'timeoutSeconds'],
    [30, 900],
    [29, 901],
  ],
  [
    ['delivery', 'bulk', 'maxBytes'],
    [102_400, 100 * 1024 * 1024],
    [102_399, 100 * 1024 * 1024 + 1],
  ],
  [
    ['delivery', 'direct', 'maximumRetryAttempts'],
    [0, 2],
    [-1, 3],
  ],
  [
    ['delivery', 'direct', 'maximumEventAgeHours'],
    [1 / 60, 6],
    [0.016, 6.1],
  ],
  [
    ['archive', 'bufferMiB'],
    [64, 128],
    [63, 129],
  ],
  [
    ['archive', 'bufferSeconds'],
    [60, 900],
    [59, 901],
  ],
  [['archive', 'infrequentAccessDays'], [30], [29]],
  [
    ['archive', 'transform', 'bufferMiB'],
    [0.2, 3],
    [0.1, 3.1],
  ],
  [
    ['archive', 'transform', 'timeoutSeconds'],
    [30, 300],
    [29, 301],
  ],
  [
    ['delivery', 'firehose', 'bufferMiB'],
    [1, 100],
    [0, 101],
  ],
  [
    ['delivery', 'firehose', 'retrySeconds'],
    [0, 7200],
    [-1, 7201],
  ],
  [['alarms', 'enabled'], [false, true], ['yes']],
  [
    ['alarms', 'warmUp'],
    ['1m', '2d'],
    ['15', '0m', 15],
  ],
  [
    ['slack', 'route', 'groupWaitSeconds'],
    [0, 900],
    [-1, 901, 0.5],
  ],
  [
    ['slack', 'language'],
    ['en', 'ko'],
    ['de', 1],
  ],
  [
    ['accountSubscription', 'foreignPolicies'],
    [0, 1],
    [-1, 2],
  ],
])('%j takes what AWS takes, up to the boundary and not beyond', (path, taken, refused) => {
  const own = (value: unknown): string[] => problemsWith(setting(path, value)).filter((problem) => problem.startsWith(fieldOf(path)));

  for (const value of taken) expect([value, own(value)]).toEqual([value, []]);
  for (const value of refused) expect([value, own(value).length > 0]).toEqual([value, true]);
});

function fieldOf(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
