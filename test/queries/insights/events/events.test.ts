import { type ExportedEvent, exportedEvents, MORE_SAMPLES, sum } from '../../support/container-records.ts';
import { auditEvents, distinct, earliest, groupBy, type Json, latest, linesOf, rowsBy, SAMPLES } from '../../support/independent.ts';
import { asCounts, askSaved, expectRows, expectTop } from '../../support/run-query.ts';

const ALL = exportedEvents(MORE_SAMPLES.events);
const ask = (name: string, parameters: Record<string, string> = {}) => askSaved(name, MORE_SAMPLES.events, parameters);

/** How often an event happened so far, as kubelet (count) or the scheduler (series) writes it. */
const countOf = ({ json }: ExportedEvent): number => json.count ?? json.series?.count ?? 1;

/** The last state of each event among those that fit: the one with the highest count. */
function lastStates(fits: (json: Json) => boolean): ExportedEvent[] {
  const groups = groupBy(
    ALL.filter(({ json }) => fits(json)),
    ({ json }) => json.metadata.uid,
  );
  return [...groups.values()].map((group) => group.reduce((best, each) => (countOf(each) >= countOf(best) ? each : best)));
}

const object = ({ json }: ExportedEvent) => ({
  'involvedObject.namespace': json.involvedObject.namespace,
  'involvedObject.name': json.involvedObject.name,
});
const times = (group: readonly ExportedEvent[]) => sum(group.map(countOf));
const lastSeen = (group: readonly ExportedEvent[]) => latest(group.map(({ json }) => json.lastTimestamp));

test("the scheduler's events are those of the recording", () => {
  const scheduler = ALL.filter(({ json }) => json.reportingComponent === 'default-scheduler');
  const recorded = auditEvents().filter(({ objectRef }) => objectRef?.resource === 'events');

  expect(scheduler.map(({ json }) => json.metadata.name).sort()).toEqual(recorded.map(({ objectRef }) => objectRef.name).sort());
  const text = linesOf(SAMPLES.scheduler).join('\n');
  for (const { json } of scheduler.filter((event) => event.json.reason === 'FailedScheduling')) expect(text).toContain(json.message);
});

test('warnings-by-reason counts each event once, at its highest count', async () => {
  const rows = await ask('warnings-by-reason');

  const expected = rowsBy(
    lastStates((json) => json.type === 'Warning'),
    ({ json }) => ({ reason: json.reason, 'involvedObject.kind': json.involvedObject.kind }),
    (group) => ({
      objects: distinct(group.map(({ json }) => json.involvedObject.name)),
      times: times(group),
    }),
  );
  expectTop(
    rows.map(({ example: _, ...row }) => row),
    expected,
    'times',
    100,
  );
  for (const { reason, example } of rows) expect(ALL.some(({ json }) => json.reason === reason && json.message === example)).toBe(true);
  expect(asCounts(await ask('warnings-by-reason', { namespace: 'team-b' }), 'reason', 'times')['FailedAttachVolume']).toBe(1);
});

test('oom-kills names the process and what it held', async () => {
  const rows = await ask('oom-kills');

  const kills = ALL.filter(({ json }) => /OOM/.test(json.reason)).map(({ json, time }) => ({
    '@timestamp': time,
    node: json.involvedObject.name,
    reason: json.reason,
    message: json.message,
    process: /process \d+ \((.*?)\)/.exec(json.message)?.[1] ?? /process: (\w+)/.exec(json.message)?.[1],
    resident_kib: /anon-rss:(\d+)/.exec(json.message)?.[1],
    uid: /UID:(\d+)/.exec(json.message)?.[1],
  }));
  expectRows(rows, kills);
  expect(rows).toHaveLength(4);
});

test('evictions shows each eviction once', async () => {
  const rows = await ask('evictions');

  const wanted = lastStates((json) => ['Evicted', 'TaintManagerEviction', 'EvictionThresholdMet'].includes(json.reason));
  expectRows(
    rows,
    wanted.map((event) => ({
      '@timestamp': event.time,
      reason: event.json.reason,
      ...object(event),
      node: event.json.source.host,
      message: event.json.message,
      resource: ['memory.', 'ephemeral-storage.'].find((word) => event.json.message.includes(`resource: ${word}`))?.slice(0, -1),
    })),
  );
});

