import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sleep, waitFor } from '../../bench/fluent-bit/agent.ts';
import type { SentEvent } from '../../bench/fluent-bit/aws-recorder.ts';
import type { ClusterEvent } from '../../bench/fluent-bit/kubernetes.ts';
import type { Rules } from '../../lambdas/core/rules/rules.ts';
import { documents, RULES, run, source } from '../lambdas/core/index/transform-support.ts';
import { configWith } from '../lib/config/texts.ts';
import { describeWithFluentBit } from './describe.ts';
import { inWorld, type World } from './world.ts';

const GROUP = '/aws/containerinsights/prod/events';

/** The samples' events as if they happened now: the agent leaves out what CloudWatch would not take. */
const STATES: readonly ClusterEvent[] = ((): ClusterEvent[] => {
  const lines = gunzipSync(readFileSync('samples/events/kubernetes-events.ndjson.gz')).toString('utf8').trim().split('\n');
  const events = lines.map((line) => JSON.parse(line) as { readonly timestamp: number; readonly message: string });
  const newest = Math.max(...events.map(({ timestamp }) => timestamp));
  const shiftMs = Math.floor((Date.now() - 60_000 - newest) / 1000) * 1000;
  const shifted = (text: string) =>
    text.replaceAll(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)((?:\.\d+)?Z)"/g, (_all, time: string, rest: string) => {
      return `"${new Date(Date.parse(`${time}Z`) + shiftMs).toISOString().slice(0, 19)}${rest}"`;
    });
  return events.map(({ message }) => JSON.parse(shifted(message)) as ClusterEvent);
})();

/** An event that goes on for longer than its first hour, as the scheduler writes it: only `series` has the time of the last repeat. */
const LASTING: ClusterEvent = {
  metadata: {
    name: 'cart.18ea',
    namespace: 'shop',
    uid: 'lasting',
    resourceVersion: '40000',
    creationTimestamp: new Date(Date.now() - 3 * 3_600_000).toISOString().replace(/\.\d+/, ''),
  },
  reason: 'FailedScheduling',
  message: '0/3 nodes are available',
  type: 'Warning',
  firstTimestamp: null,
  lastTimestamp: null,
  series: { count: 40, lastObservedTime: new Date().toISOString().replace('Z', '000Z') },
};

const keyOf = ({ metadata }: Pick<ClusterEvent, 'metadata'>): string => `${metadata.uid} ${metadata.resourceVersion}`;
const stateOf = ({ message }: SentEvent): ClusterEvent => JSON.parse(message) as ClusterEvent;

/** What a cluster keeps of these: the newest state of each event. */
const newestOf = (states: readonly ClusterEvent[]): ClusterEvent[] => [
  ...new Map(states.map((state) => [state.metadata.uid, state])).values(),
];

const RULES_OF_EVENTS: Rules = {
  ...RULES,
  sources: [source({ name: 'events', kind: 'events', logGroups: [GROUP], family: 'eks-application', format: 'json' })],
};

/** Documents that the function makes of what CloudWatch got, each with an id of CloudWatch's of its own. */
function documentKeys(sent: readonly SentEvent[]): Set<string> {
  const events = sent.map(({ timestamp, message }, index) => ({ id: `cloudwatch-${index}`, timestamp, message }));
  const bulk = run({ logGroup: GROUP, logStream: 'kubernetes-events', events }, RULES_OF_EVENTS, Date.now());
  return new Set(documents(bulk).map(({ action }) => `${action.create._index}/${action.create._id}`));
}

