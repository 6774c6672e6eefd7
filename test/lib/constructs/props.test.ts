import { Duration, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BundledFunction } from '../../../lib/constructs/bundled-function.ts';
import { CustomResourceProvider } from '../../../lib/constructs/custom-resource-provider.ts';
import { DirectRoute } from '../../../lib/constructs/direct-route.ts';
import { LogIndexer } from '../../../lib/constructs/log-indexer.ts';
import { SearchDomain, type SearchDomainProps } from '../../../lib/constructs/search-domain.ts';
import { existingSearch } from '../../../lib/constructs/search-target.ts';
import { StreamRoute, type StreamRouteProps } from '../../../lib/constructs/stream-route.ts';
import { makeApp } from '../../support/synth.ts';

const place = { partition: 'aws', region: 'us-east-1', account: '111122223333' };

function stack(): Stack {
  return new Stack(makeApp(), 'Test', { env: place });
}

function indexer(scope: Stack): LogIndexer {
  return new LogIndexer(scope, 'Indexer', {
    projectRoot: process.cwd(),
    functionName: 'indexer',
    roleName: 'indexer',
    route: 'stream',
    rules: {
      account: '111122223333',
      region: 'us-east-1',
      sources: [],
      applications: [],
      families: {},
      redaction: { builtin: [], fields: [], patterns: [] },
      timeBounds: { backMs: 1, aheadMs: 1 },
    },
    search: existingSearch('https://logs.example.com', place),
    deadLetters: { bucketName: 'dead-letters', encryptionKey: new Key(scope, 'Key') },
    bulk: { maxBytes: 1, maxDocuments: 1, gzip: false },
    memoryMb: 256,
    timeout: Duration.minutes(1),
  });
}

describe('stream route', () => {
  const good = {
    streamName: 's',
    retention: Duration.hours(24),
    batchSize: 100,
    batchWindow: Duration.seconds(5),
    parallelizationFactor: 1,
    maximumRetryAttempts: 10,
    maximumRecordAge: Duration.hours(12),
    failureBucketArn: 'arn:aws:s3:::dead-letters',
  };

  test.each<[Partial<StreamRouteProps>, string]>([
    [{ batchSize: 0 }, 'Test/Route: batchSize must be a whole number of 1 to 10000, got 0'],
    [{ batchWindow: Duration.seconds(301) }, 'batchWindow in seconds must be a whole number of 0 to 300, got 301'],
    [{ parallelizationFactor: 11 }, 'parallelizationFactor must be a whole number of 1 to 10, got 11'],
    [{ maximumRetryAttempts: -2 }, 'maximumRetryAttempts must be a whole number of -1 to 10000, got -2'],
    [{ maximumRecordAge: Duration.days(8) }, 'maximumRecordAge in seconds must be a whole number of 60 to 604800'],
    [{ retention: Duration.hours(12) }, 'retention in hours must be a whole number of 24 to 8760, got 12'],
    [{ shards: 0 }, 'shards must be a whole number of 1 to 20000, got 0'],
    [{ maximumRecordAge: Duration.hours(24) }, 'maximumRecordAge (1 day) must be less than retention (1 day): Lambda never sees'],
  ])('refuses %j', (changes, message) => {
    const scope = stack();

    expect(() => new StreamRoute(scope, 'Route', { ...good, indexer: indexer(scope), ...changes })).toThrow(message);
  });
});

describe('direct route', () => {
  const good = { maximumRetryAttempts: 2, maximumEventAge: Duration.hours(6), failureBucketArn: 'arn:aws:s3:::dead-letters' };

  test.each([
    [{ maximumRetryAttempts: 3 }, 'Test/Route: maximumRetryAttempts must be 0, 1 or 2, got 3'],
    [{ maximumEventAge: Duration.hours(7) }, 'maximumEventAge must be 1 minute to 6 hours, got 7 hours'],
    [{ maximumEventAge: Duration.seconds(30) }, 'maximumEventAge must be 1 minute to 6 hours, got 30 seconds'],
  ])('refuses %j', (changes, message) => {
    const scope = stack();

    expect(() => new DirectRoute(scope, 'Route', indexer(scope), { ...good, ...changes })).toThrow(message);
  });
});

describe('search domain', () => {
  const nodes = { instanceType: 'm7g.large.search', count: 3 };
  const good: SearchDomainProps = {
    domainName: 'logs',
    version: '3.5',
    dataNodes: { ...nodes, volumeGiB: 100, iops: 3000, throughput: 125 },
    zones: 3,
    cold: false,
    masterUserArn: 'arn:aws:iam::111122223333:role/setup',
  };

  test.each<[Partial<SearchDomainProps>, string]>([
    [{ domainName: 'Logs' }, 'Test/Search: domainName must be 3 to 28 of a-z 0-9 -, starting with a letter, got "Logs"'],
    [{ zones: 4 }, 'zones must be 1, 2 or 3, got 4'],
    [{ zones: 2 }, 'dataNodes.count must be a multiple of zones (2), got 3'],
    [{ warm: nodes }, 'warm nodes need dedicated masters'],
    [{ cold: true }, 'cold storage needs warm nodes'],
    [{ network: { subnets: [], securityGroups: [] } }, 'a domain in 3 zones needs a subnet in each, got 0'],
  ])('refuses %j', (changes, message) => {
    expect(() => new SearchDomain(stack(), 'Search', { ...good, ...changes })).toThrow(message);
  });

  test('lets unsigned browsers reach fine-grained access control only where people sign in by SAML', () => {
    const saml = { entityId: 'https://idp.example.com', metadata: '<EntityDescriptor/>' };
    const policyOf = (changes: Partial<SearchDomainProps>) => {
      const { domain } = new SearchDomain(stack(), 'Search', { ...good, ...changes });
      return Stack.of(domain).resolve(domain.accessPolicies).Statement[0].Principal.AWS;
    };

    expect(policyOf({})).toBe('arn:aws:iam::111122223333:root');
    expect(policyOf({ saml })).toBe('*');
  });
});

test('the provider framework waits an hour at most', () => {
  const scope = stack();
  const onEvent = new BundledFunction(scope, 'F', {
    projectRoot: '.',
    functionName: 'f',
    entry: 'lambdas/log-group-setup.ts',
    description: 'x',
  });

  expect(() => new CustomResourceProvider(scope, 'Provider', { name: 'p', onEvent, totalTimeout: Duration.minutes(61) })).toThrow(
    'Test/Provider: totalTimeout must be at most an hour, got 1 hour 1 minute',
  );
});

test.each([
  ['https://search-logs-abcdefghijklmnopqrstuvwxyz.us-east-1.es.amazonaws.com', 'domain/logs', true],
  ['https://vpc-my-logs-abcdefghijklmnopqrstuvwxyz.eu-west-1.es.amazonaws.com', 'eu-west-1:111122223333:domain/my-logs', true],
  ['https://logs.example.com', 'us-east-1:111122223333:domain/*', false],
])('reads the domain of %s from its host', (endpoint, arn, isExactDomain) => {
  const target = existingSearch(endpoint, place);

  expect(target.domainArn).toContain(arn);
  expect(target.isExactDomain).toBe(isExactDomain);
});
