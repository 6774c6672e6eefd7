import fc from 'fast-check';
import { emptyCounts } from '../../../../lambdas/core/delivery/counts.ts';
import { readEmf } from '../../../../lambdas/core/reconcile/emf.ts';
import { reconcileSource } from '../../../../lambdas/core/reconcile/reconcile.ts';

const COUNTS = {
  ...emptyCounts(),
  received: 100,
  indexed: 60,
  duplicate: 10,
  deadLettered: 5,
  excluded: { noise: 15 },
  joined: 8,
  returned: 2,
};

test('counts that add up are fine', () => {
  expect(reconcileSource({ source: 'a', counts: COUNTS, forwarded: 98 })).toMatchObject({
    ok: true,
    unaccounted: 0,
    missing: 0,
    excluded: 15,
    problems: [],
  });
});

test('one event too few or too many is named', () => {
  expect(reconcileSource({ source: 'a', counts: { ...COUNTS, indexed: 59 } })).toMatchObject({ ok: false, unaccounted: 1 });
  expect(reconcileSource({ source: 'a', counts: { ...COUNTS, indexed: 61 } })).toMatchObject({ ok: false, unaccounted: -1 });
});

test('a returned event is not finished, so it does not stand for a forwarded one', () => {
  expect(reconcileSource({ source: 'a', counts: COUNTS, forwarded: 99 })).toMatchObject({ ok: false, missing: 1 });
});

test('more received than forwarded is fine: delivery is at least once', () => {
  expect(reconcileSource({ source: 'a', counts: COUNTS, forwarded: 50 }).ok).toBe(true);
});

test('failed deliveries are said but may still come', () => {
  const verdict = reconcileSource({ source: 'a', counts: COUNTS, notDelivered: 3 });

  expect(verdict.ok).toBe(true);
  expect(verdict.problems).toEqual([expect.stringContaining('failed to deliver 3 events')]);
});

describe('EMF lines', () => {
  const line = (members: object): string =>
    JSON.stringify({
      _aws: {
        Timestamp: 1_795_249_937_081,
        CloudWatchMetrics: [{ Namespace: 'EksTelemetry', Dimensions: [['Source'], ['Function']], Metrics: [] }],
      },
      Source: 'app',
      Function: 'indexer',
      ...members,
    });

  test('counts and rules are read', () => {
    expect(readEmf(line({ Received: 7, Indexed: 4, Excluded: 3, excludedByRule: { noise: 2 } }))).toEqual({
      namespace: 'EksTelemetry',
      source: 'app',
      function: 'indexer',
      atMs: 1_795_249_937_081,
      counts: { ...emptyCounts(), received: 7, indexed: 4, excluded: { noise: 2, unnamed: 1 } },
    });
  });

  test.each(['', 'text', '{"_aws":', '{"_aws":{}}', '{"message":"\\"_aws\\""}', line({ Source: 7 })])(
    'another line is none: %s',
    (other) => {
      expect(readEmf(other)).toBeUndefined();
    },
  );

  test('no line makes it throw', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        readEmf(text.replace('{', '{"_aws":1,'));
      }),
    );
  });
});

describe('a source whose originals go to the archive as well', () => {
  const counts = { ...emptyCounts(), received: 20, indexed: 9, duplicate: 1, handedOn: 10 };

  test('adds up with what the archive was handed', () => {
    expect(reconcileSource({ source: 'app', counts, forwarded: 10, isCopied: true })).toMatchObject({
      ok: true,
      unaccounted: 0,
      missing: 0,
    });
  });

  test('what the archive got does not stand in for what the index did not', () => {
    const less = { ...counts, received: 15, indexed: 4 };

    expect(reconcileSource({ source: 'app', counts: less, forwarded: 10, isCopied: true })).toMatchObject({ ok: false, missing: 5 });
  });

  test('of a source that goes by Firehose alone, what was handed on is what was forwarded', () => {
    const onward = { ...emptyCounts(), received: 10, handedOn: 10 };

    expect(reconcileSource({ source: 'app', counts: onward, forwarded: 10 })).toMatchObject({ ok: true, missing: 0 });
  });
});
