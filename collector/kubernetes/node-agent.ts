import { daemonSetRuntime, type FluentBitRuntime } from '../fluent-bit/runtime.ts';
import { STATE_FOLDER } from '../fluent-bit/values.ts';
import { renderFluentBit } from '../fluent-bit.ts';
import { labelsOf, NODE_AGENT, selectorOf } from './names.ts';
import { clusterRole, configMap, containerNotes, fluentBitContainer, placement, podMetadata, serviceAccount, volumeName } from './pod.ts';
import type { Component, Manifest, ManifestContext, Plain } from './types.ts';

/** First minor version of a cluster whose oldest possible node (three minors behind) knows the kubelet right `nodes/pods` (1.33). */
const KUBELET_PODS_MINOR = 36;

/** Our Fluent Bit on every Linux node. */
export function nodeAgent(context: ManifestContext): Component {
  const { config, cluster } = context;
  const { namespace } = config.collection;
  const files = renderFluentBit(config, cluster, 'daemonset');
  const runtime = daemonSetRuntime(config);
  return {
    name: 'node-agent',
    isKept: false,
    manifests: [
      serviceAccount(NODE_AGENT, namespace),
      ...(runtime.needsKubelet ? kubeletRights(context) : []),
      configMap(NODE_AGENT, namespace, files),
      daemonSet(context, runtime, podMetadata(NODE_AGENT, files)),
    ],
  };
}

function kubeletRights({ config, cluster }: ManifestContext): Manifest[] {
  const minor = Number((cluster.kubernetesVersion ?? '1.0').slice(2));
  const resource = minor >= KUBELET_PODS_MINOR ? 'nodes/pods' : 'nodes/proxy';
  return clusterRole(
    { name: NODE_AGENT, namespace: config.collection.namespace },
    [
      { apiGroups: [''], resources: ['namespaces', 'pods'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: [resource], verbs: ['get'] },
    ],
    {
      'rules.1.resources':
        resource === 'nodes/pods'
          ? 'the kubelet’s list of pods and no more; officially nodes/proxy, the whole API of the kubelet.'
          : 'the whole API of the kubelet, as officially: nodes before 1.33 know no narrower right. kubernetesMetadata: fileName needs none.',
    },
  );
}

function daemonSet(context: ManifestContext, runtime: FluentBitRuntime, metadata: Plain): Manifest {
  const { fluentBit, namespace, files } = context.config.collection;
  const template = 'spec.template.spec';
  return {
    about: 'Fluent Bit on every node. Written by eks-telemetry from the config; change that, not this text.',
    object: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: NODE_AGENT, namespace, labels: labelsOf(NODE_AGENT) },
      spec: {
        revisionHistoryLimit: 3,
        selector: { matchLabels: selectorOf(NODE_AGENT) },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: `${fluentBit.updateAtOncePercent}%` } },
        template: {
          metadata,
          spec: {
            serviceAccountName: NODE_AGENT,
            automountServiceAccountToken: runtime.needsKubelet,
            priorityClassName: 'system-node-critical',
            hostNetwork: runtime.needsHostNetwork,
            dnsPolicy: 'ClusterFirstWithHostNet',
            terminationGracePeriodSeconds: runtime.terminationSeconds,
            ...placement(context),
            containers: [fluentBitContainer(runtime, files.length > 0)],
            volumes: [
              { name: 'config', configMap: { name: NODE_AGENT } },
              { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
              ...runtime.folders.map(({ path }) => ({
                name: volumeName(path),
                hostPath: { path, ...(path === STATE_FOLDER ? { type: 'DirectoryOrCreate' } : {}) },
              })),
            ],
          },
        },
      },
    },
    notes: {
      'spec.updateStrategy.rollingUpdate.maxUnavailable': 'collection.fluentBit.updateAtOncePercent; officially one node after the other.',
      [`${template}.automountServiceAccountToken`]: runtime.needsKubelet
        ? 'for the kubelet’s API.'
        : 'metadata come from the files’ names: the pod cannot talk to the cluster at all.',
      [`${template}.priorityClassName`]: 'a node under pressure evicts others first; what it does then is what people want to read.',
      [`${template}.hostNetwork`]: 'the node’s metadata service answers pods of their own network only with a hop limit of two.',
      [`${template}.terminationGracePeriodSeconds`]: `longer than the ${runtime.graceSeconds} s that Fluent Bit goes on sending; officially 10 against its 30, so it was killed while it sent.`,
      [`${template}.affinity`]: 'pods on Fargate have a log router of their own.',
      [`${template}.tolerations`]: 'collection.tolerations; officially none, and then nodes with a taint are without logs.',
      ...containerNotes(template),
    },
  };
}
