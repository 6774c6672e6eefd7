/** How full a persistent volume is, as the kubelet of a node that has it mounted says. */
export interface VolumeUsage {
  readonly namespace: string;
  readonly claim: string;
  readonly node: string;
  readonly usedBytes: number;
  readonly capacityBytes: number;
  /** Absent where the file system has no fixed number of inodes. */
  readonly inodesUsed?: number;
  readonly inodes?: number;
}

/** CloudWatch namespace of the metric. */
export const VOLUME_NAMESPACE = 'EksTelemetry/Volumes';
/** Per cent of the bytes that are in use. */
export const VOLUME_METRIC = 'pvc_utilization';
/** `Type` of these events in the performance group. */
export const VOLUME_EVENT_TYPE = 'PersistentVolumeClaim';
/** Their log stream. */
export const VOLUME_STREAM = 'volume-usage';

/** Claims in a kubelet's `/stats/summary`; a volume without numbers (not yet measured, or a device without a file system) is left out. */
export function usagesOf(summary: unknown, node: string): VolumeUsage[] {
  return list(member(summary, 'pods'))
    .flatMap((pod) => list(member(pod, 'volume')))
    .flatMap((volume) => {
      const reference = member(volume, 'pvcRef');
      const [namespace, claim] = [member(reference, 'namespace'), member(reference, 'name')];
      const [usedBytes, capacityBytes] = [member(volume, 'usedBytes'), member(volume, 'capacityBytes')];
      if (typeof namespace !== 'string' || typeof claim !== 'string') return [];
      if (typeof usedBytes !== 'number' || typeof capacityBytes !== 'number' || capacityBytes <= 0) return [];
      const [inodesUsed, inodes] = [member(volume, 'inodesUsed'), member(volume, 'inodes')];
      const hasInodes = typeof inodesUsed === 'number' && typeof inodes === 'number' && inodes > 0;
      return [{ namespace, claim, node, usedBytes, capacityBytes, ...(hasInodes ? { inodesUsed, inodes } : {}) }];
    });
}

/** One row per claim, sorted: a volume that several pods or nodes have mounted is the fullest of what they say. */
export function mergeUsages(usages: readonly VolumeUsage[]): VolumeUsage[] {
  const byClaim = new Map<string, VolumeUsage>();
  for (const usage of usages) {
    const key = `${usage.namespace}/${usage.claim}`;
    const other = byClaim.get(key);
    if (other === undefined || percent(usage) > percent(other)) byClaim.set(key, usage);
  }
  return [...byClaim].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, usage]) => usage);
}

/** Per cent of the bytes in use, one decimal, at most 100. */
export function percent({ usedBytes, capacityBytes }: VolumeUsage): number {
  return Math.min(100, Math.round((usedBytes / capacityBytes) * 1000) / 10);
}

/** One event in CloudWatch's embedded metric format: a sample for the claim and one for the cluster, whose maximum is the fullest volume. */
export function volumeEvent(usage: VolumeUsage, round: { clusterName: string; thresholdPercent: number; nowMs: number }): string {
  const { namespace, claim, node, usedBytes, capacityBytes, inodesUsed, inodes } = usage;
  const value = percent(usage);
  return JSON.stringify({
    Type: VOLUME_EVENT_TYPE,
    ClusterName: round.clusterName,
    Namespace: namespace,
    PersistentVolumeClaimName: claim,
    NodeName: node,
    [VOLUME_METRIC]: value,
    AboveThreshold: value > round.thresholdPercent,
    UsedBytes: usedBytes,
    CapacityBytes: capacityBytes,
    ...(inodesUsed === undefined ? {} : { InodesUsed: inodesUsed, Inodes: inodes }),
    _aws: {
      Timestamp: round.nowMs,
      CloudWatchMetrics: [
        {
          Namespace: VOLUME_NAMESPACE,
          Dimensions: [['ClusterName', 'Namespace', 'PersistentVolumeClaimName'], ['ClusterName']],
          Metrics: [{ Name: VOLUME_METRIC, Unit: 'Percent' }],
        },
      ],
    },
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as { readonly [name: string]: unknown })[name] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