describeWithFluentBit('events of the cluster through a real Fluent Bit, from a list and a watch', () => {
  const listed = [...newestOf(STATES.slice(0, 100)), LASTING];
  const watched = STATES.slice(100);
  let world: World;
  let sentByFirst: readonly SentEvent[] = [];
  let sentBeforeMove: readonly SentEvent[] = [];

  beforeAll(async () => {
    world = await inWorld(configWith({}), { events: listed, target: 'events' }, async ({ agent, aws, kubernetes }) => {
      kubernetes.pageSize = 30;
      const arrive = (count: number) => waitFor(() => aws.events.length >= count, 15_000);
      await agent.start();
      await waitFor(() => kubernetes.watches > 0, 10_000);
      kubernetes.add(watched.slice(0, 60));
      await arrive(listed.length + 60);
      await sleep(1500);
      sentByFirst = [...aws.events];
      // The API server ends a watch from time to time; what happens until the next one is in its list.
      kubernetes.closeWatches();
      kubernetes.add(watched.slice(60, 80));
      await waitFor(() => kubernetes.watches > 0, 10_000);
      kubernetes.add(watched.slice(80));
      // Of an event that repeats while no watch is open the list has the newest state.
      const states = new Set([...listed, ...watched.slice(0, 60), ...newestOf(watched.slice(60, 80)), ...watched.slice(80)].map(keyOf));
      await waitFor(() => new Set(aws.events.map(stateOf).map(keyOf)).size >= states.size, 15_000);
      await sleep(1500);
      await agent.stop();
      sentBeforeMove = [...aws.events];
      // The pod moves to another node: its folder is a new one.
      rmSync(join(agent.folder, 'state'), { recursive: true });
      await agent.start();
      await arrive(sentBeforeMove.length + newestOf(STATES).length + 1);
      await sleep(1500);
      await agent.stop();
    });
  }, 90_000);

  test('nothing is complained of, and lists are read by pages', () => {
    expect(world.agent.complaints()).toEqual([]);
    expect(world.kubernetes.paths[0]).toBe('/api/v1/events?limit=500');
    expect(world.kubernetes.paths[1]).toBe('/api/v1/events?continue=30&limit=500');
    expect(world.kubernetes.paths.some((path) => path.includes('watch=1'))).toBe(true);
  });

  test('every state of every event comes once, as long as the watch holds', () => {
    expect(sentByFirst.map(stateOf).map(keyOf).sort()).toEqual([...listed, ...watched.slice(0, 60)].map(keyOf).sort());
  });

  test('each comes whole, in its group', () => {
    const states = new Map([...listed, ...watched].map((state) => [keyOf(state), state]));

    for (const event of world.aws.events) {
      const { kind, apiVersion, ...state } = stateOf(event);
      expect(state).toEqual(states.get(keyOf(state)));
      expect([undefined, 'Event']).toContain(kind);
      expect([undefined, 'v1']).toContain(apiVersion);
      expect(event.group).toBe(GROUP);
    }
  });

  test('a repeat of an event is not taken for the one that was there', () => {
    const repeats = [...watched.slice(0, 60), ...watched.slice(80)].filter(
      ({ metadata }) => STATES.filter((state) => state.metadata.uid === metadata.uid).length > 1,
    );
    const sent = new Set(sentBeforeMove.map(stateOf).map(keyOf));

    expect(repeats.length).toBeGreaterThan(20);
    expect(repeats.map(keyOf).filter((key) => !sent.has(key))).toEqual([]);
  });

  test('an event that began hours ago and goes on is sent', () => {
    expect(sentByFirst.map(stateOf).map(keyOf)).toContain(keyOf(LASTING));
  });

  test('what happened while no watch was open is sent as well', () => {
    const sent = new Set(sentBeforeMove.map(stateOf).map(keyOf));

    // The list after the break has the newest state of each event only.
    expect(
      newestOf(watched.slice(60, 80))
        .map(keyOf)
        .filter((key) => !sent.has(key)),
    ).toEqual([]);
  });

  test('what is sent again, by a new watch or by a moved pod, is the document that is there', () => {
    const before = documentKeys(sentBeforeMove);

    expect(world.aws.events.length).toBeGreaterThan(sentBeforeMove.length + 100);
    expect(documentKeys(world.aws.events)).toEqual(before);
    expect(before.size).toBe(new Set(sentBeforeMove.map(stateOf).map(keyOf)).size);
  });
});
