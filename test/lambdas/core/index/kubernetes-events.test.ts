import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { kubernetesEventId } from '../../../../lambdas/core/index/document-id.ts';
import type { BulkBatch, SourceEvent } from '../../../../lambdas/core/index/types.ts';
import type { Rules } from '../../../../lambdas/core/rules/rules.ts';
import { documents, NOW, RULES, run, source } from './transform-support.ts';

const GROUP = '/aws/containerinsights/prod/events';
const rulesOf = (cluster = 'prod'): Rules => ({
  ...RULES,
  sources: [
    ...RULES.sources,
    source({
      name: 'events',
      kind: 'events',
      logGroups: [GROUP],
      family: 'eks-application',
      format: 'json',
      cluster,
      clusterIndexName: cluster,
    }),
  ],
});

const EVENTS = gunzipSync(readFileSync(join(__dirname, '../../../../samples/events/kubernetes-events.ndjson.gz')))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly timestamp: number; readonly message: string; readonly eventId: string })
  .map(({ timestamp, message, eventId }): SourceEvent => ({ id: eventId, timestamp, message }));

const deliver = (events: readonly SourceEvent[], cluster?: string): BulkBatch =>
  run({ logGroup: GROUP, logStream: 'kubernetes-events', events: [...events] }, rulesOf(cluster));

const keysOf = (bulk: BulkBatch): string[] => documents(bulk).map(({ action }) => `${action.create._index}/${action.create._id}`);

/** As a pod that starts anew sends them: other CloudWatch ids, and the members that a watch adds. */
const readAgain = EVENTS.map(({ timestamp, message }, index) => ({
  id: `again-${index}`,
  timestamp,
  message: JSON.stringify({ kind: 'Event', apiVersion: 'v1', ...(JSON.parse(message) as object) }),
}));

test('events that are read a second time, as after a move of their pod, are the documents that are there', () => {
  const first = keysOf(deliver(EVENTS));

  expect(keysOf(deliver(readAgain))).toEqual(first);
});

test('each repeat of an event, with a higher count, is a document of its own', () => {
  expect(new Set(keysOf(deliver(EVENTS))).size).toBe(EVENTS.length);
});

test('an id names the cluster, the event and its version, and is the same in another payload', () => {
  const [event] = EVENTS;
  const { uid, resourceVersion } = (JSON.parse(event?.message ?? '') as { metadata: { uid: string; resourceVersion: string } }).metadata;

  const [key = ''] = keysOf(deliver(EVENTS.slice(0, 1)));

  expect(key).toMatch(new RegExp(`/k[0-9a-f]{16}-${uid}-${resourceVersion}$`));
  expect(keysOf(deliver(EVENTS.slice(0, 1), 'stage'))).not.toEqual([key]);
});

test('what is no event keeps CloudWatch’s id, and nothing is lost', () => {
  const messages = ['not JSON', '{"metadata":{}}', '{"metadata":{"uid":"a"}}', '{"metadata":{"uid":"a"}}'];
  const bulk = deliver(messages.map((message, index) => ({ id: `id${index}`, timestamp: NOW - 60_000, message })));

  expect(documents(bulk).map(({ action }) => action.create._id)).toEqual(messages.map((_, index) => `111122223333-us-east-1-id${index}`));
});

test('a group of another kind is not looked at', () => {
  const [event] = EVENTS;
  const bulk = run({ logGroup: '/aws/containerinsights/prod/application', logStream: 'node', events: [event as SourceEvent] }, rulesOf());

  expect(documents(bulk)[0]?.action.create._id).toBe(`111122223333-us-east-1-${event?.id}`);
});

test.each([
  ['a quote', 'a"b', '1'],
  ['a line break', 'a', '1\n2'],
  ['a great length', 'a'.repeat(80), '1'.repeat(80)],
])('%s in an event is hashed', (_name, uid, version) => {
  expect(kubernetesEventId('prod', { uid, version }, (text) => `<${text.length}>`)).toMatch(/^k[0-9a-f]{16}-h<\d+>$/);
});
