import { exportedEvents, MORE_SAMPLES, rounded, sum } from '../../support/container-records.ts';
import { earliest, groupBy, type Json, latest } from '../../support/independent.ts';
import { askSaved, expectDescending, expectRows } from '../../support/run-query.ts';

const MIB = 1048576;
const EVENTS: Json[] = exportedEvents(MORE_SAMPLES.performance).map(({ json, time }) => ({ ...json, time }));
const ofType = (...types: string[]): Json[] => EVENTS.filter(({ Type }) => types.includes(Type));
const ask = (name: string, parameters: Record<string, string> = {}) => askSaved(name, MORE_SAMPLES.performance, parameters);

const groups = (events: readonly Json[], ...fields: string[]): Json[][] => [
  ...groupBy(events, (event) => JSON.stringify(fields.map((field) => event[field]))).values(),
];
const values = (group: readonly Json[], field: string): number[] =>
  group.map((event) => event[field]).filter((value) => value !== undefined);
const most = (group: readonly Json[], field: string): number => Math.max(...values(group, field));
const mean = (group: readonly Json[], field: string): number => sum(values(group, field)) / values(group, field).length;
const podOf = ([event]: readonly Json[]) => ({ Namespace: event.Namespace, pod: event.FullPodName });
const containerOf = (group: readonly Json[]) => ({ ...podOf(group), container: group[0].ContainerName });

test('pods-near-memory-limit compares with the limit of the pod', async () => {
  const expected = groups(
    ofType('Pod').filter((event) => event.pod_memory_utilization_over_pod_limit !== undefined),
    'FullPodName',
  ).map((group) => ({
    ...podOf(group),
    limit_mib: most(group, 'pod_memory_limit') / MIB,
    used_mib: most(group, 'pod_memory_working_set') / MIB,
    peak_percent: most(group, 'pod_memory_utilization_over_pod_limit'),
    average_percent: mean(group, 'pod_memory_utilization_over_pod_limit'),
  }));

  const rows = await ask('pods-near-memory-limit');

  expectRows(rounded(rows), rounded(expected.filter(({ peak_percent }) => peak_percent >= 80)));
  expect(rows.map(({ pod }) => pod)).toEqual(['orders-7d9c8b6f5-x2k4q', 'cdro-server-0']);
  expectRows(rounded(await ask('pods-near-memory-limit', { at_least_percent: '0' })), rounded(expected));
});

test('pods-near-cpu-limit leaves out pods without a limit', async () => {
  const rows = await ask('pods-near-cpu-limit', { at_least_percent: '0' });

  expectRows(
    rounded(rows),
    rounded(
      groups(
        ofType('Pod').filter((event) => event.pod_cpu_limit !== undefined),
        'FullPodName',
      ).map((group) => ({
        ...podOf(group),
        limit_millicores: most(group, 'pod_cpu_limit'),
        used_millicores: most(group, 'pod_cpu_usage_total'),
        peak_percent: most(group, 'pod_cpu_utilization_over_pod_limit'),
        average_percent: mean(group, 'pod_cpu_utilization_over_pod_limit'),
      })),
    ),
  );
  expect(rows.map(({ pod }) => pod)).not.toContain('web-569696d9f6-6kj7f');
  expect(await ask('pods-near-cpu-limit')).toHaveLength(2);
});

test('container-restarts adds up the restarts of each minute', async () => {
  const rows = await ask('container-restarts');

  const last = (group: readonly Json[], field: string) => [...group].reverse().find((event) => event[field] !== undefined)?.[field];
  expectRows(
    rows,
    groups(ofType('Container'), 'FullPodName', 'ContainerName')
      .map((group) => ({
        ...containerOf(group),
        restarts: sum(values(group, 'number_of_container_restarts')),
        last_reason: last(group, 'container_last_termination_reason'),
        waiting_for: last(group, 'container_status_reason'),
      }))
      .filter(({ restarts }) => restarts > 0),
  );
  expect(rows.map(({ pod, restarts }) => [pod, restarts])).toEqual([
    ['report-0', 5],
    ['orders-7d9c8b6f5-x2k4q', 3],
    ['checkout-5f6d7c8b9-abcde', 1],
  ]);
});

