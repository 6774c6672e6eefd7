import type { ClusterConfig, Config } from '../../lib/config/resolve.ts';

/** A value that YAML and JSON can write. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [member: string]: Plain };

/** An object of the Kubernetes API. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** Absent for objects of the whole cluster. */
    readonly namespace?: string;
    readonly labels?: { readonly [label: string]: string };
    readonly annotations?: { readonly [annotation: string]: string };
  };
  readonly [member: string]: Plain;
}

/** An object with the reasons for its values. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** First line of its file. */
  readonly about: string;
  /** Comments by the dotted path of a value, such as `spec.template.spec.terminationGracePeriodSeconds`; items of lists by their position. */
  readonly notes: { readonly [path: string]: string };
}

/** What is installed and deleted together. */
export interface Component {
  readonly name: 'namespace' | 'node-agent' | 'events' | 'volumes' | 'control-plane-metrics' | 'fargate';
  readonly manifests: readonly Manifest[];
  /** Whether it stays when the stack is deleted, because others live in it. */
  readonly isKept: boolean;
}

/** What every renderer of manifests is given. */
export interface ManifestContext {
  readonly config: Config;
  readonly cluster: ClusterConfig;
}
