import { logGroupOf } from '../../lib/config/log-groups.ts';
import { type ConfFile, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';

/** Longest ConfigMap that the log router of EKS on Fargate takes, in characters (EKS user guide, Fargate logging). */
export const MAX_FARGATE_CHARS = 5300;

/**
 * Filters and outputs for the log router of EKS on Fargate, which has inputs, service and buffers of its own, allows a few plugins only, wants Name and Match in
 * each section and no variables. Its lines keep the runtime's framing; our functions read it. No comments: they count, and the ConfigMap has room for 5,300
 * characters. What differs from the official example: no Merge_Log, which sends a JSON line twice; retention of the group; ten retries, since its buffer is in
 * memory and would stop reading without an end; namespaces that are left out.
 */
export function fargateFiles({ config, cluster }: RenderContext): ConfFile[] {
  const { namespace, excludeNamespaces } = config.collection;
  const output: Section = {
    name: 'OUTPUT',
    entries: [
      entry('Name', 'cloudwatch_logs'),
      entry('Match', 'kube.*'),
      entry('region', config.region),
      entry('log_group_name', logGroupOf('application', cluster.name)),
      entry('log_stream_prefix', 'fargate-'),
      entry('log_retention_days', cluster.retentionDays.application),
      entry('auto_create_group', 'true'),
      entry('Retry_Limit', 10),
    ],
  };
  const metadata: Section = {
    name: 'FILTER',
    entries: [
      entry('Name', 'kubernetes'),
      entry('Match', 'kube.*'),
      entry('Merge_Log', 'Off'),
      entry('Buffer_Size', 0),
      entry('Kube_Meta_Cache_TTL', '300s'),
    ],
  };
  const names = [...new Set([namespace, ...excludeNamespaces])];
  const leftOut: Section = {
    name: 'FILTER',
    entries: [entry('Name', 'grep'), entry('Match', 'kube.*'), entry('Exclude', `$kubernetes['namespace_name'] ^(?:${names.join('|')})$`)],
  };
  return [
    { path: 'filters.conf', about: '', sections: [metadata, leftOut] },
    { path: 'output.conf', about: '', sections: [output] },
  ];
}