test('oom-killed-containers shows limit and peak', async () => {
  const rows = await ask('oom-killed-containers');

  expectRows(
    rounded(rows),
    rounded(
      groups(
        ofType('Container').filter((event) => event.container_last_termination_reason === 'OOMKilled'),
        'FullPodName',
        'ContainerName',
      ).map((group) => ({
        ...containerOf(group),
        restarts: sum(values(group, 'number_of_container_restarts')),
        limit_mib: most(group, 'container_memory_limit') / MIB,
        peak_mib: most(group, 'container_memory_working_set') / MIB,
        first_seen: earliest(group.map(({ time }) => time)),
      })),
    ),
  );
  expect(rows).toHaveLength(1);
});

test('waiting-containers counts the minutes of each reason', async () => {
  const rows = await ask('waiting-containers');

  expectRows(
    rows,
    groups(
      ofType('Container').filter((event) => event.container_status === 'Waiting'),
      'FullPodName',
      'ContainerName',
      'container_status_reason',
    ).map((group) => ({
      ...containerOf(group),
      reason: group[0].container_status_reason,
      minutes: group.length,
      last_seen: latest(group.map(({ time }) => time)),
    })),
  );
});

test('node-pressure shows only nodes under pressure, in minutes', async () => {
  const rows = await ask('node-pressure');

  expect(rows).toEqual([
    {
      NodeName: 'ip-10-0-11-35.ec2.internal',
      disk_pressure: 1,
      memory_pressure: 2,
      pid_pressure: 0,
      network_unavailable: 0,
      not_ready: 0,
      minutes: 3,
    },
  ]);
  const node = ofType('Node').filter(({ NodeName }) => NodeName === rows[0]?.['NodeName']);
  expect(sum(values(node, 'node_status_condition_memory_pressure'))).toBe(2);
  expect(sum(values(node, 'node_status_condition_disk_pressure'))).toBe(1);
});

test.each<[string, (group: Json[]) => Record<string, number | string>, string]>([
  [
    'node-usage',
    (group) => ({
      cpu_used: most(group, 'node_cpu_utilization'),
      cpu_reserved: most(group, 'node_cpu_reserved_capacity'),
      memory_used: most(group, 'node_memory_utilization'),
      memory_reserved: most(group, 'node_memory_reserved_capacity'),
    }),
    'memory_used',
  ],
  [
    'pods-per-node',
    (group) => ({
      InstanceType: group[0].InstanceType,
      pods: most(group, 'node_number_of_running_pods'),
      allocatable: most(group, 'node_status_allocatable_pods'),
      percent: (100 * most(group, 'node_number_of_running_pods')) / most(group, 'node_status_allocatable_pods'),
    }),
    'percent',
  ],
  [
    'node-network',
    (group) => ({
      received_kb_s: mean(group, 'node_network_rx_bytes') / 1000,
      sent_kb_s: mean(group, 'node_network_tx_bytes') / 1000,
      peak_kb_s: most(group, 'node_network_total_bytes') / 1000,
      dropped_per_second: Math.max(...group.map((event) => event.node_network_rx_dropped + event.node_network_tx_dropped)),
    }),
    'peak_kb_s',
  ],
])('%s has a row per node', async (name, of, order) => {
  const rows = await ask(name);

  expectRows(rounded(rows), rounded(groups(ofType('Node'), 'NodeName').map((group) => ({ NodeName: group[0].NodeName, ...of(group) }))));
  expectDescending(rows, order);
});

test('node-filesystems shows the fullest disks, and inodes', async () => {
  const rows = await ask('node-filesystems');

  expectRows(
    rounded(rows),
    rounded(
      groups(ofType('NodeFS'), 'NodeName', 'device').map((group) => ({
        NodeName: group[0].NodeName,
        device: group[0].device,
        peak_percent: most(group, 'node_filesystem_utilization'),
        free_gib: Math.min(...values(group, 'node_filesystem_available')) / 1024 ** 3,
        free_inodes_percent: Math.min(...group.map((event) => (100 * event.node_filesystem_inodes_free) / event.node_filesystem_inodes)),
      })),
    ),
  );
  expect(await ask('node-filesystems', { at_least_percent: '90' })).toHaveLength(1);
});

test('workloads-below-target shows workloads that miss pods', async () => {
  const rows = await ask('workloads-below-target');

  const below = ofType('ClusterDeployment', 'ClusterStatefulSet').filter((event) => event.replicas_ready < event.replicas_desired);
  expectRows(
    rows,
    groups(below, 'Type', 'Namespace', 'PodName').map((group) => ({
      Type: group[0].Type,
      Namespace: group[0].Namespace,
      PodName: group[0].PodName,
      desired: most(group, 'replicas_desired'),
      ready_at_least: Math.min(...values(group, 'replicas_ready')),
      minutes_below: group.length,
    })),
  );
  expect(rows).toHaveLength(3);
});
