// Writes samples/scenarios/oom: a memory leak after a rollout. Four pods grow until the kernel kills their container, one every 220 seconds for an hour;
// the journal, Kubernetes' events and Container Insights' performance events each tell of it in their own shape.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

const MINUTE_MS = 60_000;
const MIB = 1_048_576;
const FROM_MS = Date.parse('2026-11-21T08:24:00Z');
const UNTIL_MS = Date.parse('2026-11-21T09:50:00Z');
const FIRST_KILL_MS = Date.parse('2026-11-21T08:29:40Z');
const KILL_EVERY_MS = 220_000;
const KILLS = 18;
const LIMIT = 1024 * MIB;
const FRESH = 430 * MIB;
const NODES = ['ip-10-0-11-35.ec2.internal', 'ip-10-0-11-78.ec2.internal'];
const PODS = ['x2k4q', 'm8tzv', 'p6wq9', 'c4dhn'].map((suffix, index) => ({
  name: `orders-7d9c8b6f5-${suffix}`,
  uid: `8e61a591-a186-4316-a9b0-f565e2a87c3${index}`,
  container: `${String(index).repeat(2)}51182981a000c8b2377ca92ad4c42941fc741596c7aedd89fb7a173aeec263`,
  node: NODES[index % 2] as string,
}));

const kills = Array.from({ length: KILLS }, (_, index) => ({
  atMs: FIRST_KILL_MS + index * KILL_EVERY_MS,
  pod: index % PODS.length,
  index,
}));
const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const event = (timestamp: number, message: object, logStreamName: string) => ({
  timestamp,
  message: JSON.stringify(message),
  logStreamName,
});

