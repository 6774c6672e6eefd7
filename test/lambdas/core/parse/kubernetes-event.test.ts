import fc from 'fast-check';
import { readEventVersion } from '../../../../lambdas/core/parse/kubernetes-event.ts';

const METADATA = { name: 'cart.18ea', namespace: 'shop', uid: '23f7d0fe-29da-40e8-aaa0-6c265a6986ed' };
const json = (event: object) => JSON.stringify({ reason: 'BackOff', ...event });

test.each<[string, object, string]>([
  [
    'its resource version',
    { metadata: { ...METADATA, resourceVersion: '41201' }, count: 3, lastTimestamp: '2026-11-21T08:23:38Z' },
    '41201',
  ],
  [
    'count and last time, where it has no resource version',
    { metadata: METADATA, count: 3, lastTimestamp: '2026-11-21T08:23:38Z' },
    'n3-2026-11-21T08:23:38Z',
  ],
  [
    'those of its series, as the scheduler writes them',
    {
      metadata: METADATA,
      series: { count: 7, lastObservedTime: '2026-11-21T08:23:38.158723Z' },
      lastTimestamp: null,
      eventTime: '2026-11-21T08:00:00.000000Z',
    },
    'n7-2026-11-21T08:23:38.158723Z',
  ],
  [
    'the time alone',
    { metadata: METADATA, lastTimestamp: null, eventTime: '2026-11-21T08:23:38.158723Z' },
    'n-2026-11-21T08:23:38.158723Z',
  ],
  ['the count alone', { metadata: { ...METADATA, resourceVersion: '' }, count: 2 }, 'n2-'],
])('an event is told from its earlier states by %s', (_name, event, version) => {
  expect(readEventVersion(json(event))).toEqual({ uid: METADATA.uid, version });
});

test('the event of a list and the same one of a watch, which has kind and apiVersion, are one', () => {
  const event = { metadata: { ...METADATA, resourceVersion: '9' }, count: 1 };

  expect(readEventVersion(json({ kind: 'Event', apiVersion: 'v1', ...event }))).toEqual(readEventVersion(json(event)));
});

test.each([
  ['no JSON', '{"metadata":{"uid":"a","resourceVersion":"1"'],
  ['a word', '"metadata"'],
  ['nothing', ''],
  ['no metadata', json({})],
  ['no uid', json({ metadata: { resourceVersion: '1' } })],
  ['an empty uid', json({ metadata: { uid: '', resourceVersion: '1' } })],
  ['a uid that is no text', json({ metadata: { uid: 7, resourceVersion: '1' } })],
  ['nothing that tells its states apart', json({ metadata: METADATA })],
  ['a list', '[{"metadata":{"uid":"a","resourceVersion":"1"}}]'],
])('%s is not an event that can be told from another', (_name, text) => {
  expect(readEventVersion(text)).toBeUndefined();
});

test('whatever a group holds, nothing throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      readEventVersion(text);
    }),
  );
});
