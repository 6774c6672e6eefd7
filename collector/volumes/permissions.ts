import { logGroupOf } from '../../lib/config/log-groups.ts';
import type { Permission } from '../fluent-bit/runtime.ts';
import type { RenderContext } from '../types.ts';

/** Rights of the pod that tells how full volumes are: events into the performance group, which the stacks have made. */
export function volumesPermissions({ config, cluster }: Pick<RenderContext, 'config' | 'cluster'>, partition: string): Permission[] {
  const group = `arn:${partition}:logs:${config.region}:${config.account}:log-group:${logGroupOf('performance', cluster.name)}`;
  return [{ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [group, `${group}:*`] }];
}