test('image-pull-failures groups by image and the answer of the registry', async () => {
  const rows = await ask('image-pull-failures');

  expect(rows).toEqual([
    { image: 'registry.example.com/shop/cart:2.4.1', cause: 'not found', pods: 2, times: 6, last_seen: '2026-11-21T08:24:55Z' },
    {
      image: 'registry.example.com/Billing/Invoice:1.0',
      cause: 'repository name must be lowercase',
      pods: 1,
      times: 4,
      last_seen: '2026-11-21T08:26:58Z',
    },
  ]);
  const failures = lastStates((json) => json.message.startsWith('Failed to '));
  expect(sum(rows.map((row) => Number(row['times'])))).toBe(times(failures));
});

test('probe-failures tells probe and answer', async () => {
  const rows = await ask('probe-failures');

  const expected = rowsBy(
    lastStates((json) => json.reason === 'Unhealthy'),
    (event) => {
      const at = event.json.message.indexOf(': ');
      return { ...object(event), probe: event.json.message.split(' ')[0], answer: event.json.message.slice(at + 2) };
    },
    (group) => ({ times: times(group), last_seen: lastSeen(group) }),
  );
  expectRows(rows, expected);
  expect(rows).toHaveLength(4);
});

test('back-off-restarts leaves images that are not pulled to the other query', async () => {
  const rows = await ask('back-off-restarts');

  const expected = rowsBy(
    lastStates((json) => json.reason === 'BackOff' && json.type === 'Warning'),
    (event) => ({
      ...object(event),
      container: event.json.involvedObject.fieldPath.split(/[{}]/)[1],
      node: event.json.source.host,
    }),
    (group) => ({ times: times(group), first_seen: earliest(group.map(({ json }) => json.firstTimestamp)), last_seen: lastSeen(group) }),
  );
  expectRows(rows, expected);
  expect(rows).toHaveLength(2);
});

test('failed-scheduling tells which pods find no node, and why', async () => {
  const rows = await ask('failed-scheduling');

  const expected = rowsBy(
    lastStates((json) => json.reason === 'FailedScheduling'),
    (event) => ({ ...object(event), why: event.json.message.split(' available: ')[1].split('. preemption:')[0] }),
    (group) => ({ times: times(group), first_seen: earliest(group.map(({ time }) => time)) }),
  );
  expectTop(rows, expected, 'times', 200);
  expect(rows.map((row) => row['involvedObject.name'])).toContain('wrong-zone');
});

test('volume-failures shows claims and mounts', async () => {
  const rows = await ask('volume-failures');

  const expected = rowsBy(
    lastStates((json) => /Mount|Attach|Provisioning/.test(json.reason)),
    (event) => ({
      reason: event.json.reason,
      'involvedObject.kind': event.json.involvedObject.kind,
      ...object(event),
      message: event.json.message,
    }),
    (group) => ({ times: times(group), last_seen: lastSeen(group) }),
  );
  expectRows(rows, expected);
  expect(rows).toHaveLength(4);
});

test('node-conditions tells the story of the nodes, NodeNotReady at the times of the controller manager', async () => {
  const rows = await ask('node-conditions');

  expectRows(
    rows,
    ALL.filter(({ json }) => json.involvedObject.kind === 'Node').map(({ json, time }) => ({
      '@timestamp': time,
      node: json.involvedObject.name,
      reason: json.reason,
      'source.component': json.source.component,
      message: json.message,
    })),
  );
  expect(rows.map((row) => row['@timestamp'])).toEqual(rows.map((row) => row['@timestamp']).sort());
  const seconds = linesOf(SAMPLES.controllerManager).flatMap(
    (line) => /^I1121 (\d\d:\d\d:\d\d).*status="NodeNotReady"/.exec(line)?.[1] ?? [],
  );
  expect(rows.filter(({ reason }) => reason === 'NodeNotReady').map((row) => String(row['@timestamp']).slice(11, 19))).toEqual(seconds);
});

test('events-of-object shows what is told about one object', async () => {
  const rows = await ask('events-of-object', { name: 'report-0', namespace: 'team-b' });

  const own = ALL.filter(({ json }) => json.involvedObject.name === 'report-0');
  expectRows(
    rows,
    own.map(({ json, time }) => ({
      '@timestamp': time,
      type: json.type,
      reason: json.reason,
      'involvedObject.fieldPath': json.involvedObject.fieldPath,
      count: json.count,
      message: json.message,
    })),
  );
  expect(rows.length).toBeGreaterThan(5);
});
