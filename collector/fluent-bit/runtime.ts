import { logGroupOf } from '../../lib/config/log-groups.ts';
import type { ClusterConfig, Config } from '../../lib/config/resolve.ts';
import { collectedApplications } from './applications.ts';
import { graceSeconds, terminationSeconds } from './sizes.ts';
import { STATE_FOLDER } from './values.ts';

/** A folder of the node that the pod sees. */
export interface NodeFolder {
  readonly path: string;
  readonly isReadOnly: boolean;
}

/** What a pod with one of our configurations needs around it. Manifests, Helm values and the add-on's values are made of this. */
export interface FluentBitRuntime {
  readonly image: string;
  readonly memoryLimitMiB: number;
  readonly cpuRequestMillis: number;
  /** Seconds that Fluent Bit itself goes on sending; `terminationGracePeriodSeconds` must be `terminationSeconds`, which is longer. */
  readonly graceSeconds: number;
  readonly terminationSeconds: number;
  /** Port on 127.0.0.1: with the network of the node, probes name the host 127.0.0.1. */
  readonly httpPort: number;
  readonly healthPath: string;
  /** Whether the pod needs the network of the node: the journal's IMDS hop and the kubelet are reached from there only. */
  readonly needsHostNetwork: boolean;
  /** Variables of the environment that the texts name, by the field of the pod (downward API). */
  readonly environment: { readonly [name: string]: string };
  readonly folders: readonly NodeFolder[];
  /** Where the files of the configuration are expected. */
  readonly configFolder: string;
  /** Whether the service account must read the kubelet (`nodes/proxy`, a wide right). */
  readonly needsKubelet: boolean;
}

/** What the DaemonSet needs. */
export function daemonSetRuntime(config: Config): FluentBitRuntime {
  const { fluentBit, files } = config.collection;
  const outside = files
    .flatMap(({ paths }) => paths.map(fixedFolder))
    .filter((path) => !path.startsWith('/var/log/') && path !== '/var/log');
  return {
    image: fluentBit.image,
    memoryLimitMiB: fluentBit.memoryLimitMiB,
    cpuRequestMillis: fluentBit.cpuRequestMillis,
    graceSeconds: graceSeconds(config, 'daemonset'),
    terminationSeconds: terminationSeconds(config),
    httpPort: fluentBit.httpPort,
    healthPath: '/api/v1/health',
    needsHostNetwork: true,
    environment: { HOST_NAME: 'spec.nodeName' },
    folders: [
      { path: STATE_FOLDER, isReadOnly: false },
      { path: '/var/log', isReadOnly: true },
      // Where containers' logs really are on nodes with Docker: /var/log/containers holds links.
      { path: '/var/lib/docker/containers', isReadOnly: true },
      { path: '/run/log/journal', isReadOnly: true },
      ...[...new Set(outside)].sort().map((path) => ({ path, isReadOnly: true })),
    ],
    configFolder: '/fluent-bit/etc',
    needsKubelet: fluentBit.kubernetesMetadata === 'kubelet',
  };
}

/**
 * What the one pod for Kubernetes events needs. Its state may be an emptyDir, which holds chunks over a restart of the container: a pod on another node reads the
 * cluster's last hour again. The log group then has those events twice; the index does not, since their `_id` is their uid and resource version.
 */
export function eventsRuntime(config: Config): FluentBitRuntime {
  const { fluentBit, events } = config.collection;
  return {
    ...daemonSetRuntime(config),
    memoryLimitMiB: events.memoryLimitMiB,
    cpuRequestMillis: Math.min(50, fluentBit.cpuRequestMillis),
    needsHostNetwork: false,
    environment: {},
    folders: [],
    needsKubelet: false,
  };
}

/** The folder of the node that must be mounted for a path of `collection.files`: the one above its first `*`. */
export function fixedFolder(path: string): string {
  const fixed = path.slice(0, path.includes('*') ? path.indexOf('*') : undefined);
  return fixed.slice(0, Math.max(fixed.lastIndexOf('/'), 1));
}

/** A statement of an IAM policy. */
export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Rights of the DaemonSet's role: exactly what its outputs call. */
export function daemonSetPermissions(config: Config, cluster: ClusterConfig, partition: string): Permission[] {
  const { account, region, collection } = config;
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  const groups = new Set<string>();
  if (collection.inputs.application) groups.add(logGroupOf('application', cluster.name));
  if (collection.inputs.dataplane) groups.add(logGroupOf('dataplane', cluster.name));
  if (collection.inputs.host || collection.files.length > 0) groups.add(logGroupOf('host', cluster.name));
  if (collection.fluentBit.selfMetrics) groups.add(logGroupOf('performance', cluster.name));
  for (const { logGroup } of collection.files) if (logGroup !== undefined) groups.add(logGroup);
  const more: Permission[] = [];
  const assumed = new Set<string>();
  for (const { collect } of collectedApplications(config, cluster)) {
    const { cloudWatch, firehose, kinesis, openSearch, s3, kafka } = collect.sinks;
    for (const sink of [cloudWatch, firehose, kinesis, openSearch, s3]) if (sink?.roleArn !== undefined) assumed.add(sink.roleArn);
    if (cloudWatch !== undefined && cloudWatch.roleArn === undefined) groups.add(cloudWatch.logGroup);
    if (firehose !== undefined && firehose.roleArn === undefined)
      more.push({ actions: ['firehose:PutRecordBatch'], resources: [arn('firehose', `deliverystream/${firehose.deliveryStream}`)] });
    if (kinesis !== undefined && kinesis.roleArn === undefined)
      more.push({ actions: ['kinesis:PutRecords'], resources: [arn('kinesis', `stream/${kinesis.stream}`)] });
    if (s3 !== undefined && s3.roleArn === undefined)
      more.push({ actions: ['s3:PutObject'], resources: [`arn:${partition}:s3:::${s3.bucket}/*`] });
    // The name of the domain is not in its host; its own policy decides which indexes the role may write.
    if (openSearch?.signed === true && openSearch.roleArn === undefined)
      more.push({ actions: ['es:ESHttpPost'], resources: [arn('es', 'domain/*')] });
    if (kafka?.mskIam === true && kafka.clusterArn !== undefined) {
      const topic = `${kafka.clusterArn.replace(':cluster/', ':topic/')}/${kafka.topic}`;
      more.push({ actions: ['kafka-cluster:Connect', 'kafka-cluster:WriteDataIdempotently'], resources: [kafka.clusterArn] });
      more.push({ actions: ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'], resources: [topic] });
    }
  }
  if (assumed.size > 0) more.push({ actions: ['sts:AssumeRole'], resources: [...assumed].sort() });
  return [logsPermission([...groups].sort(), arn), ...more];
}

/** Rights of the role of the events pod. */
export function eventsPermissions(config: Config, cluster: ClusterConfig, partition: string): Permission[] {
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${config.region}:${config.account}:${rest}`;
  return [logsPermission([logGroupOf('events', cluster.name)], arn)];
}

/** A stream is made before its group is missed, so all four are needed; the group's own ARN is asked by some, that of its streams by the others. */
function logsPermission(groups: readonly string[], arn: (service: string, rest: string) => string): Permission {
  return {
    actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents', 'logs:PutRetentionPolicy'],
    resources: groups.flatMap((group) => [arn('logs', `log-group:${group}`), arn('logs', `log-group:${group}:*`)]),
  };
}