/** The kernel's line as the journal input sends it, and a timer's line now and then: silence would be something else. */
function hostEvents() {
  const record = (host: string, ident: string, message: string, priority: string) => ({ host, message, ident, priority });
  const killed = kills.flatMap(({ atMs, index, pod }) => {
    const { container, node, uid } = PODS[pod] as (typeof PODS)[0];
    const group = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid.replaceAll('-', '_')}.slice/cri-containerd-${container}.scope`;
    const pid = 31_877 + index * 1_204;
    return [
      `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=${container},mems_allowed=0,oom_memcg=${group},task_memcg=${group},task=java,pid=${pid},uid=1000`,
      `Memory cgroup out of memory: Killed process ${pid} (java) total-vm:4873216kB, anon-rss:1043620kB, file-rss:18764kB, shmem-rss:0kB, UID:1000 pgtables:2680kB oom_score_adj:984`,
    ].map((message) => event(atMs, record(node, 'kernel', message, '3'), `${node}.host.dmesg`));
  });
  const quiet = steps(2 * MINUTE_MS).flatMap((atMs) =>
    NODES.map((node) =>
      event(atMs, record(node, 'systemd', 'sysstat-collect.service: Deactivated successfully.', '6'), `${node}.host.messages`),
    ),
  );
  return [...killed, ...quiet];
}

function kubernetesEvents() {
  let version = 51_000;
  const make = (
    atMs: number,
    object: { kind: string; namespace?: string; name: string },
    reason: string,
    message: string,
    type: string,
    source: object,
  ) =>
    event(
      atMs,
      {
        metadata: {
          name: `${object.name}.${(0x18ea_0000 + version).toString(16)}${(atMs % 0xfffff_fff).toString(16).padStart(8, '0')}`,
          namespace: object.namespace ?? 'default',
          uid: `5357b3b1-712e-402e-ab62-${String(version).padStart(12, '0')}`,
          resourceVersion: String(++version),
          creationTimestamp: iso(atMs),
        },
        involvedObject: { ...object, apiVersion: 'v1' },
        reason,
        message,
        source,
        firstTimestamp: iso(atMs),
        lastTimestamp: iso(atMs),
        count: 1,
        type,
        eventTime: null,
      },
      'fluent-bit-kubernetes-events',
    );
  const killed = kills.flatMap(({ atMs, index, pod }) => {
    const { name, node } = PODS[pod] as (typeof PODS)[0];
    const text = `Memory cgroup out of memory: Killed process ${31_877 + index * 1_204} (java) total-vm:4873216kB, anon-rss:1043620kB, file-rss:18764kB, shmem-rss:0kB, UID:1000 pgtables:2680kB oom_score_adj:984`;
    const object = { kind: 'Pod', namespace: 'prod-web', name };
    return [
      make(atMs + 1000, { kind: 'Node', name: node }, 'OOMKilling', text, 'Warning', { component: 'kernel-monitor', host: node }),
      make(atMs + 12_000, object, 'Started', 'Started container orders', 'Normal', { component: 'kubelet', host: node }),
    ];
  });
  const quiet = steps(2 * MINUTE_MS).map((atMs, index) =>
    make(
      atMs,
      { kind: 'CronJob', namespace: 'prod-web', name: 'sweep' },
      'SuccessfulCreate',
      `Created job sweep-${29_800_000 + index}`,
      'Normal',
      {
        component: 'cronjob-controller',
      },
    ),
  );
  return [...killed, ...quiet];
}

/** One event of the pod and one of its container each minute, as the agent writes them: restarts since the minute before, the last reason as long as it is the last. */
function performanceEvents() {
  return PODS.flatMap((pod, index) => {
    const own = kills.filter((kill) => kill.pod === index).map(({ atMs }) => atMs);
    return steps(MINUTE_MS).flatMap((minuteMs) => {
      const atMs = minuteMs + 7_125 + index * 200;
      const last = own.filter((killMs) => killMs <= atMs).at(-1);
      const next = own.find((killMs) => killMs > atMs);
      const restarts = own.filter((killMs) => killMs <= atMs && killMs > atMs - MINUTE_MS).length;
      const since = last ?? (own[0] as number) - PODS.length * KILL_EVERY_MS;
      // After the last kill somebody rolled back: memory stays where it is.
      const share = next === undefined ? 0.1 : (atMs - since) / (next - since);
      return [
        podEvent(pod, atMs, memoryAt(share), restarts, last !== undefined),
        containerEvent(pod, atMs, memoryAt(share), restarts, last !== undefined),
      ];
    });
  });
}

const memoryAt = (share: number): number => Math.round(FRESH + (LIMIT - FRESH) * Math.min(1, Math.max(0, share)));
const percent = (value: number): number => Math.round(value * 1e6) / 1e4;

function common({ container, name, node, uid }: (typeof PODS)[0], atMs: number, type: string) {
  return {
    AutoScalingGroupName: 'eks-workers-1',
    ClusterName: 'local',
    InstanceId: `i-0a1b2c3d4e5f6000${NODES.indexOf(node) + 1}`,
    InstanceType: 'm7g.large',
    NodeName: node,
    Sources: ['cadvisor', 'pod', 'calculated'],
    Timestamp: String(atMs),
    Type: type,
    Version: '0',
    Namespace: 'prod-web',
    PodName: 'orders',
    FullPodName: name,
    Service: 'orders',
    kubernetes: {
      host: node,
      labels: { app: 'orders' },
      namespace_name: 'prod-web',
      pod_id: uid,
      pod_name: name,
      pod_owners: [{ owner_kind: 'Deployment', owner_name: 'orders' }],
      service_name: 'orders',
      ...(type === 'Container' ? { container_name: 'orders', containerd: { container_id: container } } : {}),
    },
  };
}

function podEvent(pod: (typeof PODS)[0], atMs: number, memory: number, restarts: number, wasKilled: boolean) {
  const sets = [
    ['PodName', 'Namespace', 'ClusterName'],
    ['ClusterName'],
    ['FullPodName', 'PodName', 'Namespace', 'ClusterName'],
    ['Service', 'Namespace', 'ClusterName'],
  ];
  const metrics = (names: readonly string[], unit: string) => names.map((Name) => ({ Unit: unit, Name }));
  return event(
    atMs,
    {
      ...common(pod, atMs, 'Pod'),
      CloudWatchMetrics: [
        {
          Namespace: 'ContainerInsights',
          Dimensions: [...sets, ['Namespace', 'ClusterName']],
          Metrics: metrics(['pod_memory_utilization', 'pod_memory_utilization_over_pod_limit'], 'Percent'),
        },
        {
          Namespace: 'ContainerInsights',
          Dimensions: sets,
          Metrics: metrics(
            ['pod_number_of_container_restarts', ...(wasKilled ? ['pod_container_status_terminated_reason_oom_killed'] : [])],
            'Count',
          ),
        },
      ],
      pod_memory_limit: LIMIT,
      pod_memory_request: 512 * MIB,
      pod_memory_working_set: memory,
      pod_memory_utilization: percent(memory / 8_206_262_272),
      pod_memory_utilization_over_pod_limit: percent(memory / LIMIT),
      pod_number_of_container_restarts: restarts,
      pod_number_of_containers: 1,
      pod_number_of_running_containers: 1,
      pod_status: 'Running',
      pod_status_ready: 1,
      pod_container_status_running: 1,
      ...(wasKilled ? { pod_container_status_terminated_reason_oom_killed: 1 } : {}),
    },
    pod.node,
  );
}

function containerEvent(pod: (typeof PODS)[0], atMs: number, memory: number, restarts: number, wasKilled: boolean) {
  return event(
    atMs,
    {
      ...common(pod, atMs, 'Container'),
      CloudWatchMetrics: [
        {
          Namespace: 'ContainerInsights',
          Dimensions: [
            ['ClusterName'],
            ['ContainerName', 'PodName', 'Namespace', 'ClusterName'],
            ['ContainerName', 'FullPodName', 'PodName', 'Namespace', 'ClusterName'],
          ],
          Metrics: ['container_memory_utilization', 'container_memory_utilization_over_container_limit'].map((Name) => ({
            Unit: 'Percent',
            Name,
          })),
        },
      ],
      ContainerName: 'orders',
      container_memory_limit: LIMIT,
      container_memory_request: 512 * MIB,
      container_memory_working_set: memory,
      container_memory_utilization: percent(memory / 8_206_262_272),
      container_memory_utilization_over_container_limit: percent(memory / LIMIT),
      container_status: 'Running',
      ...(wasKilled ? { container_last_termination_reason: 'OOMKilled' } : {}),
      number_of_container_restarts: restarts,
    },
    pod.node,
  );
}

function steps(everyMs: number): number[] {
  return Array.from({ length: (UNTIL_MS - FROM_MS) / everyMs }, (_, index) => FROM_MS + index * everyMs);
}

const folder = join(resolve(import.meta.dirname, '..'), 'samples/scenarios/oom');
mkdirSync(folder, { recursive: true });
for (const [kind, events] of Object.entries({ host: hostEvents(), events: kubernetesEvents(), performance: performanceEvents() })) {
  const lines = events
    .sort((a, b) => a.timestamp - b.timestamp)
    .map((one, index) =>
      JSON.stringify({ ...one, eventId: `${String(one.timestamp).padStart(44, '0')}${String(index).padStart(12, '0')}` }),
    );
  writeFileSync(join(folder, `${kind}.ndjson.gz`), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
}
