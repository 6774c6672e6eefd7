import { readsNodes } from '../../collector/reads-nodes.ts';
import { kubectlOf } from './kubectl.ts';
import type { ClusterConfig, Config } from './resolve.ts';

/** What the stacks do in a cluster. */
export interface CollectionPlan {
  /** Whether add-ons and objects are installed by the deploy; roles and their associations are made either way. */
  readonly installs: boolean;
  /** Why the deploy does not install although the config says so. */
  readonly reason?: string;
}

/** Decides from the config alone whether the deploy can reach the cluster. */
export function planCollection(config: Config, cluster: ClusterConfig): CollectionPlan {
  if (config.collection.install === 'render') return { installs: false };
  const { kubernetesVersion, install } = cluster;
  if (kubernetesVersion === undefined)
    return { installs: false, reason: 'kubernetesVersion is missing: kubectl and add-ons are chosen by it' };
  if (kubectlOf(kubernetesVersion) === undefined)
    return { installs: false, reason: `there is no kubectl here for Kubernetes ${kubernetesVersion}` };
  if (install.endpoint === 'private' && install.vpc === undefined)
    return { installs: false, reason: 'its endpoint is private and install.vpc is missing: nothing of the deploy can reach it' };
  return { installs: true };
}

/** Whether anything is collected at all: with everything switched off a cluster has no such stack. */
export function hasCollection(config: Config): boolean {
  const { logs, events, volumes, containerInsights, metricsServer, fargate } = config.collection;
  const hasMetrics = containerInsights.enabled || containerInsights.hostMetrics || containerInsights.prometheusControlPlane;
  return (
    (logs === 'own' && readsNodes(config)) ||
    logs === 'addon' ||
    events.enabled ||
    volumes.enabled ||
    hasMetrics ||
    metricsServer ||
    fargate
  );
}
