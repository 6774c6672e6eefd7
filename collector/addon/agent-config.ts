import { logGroupOf } from '../../lib/config/log-groups.ts';
import type { Plain } from '../kubernetes/types.ts';
import type { RenderContext } from '../types.ts';

type PlainMap = { readonly [member: string]: Plain };

/** Days that a group of an own file is kept unless the config says otherwise. */
const DEFAULT_DAYS = 30;

/** What the agent itself fills in; two texts, because together they look like a template of this language. */
const INSTANCE_ID = ['$', '{aws:InstanceId}'].join('');

/** Namespace of what the agent measures on nodes besides Container Insights. */
export const HOST_NAMESPACE = 'CWAgent';

/**
 * The CloudWatch agent's own JSON on nodes; undefined where the chart's is what is wanted, which its switches choose. A given one replaces the default
 * altogether, so everything is written out; enhanced observability is off unless it is. Cluster and Region are filled in by the chart.
 */
export function agentConfig({ config, cluster }: Pick<RenderContext, 'config' | 'cluster'>): PlainMap | undefined {
  const { metrics, containerInsights } = config.collection;
  const { enabled, enhanced, intervalSeconds, acceleratedCompute, hostMetrics } = containerInsights;
  const isClassic = metrics === 'classic' && enabled;
  const files = agentFiles({ config, cluster });
  if (!isClassic && !hostMetrics && files.length === 0) return undefined;
  const collected = {
    kubernetes: {
      enhanced_container_insights: enhanced,
      metrics_collection_interval: intervalSeconds,
      accelerated_compute_metrics: acceleratedCompute,
    },
  };
  return {
    agent: { region: config.region },
    ...(hostMetrics ? { metrics: hostMetricsConfig() } : {}),
    ...(isClassic || files.length > 0
      ? {
          logs: {
            ...(isClassic ? { metrics_collected: collected } : {}),
            ...(files.length > 0 ? { logs_collected: { files: { collect_list: files } } } : {}),
            force_flush_interval: 5,
          },
        }
      : {}),
  };
}

/** Folder below which the agent's pod sees the whole node. */
const NODE_ROOT = '/rootfs';

/** With the add-on's Fluent Bit, files outside of /var/log: its pod does not see them, the agent's does. */
function agentFiles({ config, cluster }: Pick<RenderContext, 'config' | 'cluster'>): PlainMap[] {
  if (config.collection.logs !== 'addon') return [];
  return config.collection.files.flatMap(({ name, paths, start, logGroup, retentionDays }) =>
    paths
      .filter((path) => !path.startsWith('/var/log/'))
      .map((path) => ({
        file_path: `${NODE_ROOT}${path}`,
        log_group_name: logGroup ?? logGroupOf('host', cluster.name),
        log_stream_name: `{instance_id}-${name}`,
        retention_in_days: logGroup === undefined ? cluster.retentionDays.host : (retentionDays ?? DEFAULT_DAYS),
        ...(start === undefined ? {} : { multi_line_start_pattern: start }),
      })),
  );
}

/** What Container Insights does not tell of a node. The pod has the node's network and sees its root below /rootfs; each number is a paid metric. */
function hostMetricsConfig(): PlainMap {
  const each = { metrics_collection_interval: 60 };
  return {
    namespace: HOST_NAMESPACE,
    append_dimensions: { InstanceId: INSTANCE_ID },
    metrics_collected: {
      disk: { measurement: ['used_percent', 'inodes_free'], resources: ['/rootfs'], drop_device: true, ...each },
      diskio: { measurement: ['io_time'], resources: ['*'], ...each },
      swap: { measurement: ['used_percent'], ...each },
      netstat: { measurement: ['tcp_established', 'tcp_time_wait'], ...each },
    },
  };
}
