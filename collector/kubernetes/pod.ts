import { textHash } from '../../lambdas/core/index/text-hash.ts';
import type { FluentBitRuntime } from '../fluent-bit/runtime.ts';
import type { RenderedFile } from '../types.ts';
import { CONFIG_ANNOTATION, labelsOf, selectorOf } from './names.ts';
import type { KubernetesObject, Manifest, ManifestContext, Plain } from './types.ts';

/** Share of the memory limit that is requested: what Fluent Bit uses in ordinary hours, so that the scheduler does not set the whole limit aside. */
const REQUESTED_MEMORY_SHARE = 0.25;

/** Labels of a node that runs Linux pods of a DaemonSet; Fargate's have no DaemonSets. */
const LINUX = { 'kubernetes.io/os': 'linux' } as const;

/** Service account of a pod; its role comes by an association of EKS Pod Identity, which names it. */
export function serviceAccount(name: string, namespace: string): Manifest {
  return {
    about: 'Written by eks-telemetry from the config; change that, not this text.',
    object: {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name, namespace, labels: labelsOf(name) },
      automountServiceAccountToken: false,
    },
    notes: {
      automountServiceAccountToken: 'pods that talk to the cluster ask for the token themselves; AWS credentials come another way.',
    },
  };
}

/** Files of a configuration. Fluent Bit and Node read them from a folder. */
export function configMap(name: string, namespace: string, files: readonly RenderedFile[]): Manifest {
  return {
    about: 'Written by eks-telemetry from the config; change that, not this text.',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, labels: labelsOf(name) },
      data: Object.fromEntries(files.map(({ path, text }) => [path, text])),
    },
    notes: {},
  };
}

/** A role of the whole cluster and the service account that has it; `account` where it has another name. */
export function clusterRole(
  { name, namespace, account = name }: { readonly name: string; readonly namespace: string; readonly account?: string },
  rules: readonly { readonly [member: string]: Plain }[],
  notes: Manifest['notes'],
): Manifest[] {
  const about = 'Written by eks-telemetry from the config; change that, not this text.';
  return [
    {
      about,
      object: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name, labels: labelsOf(name) }, rules },
      notes,
    },
    {
      about,
      object: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name, labels: labelsOf(name) },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
      },
      notes: {},
    },
  ];
}

/** Metadata and labels of pods whose configuration is in `files`. */
export function podMetadata(name: string, files: readonly RenderedFile[]): { readonly [member: string]: Plain } {
  const hash = textHash(JSON.stringify(files.map(({ path, text }) => [path, text])));
  return { labels: labelsOf(name), annotations: { [CONFIG_ANNOTATION]: hash } };
}

/** Fluent Bit's container. `probe` asks its health page from inside the pod or, with the network of the node, by the kubelet. */
export function fluentBitContainer(runtime: FluentBitRuntime, addsReadRights: boolean): { readonly [member: string]: Plain } {
  const { cpuRequestMillis, memoryLimitMiB, folders, configFolder } = runtime;
  return {
    name: 'fluent-bit',
    image: runtime.image,
    imagePullPolicy: 'IfNotPresent',
    env: Object.entries(runtime.environment).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
    resources: {
      requests: { cpu: `${cpuRequestMillis}m`, memory: `${Math.ceil(memoryLimitMiB * REQUESTED_MEMORY_SHARE)}Mi` },
      limits: { memory: `${memoryLimitMiB}Mi` },
    },
    livenessProbe: {
      ...probe(runtime),
      initialDelaySeconds: 60,
      periodSeconds: 60,
      timeoutSeconds: 10,
      failureThreshold: 5,
    },
    securityContext: {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'], ...(addsReadRights ? { add: ['DAC_READ_SEARCH'] } : {}) },
    },
    volumeMounts: [
      { name: 'config', mountPath: configFolder, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      ...folders.map(({ path, isReadOnly }) => ({ name: volumeName(path), mountPath: path, readOnly: isReadOnly })),
    ],
  };
}

/** Why the container is as it is; the path is that of the pod's template. */
export function containerNotes(path: string): Manifest['notes'] {
  const at = `${path}.containers.0`;
  return {
    [`${at}.image`]: 'pinned (collection.fluentBit.image); officially pulled always, which makes a registry’s bad hour ours.',
    [`${at}.resources.limits`]: 'no CPU limit: a burst of lines would be throttled while its buffer grows. Officially 500m.',
    [`${at}.livenessProbe`]:
      'officially none. Five minutes without an answer: a restart helps a process that hangs, and nobody who is throttled.',
    [`${at}.securityContext.runAsUser`]: 'container logs belong to root; everything else is taken away.',
  };
}

/** Longest name of a volume (a label of DNS), without what stands before and behind the folder's part of it. */
const MAX_FOLDER_PART = 63 - 'node-'.length - '-01234567'.length;

/** Name of a volume for a folder of the node, another one for every other folder: what the name cannot hold makes a hash behind it. */
export function volumeName(path: string): string {
  const part = path
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, MAX_FOLDER_PART)
    .replaceAll(/^-|-$/g, '');
  const isWhole = `/${part.replaceAll('-', '/')}` === path;
  return `node-${part}${isWhole ? '' : `-${textHash(path).slice(-8)}`}`;
}

/** On the node's network the kubelet reaches 127.0.0.1; in a pod's own network only the pod itself does, so there its own curl asks. */
function probe({ needsHostNetwork, healthPath, httpPort }: FluentBitRuntime): { readonly [member: string]: Plain } {
  return needsHostNetwork
    ? { httpGet: { host: '127.0.0.1', path: healthPath, port: httpPort } }
    : { exec: { command: ['curl', '-fsS', '-m', '5', '-o', '/dev/null', `http://127.0.0.1:${httpPort}${healthPath}`] } };
}

/** Where pods may run: Linux nodes with the labels of the config, never Fargate. */
export function placement({ config }: ManifestContext): { readonly [member: string]: Plain } {
  const { tolerations, nodeSelector } = config.collection;
  return {
    nodeSelector: { ...LINUX, ...nodeSelector },
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate'] }] }],
        },
      },
    },
    tolerations: tolerations.map(({ key, operator, value, effect }) => ({
      ...(key === undefined ? {} : { key }),
      operator,
      ...(value === undefined ? {} : { value }),
      ...(effect === undefined ? {} : { effect }),
    })),
  };
}

/** A Deployment of one pod that never runs twice at a time, not even for a moment: two would send everything twice. */
export function singlePod(
  name: string,
  namespace: string,
  template: { readonly metadata: Plain; readonly spec: { readonly [member: string]: Plain } },
): KubernetesObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels: labelsOf(name) },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: selectorOf(name) },
      template,
    },
  };
}
