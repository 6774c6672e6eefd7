import { distinct, earliest, groupBy, klogTime, latest, linesOf, SAMPLES, truth } from '../../support/independent.ts';
import { asCounts, askSaved, expectDescending, expectRows, expectTop, withFile } from '../../support/run-query.ts';

const CONTROLLER_LINES = linesOf(SAMPLES.controllerManager);
const SCHEDULER_LINES = linesOf(SAMPLES.scheduler);

test('node-not-ready names the two nodes that the samples tell of', async () => {
  const rows = await askSaved('node-not-ready', SAMPLES.controllerManager);

  expect(rows).toEqual([
    { '@timestamp': '2026-11-21 08:25:25.921', node: 'ip-10-0-11-35.ec2.internal' },
    { '@timestamp': '2026-11-21 08:26:30.993', node: 'ip-10-0-11-78.ec2.internal' },
  ]);
  expect(rows).toHaveLength(truth['kube-controller-manager'].node_not_ready);
});

test('node-evictions lists pods that were deleted for their node, not those that a ReplicaSet deleted', async () => {
  const rows = await askSaved('node-evictions', SAMPLES.controllerManager);

  const evicted = CONTROLLER_LINES.filter((line) => /taint_eviction\.go:\d+\] "Deleting pod"/.test(line));
  expect(evicted).toHaveLength(16);
  expectRows(
    rows,
    evicted.map((line) => ({ '@timestamp': klogTime(line), pod: /pod="([^"]+)"/.exec(line)?.[1] })),
  );
});

test('controller-errors counts errors and failed syncs by the place that wrote them', async () => {
  const rows = await askSaved('controller-errors', SAMPLES.controllerManager);

  const errors = CONTROLLER_LINES.filter((line) => line.startsWith('E') || (line.startsWith('I') && line.includes('"Error syncing ')));
  const failedSyncs = errors.filter((line) => line.startsWith('I'));
  expect(errors.length - failedSyncs.length).toBe(truth['kube-controller-manager'].severity.E);
  const groups = groupBy(errors, (line) => /^\S+ \S+ +\d+ (\S+:\d+)\] /.exec(line)?.[1] as string);
  const expected = [...groups].map(([place, group]) => {
    const times = group.map((line) => klogTime(line) as string);
    const text = group[times.indexOf(latest(times))] as string;
    return {
      place,
      lines: group.length,
      first_seen: earliest(times),
      last_seen: latest(times),
      last_text: text.slice(text.indexOf('] ') + 2),
    };
  });
  expectTop(rows, expected, 'lines', 100);
});

test('leader-election-changes shows how the leases were gained and lost', async () => {
  const rows = await askSaved('leader-election-changes', [SAMPLES.controllerManager, SAMPLES.scheduler]);

  const expected = [
    ...CONTROLLER_LINES.map((line) => ({ line, stream: 'kube-controller-manager' })),
    ...SCHEDULER_LINES.map((line) => ({ line, stream: 'kube-scheduler' })),
  ].filter(({ line }) => line.includes('leaderelection.go:') || line.toLowerCase().includes('leaderelection lost'));
  expectRows(
    rows,
    expected.map(({ line, stream }) => ({
      '@timestamp': klogTime(line),
      '@logStream': stream,
      level: line[0],
      text: line.slice(line.indexOf('] ') + 2),
    })),
  );
  expect(rows.filter((row) => String(row['text']).startsWith('successfully acquired lease')).map((row) => row['@logStream'])).toEqual([
    'kube-controller-manager',
    'kube-scheduler',
  ]);
});

const UNSCHEDULED = SCHEDULER_LINES.filter((line) => line.includes('"Unable to schedule pod; no fit; waiting"'));

/** `3 Insufficient cpu` and its like, out of what stands between the number of nodes and the first end of a sentence. */
function reasonsOf(line: string): { nodes: number; reason: string }[] {
  const from = line.indexOf('nodes are available: ') + 'nodes are available: '.length;
  const end = line.indexOf('. preemption:', from);
  return line
    .slice(from, end)
    .split(', ')
    .map((part) => ({ nodes: Number(part.split(' ')[0]), reason: part.slice(part.indexOf(' ') + 1) }));
}

const podOf = (line: string) => /pod="([^"]+)"/.exec(line)?.[1] as string;

test('scheduler-failures-by-reason counts each reason of a failed attempt', async () => {
  const rows = await askSaved('scheduler-failures-by-reason', SAMPLES.scheduler);

  expect(UNSCHEDULED).toHaveLength(truth['kube-scheduler'].unable_to_schedule);
  const reasons = UNSCHEDULED.flatMap((line) => reasonsOf(line).map((each) => ({ ...each, line })));
  const groups = groupBy(reasons, ({ reason }) => reason);
  expect([...groups.keys()].sort()).toEqual([
    'Insufficient cpu',
    "node(s) didn't match Pod's node affinity/selector",
    'node(s) had untolerated taint {node.kubernetes.io/unreachable: }',
  ]);
  expectRows(
    rows,
    [...groups].map(([reason, group]) => ({
      reason,
      attempts: group.length,
      pods: distinct(group.map(({ line }) => podOf(line))),
      most_nodes: Math.max(...group.map(({ nodes }) => nodes)),
      last_seen: latest(group.map(({ line }) => klogTime(line) as string)),
    })),
  );
  expectDescending(rows, 'attempts');
});

test('scheduler-failures-by-reason reads a line without preemption', async () => {
  const line =
    'I1121 08:24:00.000000       1 schedule_one.go:1044] "Unable to schedule pod; no fit; waiting" pod="batch/big-0" err="0/120 nodes are available: 100 Insufficient memory, 20 Too many pods."';

  const rows = await withFile('kube-scheduler-0123.log', [line], (path) => askSaved('scheduler-failures-by-reason', path));

  expect(asCounts(rows, 'reason', 'most_nodes')).toEqual({ 'Insufficient memory': 100, 'Too many pods': 20 });
});

test('pods-pending-longest measures from the first failed attempt, and says which pods found a node', async () => {
  const rows = await askSaved('pods-pending-longest', SAMPLES.scheduler);

  const bound = SCHEDULER_LINES.filter((line) => line.includes('"Successfully bound pod to node"'));
  const failedBy = groupBy(UNSCHEDULED, podOf);
  const boundBy = groupBy(bound, podOf);
  const ms = (time: string) => Date.parse(`${time.replace(' ', 'T')}Z`);
  expectRows(
    rows,
    [...failedBy].map(([pod, failed]) => {
      const lines = [...failed, ...(boundBy.get(pod) ?? [])];
      const times = lines.map((line) => klogTime(line) as string);
      return {
        pod,
        seconds: (ms(latest(times)) - ms(earliest(times))) / 1000,
        failed: failed.length,
        bound: boundBy.get(pod)?.length ?? 0,
        first_seen: earliest(times),
        last_seen: latest(times),
      };
    }),
  );
  expectDescending(rows, 'seconds');
  // Five pods ask for more than any node has, and one for a zone that is not there: they wait to the end.
  expect(rows.filter((row) => row['bound'] === 0)).toHaveLength(6);
});
