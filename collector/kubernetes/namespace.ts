import { renderFluentBit } from '../fluent-bit.ts';
import { FARGATE_CONFIG, FARGATE_NAMESPACE } from './names.ts';
import { configMap } from './pod.ts';
import type { Component, Manifest, ManifestContext } from './types.ts';

/** The namespace of everything that is installed. It stays when the rest goes: the CloudWatch add-on lives there too. */
export function namespace({ config }: ManifestContext): Component {
  return {
    name: 'namespace',
    isKept: true,
    manifests: [namespaceManifest(config.collection.namespace, { 'pod-security.kubernetes.io/enforce': 'privileged' })],
  };
}

/** What EKS on Fargate reads: a namespace and a ConfigMap, both with names and a label that cannot be chosen. */
export function fargate({ config, cluster }: ManifestContext): Component {
  const { object, ...rest } = configMap(FARGATE_CONFIG, FARGATE_NAMESPACE, renderFluentBit(config, cluster, 'fargate'));
  return {
    name: 'fargate',
    isKept: false,
    manifests: [
      namespaceManifest(FARGATE_NAMESPACE, { 'aws-observability': 'enabled' }),
      {
        ...rest,
        object,
        notes: {
          data: [
            'pods that run already keep what they started with. Comments inside would count: 5,300 characters are all that EKS takes.',
            'Other than officially: no Merge_Log (a JSON line would be sent twice), the group expires, retries end (the buffer is in memory).',
          ].join('\n'),
        },
      },
    ],
  };
}

/** Characters of the ConfigMap that EKS on Fargate would read, as JSON with names and labels: how EKS counts is not said, so everything counts. */
export function fargateChars(context: ManifestContext): number {
  const { manifests } = fargate(context);
  return Math.max(...manifests.map(({ object }) => JSON.stringify(object).length));
}

function namespaceManifest(name: string, labels: { readonly [label: string]: string }): Manifest {
  return {
    about: 'Written by eks-telemetry from the config; change that, not this text.',
    object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { name, ...labels } } },
    notes: { 'metadata.labels': 'folders of the node are mounted here, which stricter levels of Pod Security refuse.' },
  };
}
