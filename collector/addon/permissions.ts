import { logGroupOf } from '../../lib/config/log-groups.ts';
import { daemonSetPermissions, type Permission } from '../fluent-bit/runtime.ts';
import type { RenderContext } from '../types.ts';
import { HOST_NAMESPACE } from './agent-config.ts';

/** A permission of the CloudWatch agent; `namespace` limits metrics to one namespace. */
export interface AgentPermission extends Permission {
  readonly namespace?: string;
}

/**
 * Rights of the service account that the add-on's agent and Fluent Bit share: what its switches need of the managed policy CloudWatchAgentServerPolicy, which
 * allows every log group, every metric and traces.
 */
export function addonPermissions({ config, cluster }: Pick<RenderContext, 'config' | 'cluster'>, partition: string): AgentPermission[] {
  const { account, region, collection } = config;
  const { metrics, logs, containerInsights, files } = collection;
  const arn = (group: string) => `arn:${partition}:logs:${region}:${account}:log-group:${group}`;
  const performance = arn(logGroupOf('performance', cluster.name));
  const permissions: AgentPermission[] = [
    // The agent makes the group where the stacks have not, and looks for its streams before it writes.
    {
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogGroups',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
        'logs:PutRetentionPolicy',
      ],
      resources: [performance, `${performance}:*`],
    },
    // Names of instances' volumes and groups; these calls know no resource.
    { actions: ['ec2:DescribeTags', 'ec2:DescribeVolumes'], resources: ['*'] },
  ];
  if (metrics === 'otel' && containerInsights.enabled) permissions.push({ actions: ['cloudwatch:PutMetricData'], resources: ['*'] });
  else if (containerInsights.hostMetrics)
    permissions.push({ actions: ['cloudwatch:PutMetricData'], resources: ['*'], namespace: HOST_NAMESPACE });
  if (logs !== 'addon') return permissions;
  const hasAgentFiles = files.some(({ paths }) => paths.some((path) => !path.startsWith('/var/log/')));
  return [
    ...permissions,
    ...(hasAgentFiles
      ? [{ actions: ['logs:DescribeLogStreams'], resources: hostGroups(config, cluster.name).map((group) => `${arn(group)}:*`) }]
      : []),
    ...daemonSetPermissions(config, cluster, partition),
  ];
}

function hostGroups({ collection }: RenderContext['config'], cluster: string): string[] {
  return [...new Set(collection.files.map(({ logGroup }) => logGroup ?? logGroupOf('host', cluster)))];
}
