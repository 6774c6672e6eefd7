import type { ClusterConfig, Config } from '../../lib/config/resolve.ts';
import { readsNodes } from '../reads-nodes.ts';
import { controlPlaneMetrics } from './control-plane-metrics.ts';
import { eventsAgent } from './events.ts';
import { fargate, namespace } from './namespace.ts';
import { nodeAgent } from './node-agent.ts';
import type { Component } from './types.ts';
import { volumesAgent } from './volumes.ts';

/** Everything that is installed in a cluster besides add-ons, in the order in which it is. The same config gives the same objects. */
export function componentsOf(config: Config, cluster: ClusterConfig): readonly Component[] {
  const context = { config, cluster };
  const { logs, events, volumes, containerInsights, fargate: hasFargate } = config.collection;
  const parts = [
    ...(logs === 'own' && readsNodes(config) ? [nodeAgent(context)] : []),
    ...(events.enabled ? [eventsAgent(context)] : []),
    ...(volumes.enabled ? [volumesAgent(context)] : []),
    ...(containerInsights.prometheusControlPlane ? [controlPlaneMetrics(context)] : []),
  ];
  return [...(parts.length > 0 ? [namespace(context)] : []), ...parts, ...(hasFargate ? [fargate(context)] : [])];
}
