import { formatMetrics } from '../../../lambdas/clients/emf.ts';
import { emptyCounts } from '../../../lambdas/core/delivery/counts.ts';
import { noDelay } from '../../../lambdas/core/delivery/settle.ts';

const NOW = Date.UTC(2026, 10, 21);
const base = { namespace: 'EksTelemetry', source: 'prod-control-plane', function: 'log-indexer', nowMs: NOW, returnedByReason: {} };

test('one line holds every count as a metric by source and by function, exclusions by rule as a property', () => {
  const counts = {
    ...emptyCounts(),
    received: 10,
    indexed: 5,
    duplicate: 1,
    deadLettered: 1,
    joined: 1,
    returned: 1,
    excluded: { 'watch-noise': 1 },
  };

  const line = formatMetrics({
    ...base,
    counts,
    delay: { sumMs: 10_001, maxMs: 4_000, documents: 5 },
    returnedByReason: { 'http-503': 1 },
    deadLetteredByReason: { 'mapper-parsing': 1 },
  });
  const parsed = JSON.parse(line);

  expect(line).not.toContain('\n');
  expect(parsed).toMatchObject({
    Source: 'prod-control-plane',
    Function: 'log-indexer',
    deadLetteredByReason: { 'mapper-parsing': 1 },
    Received: 10,
    Indexed: 5,
    Duplicate: 1,
    DeadLettered: 1,
    Excluded: 1,
    Joined: 1,
    Returned: 1,
    ControlMessages: 0,
    DelayMs: 4_000,
    DelayMsAverage: 2_000,
    excludedByRule: { 'watch-noise': 1 },
    returnedByReason: { 'http-503': 1 },
  });
  expect(parsed).not.toHaveProperty('Unaccounted');
  expect(parsed._aws).toMatchObject({
    Timestamp: NOW,
    CloudWatchMetrics: [{ Namespace: 'EksTelemetry', Dimensions: [['Source'], ['Function']] }],
  });
  // Every declared metric has a value, or CloudWatch drops the line.
  for (const { Name } of parsed._aws.CloudWatchMetrics[0].Metrics) expect(typeof parsed[Name]).toBe('number');
});

test('counts that do not add up are a metric of their own', () => {
  expect(JSON.parse(formatMetrics({ ...base, counts: { ...emptyCounts(), received: 2 }, delay: noDelay() }))).toMatchObject({
    Unaccounted: 2,
  });
});

test('an invocation that indexed nothing has no delay', () => {
  expect(JSON.parse(formatMetrics({ ...base, counts: emptyCounts(), delay: noDelay() }))).not.toHaveProperty('DelayMs');
});
