import { logGroupOf } from '../../lib/config/log-groups.ts';
import { type ConfFile, changed, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';

/** Longest ConfigMap that the log router of EKS on Fargate takes, in characters (EKS user guide, Fargate logging). */
export const MAX_FARGATE_CHARS = 5300;

/**
 * Filters, outputs and parsers for the log router of EKS on Fargate, which has inputs, service and buffers of its own and allows a few plugins only. Its lines
 * keep the runtime's framing; our functions read it. Comments are left out: the ConfigMap has room for 5,300 characters.
 */
export function fargateFiles({ config, cluster }: RenderContext): ConfFile[] {
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
      changed('Retry_Limit', 10, 'its buffer is in memory: without an end it would stop reading.'),
    ],
  };
  const filter: Section = {
    name: 'FILTER',
    entries: [
      entry('Name', 'kubernetes'),
      entry('Match', 'kube.*'),
      entry('Merge_Log', 'Off'),
      entry('Buffer_Size', 0),
      entry('Kube_Meta_Cache_TTL', '300s'),
    ],
  };
  const own = 'Written by eks-telemetry from the config.';
  return [
    { path: 'filters.conf', about: own, sections: [filter] },
    { path: 'output.conf', about: own, sections: [output] },
  ];
}
