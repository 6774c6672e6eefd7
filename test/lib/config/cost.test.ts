import { estimateCost } from '../../../lib/config/cost.ts';
import { hotDiskGiB } from '../../../lib/config/cost-search.ts';
import { isPricedRegion, nodeHourPrice, PRICES, type PriceName, priceOf } from '../../../lib/config/prices.ts';
import { configWith } from './texts.ts';

const source = (more: object = {}) => ({ name: 'app', cluster: 'prod', kind: 'application', ...more });

/** USD a month by item of one source. */
function usdOf(members: { [member: string]: unknown }, name = 'app'): { [item: string]: number | undefined } {
  const { lines } = estimateCost(configWith(members));
  return Object.fromEntries(
    lines.filter((line) => line.source === name).map(({ item, usd }) => [item, usd === undefined ? undefined : Number(usd.toFixed(2))]),
  );
}

describe('the cost of a source', () => {
  test('direct: ingestion, storage of a full retention, the function, its metrics', () => {
    expect(usdOf({ sources: [source({ volume: { gbPerDay: 24 } })] })).toEqual({
      'CloudWatch Logs ingestion': 365, // 24 GB a day are 730 GB in 730 hours, at 0.50
      'CloudWatch Logs storage': 3.24, // 24 x 30 days x 0.15 x 0.03
      'Lambda requests': 0.29,
      'Lambda duration': 0.56,
      'Metrics of the source': 2.7,
    });
  });

  test('events a second add 26 bytes each', () => {
    const cost = usdOf({ sources: [source({ volume: { gbPerDay: 0, eventsPerSecond: 1000 } })] });

    expect(cost['CloudWatch Logs ingestion']).toBe(34.16); // 1000 x 86,400 x 30.4167 x 26 bytes = 68.3 GB
  });

  test('sources of the account policy share one stream', () => {
    const shared = (name: string) => source({ name, route: 'stream', subscription: 'account', volume: { gbPerDay: 24 } });
    const members = { sources: [shared('app'), { ...shared('host'), kind: 'host' }] };

    expect(usdOf(members)).toMatchObject({ 'Kinesis stream': 29.2 });
    expect(usdOf(members, 'host')).not.toHaveProperty('Kinesis stream');
    expect(usdOf(members, 'host')['Kinesis data in']).toBe(usdOf(members)['Kinesis data in']);
  });

  test('stream on demand', () => {
    expect(usdOf({ sources: [source({ route: 'stream', volume: { gbPerDay: 24 } })] })).toMatchObject({
      'Kinesis stream': 29.2,
      'Kinesis data in': 8.76,
      'Kinesis data out': 4.38,
    });
  });

  test('provisioned shards, with and without longer retention', () => {
    const stream = { mode: 'provisioned', shards: 2 };

    expect(usdOf({ sources: [source({ route: 'stream', stream })] })).toMatchObject({
      'Kinesis shards': 21.9,
      'Kinesis PUT units': undefined,
    });
    expect(usdOf({ sources: [source({ route: 'stream', stream: { ...stream, retentionHours: 25 } })] })).toMatchObject({
      'Kinesis retention over 24 h': 29.2,
    });
  });

  test('route none pays for CloudWatch only', () => {
    expect(Object.keys(usdOf({ sources: [source({ route: 'none', volume: { gbPerDay: 1 } })] }))).toEqual([
      'CloudWatch Logs ingestion',
      'CloudWatch Logs storage',
    ]);
  });

  test('without a volume there are unit prices only, and the sum says what it lacks', () => {
    const estimate = estimateCost(configWith({}));

    expect(usdOf({})['CloudWatch Logs ingestion']).toBeUndefined();
    expect(estimate.lines.every(({ price }) => price !== undefined)).toBe(true);
    expect(estimate.missing).toEqual(['source app gives no volume']);
  });
});

describe('the search', () => {
  test('nodes, masters, warm nodes and volumes are shared', () => {
    const domain = { masterNodes: {}, warm: {}, dataNodes: { count: 3, volumeGiB: 100 } };

    expect(usdOf({ search: { domain } }, 'shared')).toMatchObject({
      'OpenSearch data nodes': 295.65,
      'OpenSearch volumes': 36.6,
      'OpenSearch masters': 295.65,
      'OpenSearch warm nodes': 347.48,
      'KMS keys': 2,
    });
  });

  test('an existing domain is paid elsewhere', () => {
    expect(
      Object.keys(usdOf({ search: { mode: 'existing', endpoint: 'https://search.example.com' } }, 'shared')).filter((item) =>
        item.startsWith('OpenSearch'),
      ),
    ).toEqual([]);
  });

  test('the disk that hot indexes need follows volume, retention and copies', () => {
    expect(hotDiskGiB(configWith({ sources: [source({ volume: { gbPerDay: 10 } })] }))).toBeCloseTo(
      (10 * 30 * 2 * 1.45 * 1e9) / 1024 ** 3,
      5,
    );
    expect(hotDiskGiB(configWith({}))).toBeUndefined();
  });
});

describe('prices', () => {
  const us = configWith({});
  const seoul = configWith({ region: 'ap-northeast-2' });
  const paris = configWith({ region: 'eu-west-3' });

  test('every price has its date, its source, and a mark where it is weak', () => {
    for (const name of Object.keys(PRICES) as PriceName[]) {
      expect(priceOf(us, name)).toMatchObject({ asOf: expect.stringMatching(/^2026-\d\d/), usd: expect.any(Number) });
    }
    expect(priceOf(us, 'kinesisShardHour')?.isWeak).toBe(true);
    expect(priceOf(seoul, 'logsIngestionPerGb')).toEqual({ usd: 0.76, source: 'priceList', asOf: '2026-10-01', isWeak: false });
  });

  test('a Region without prices has none, never another Region’s', () => {
    expect(isPricedRegion('eu-west-3')).toBe(false);
    for (const name of Object.keys(PRICES) as PriceName[]) expect(priceOf(paris, name)).toBeUndefined();
    expect(nodeHourPrice(paris, 'm7g.large.search')).toBeUndefined();
    const estimate = estimateCost(configWith({ region: 'eu-west-3', sources: [source({ volume: { gbPerDay: 1 } })] }));
    expect(estimate).toMatchObject({ knownUsd: 0, isPricedRegion: false });
    expect(estimate.missing).toContain('no price of eu-west-3 is known for CloudWatch Logs ingestion');
  });

  test('an override wins, for its Region only', () => {
    const prices = { 'eu-west-3': { logsIngestionPerGb: 0.6, 'm7g.large.search': 0.2 } };

    expect(priceOf({ region: 'eu-west-3', prices }, 'logsIngestionPerGb')).toEqual({ usd: 0.6, source: 'override', isWeak: false });
    expect(nodeHourPrice({ region: 'eu-west-3', prices }, 'm7g.large.search')?.usd).toBe(0.2);
    expect(priceOf({ region: 'us-east-1', prices }, 'logsIngestionPerGb')?.usd).toBe(0.5);
  });

  test('sizes of a known family follow its large one, and are marked', () => {
    expect(nodeHourPrice(us, 'm7g.large.search')).toMatchObject({ usd: 0.135, isWeak: false });
    expect(nodeHourPrice(us, 'm7g.2xlarge.search')).toMatchObject({ usd: 0.54, source: 'estimated', isWeak: true });
    expect(nodeHourPrice(us, 'c8g.large.search')).toBeUndefined();
    expect(nodeHourPrice(seoul, 'ultrawarm1.medium.search')).toBeUndefined();
  });
});
