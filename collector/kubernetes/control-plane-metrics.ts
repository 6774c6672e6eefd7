import { ADDON_SERVICE_ACCOUNT } from './names.ts';
import { clusterRole } from './pod.ts';
import type { Component, ManifestContext } from './types.ts';

const NAME = 'eks-telemetry-control-plane-metrics';

/** Rights of the add-on's agent on the pages of scheduler and controller manager, which its own role lacks. */
export function controlPlaneMetrics({ config }: ManifestContext): Component {
  const rules = [
    { nonResourceURLs: ['/metrics'], verbs: ['get'] },
    { apiGroups: ['metrics.eks.amazonaws.com'], resources: ['kcm/metrics', 'ksh/metrics'], verbs: ['get'] },
  ];
  return {
    name: 'control-plane-metrics',
    isKept: false,
    manifests: clusterRole({ name: NAME, namespace: config.collection.namespace, account: ADDON_SERVICE_ACCOUNT }, rules, {}),
  };
}
