import type { CustomResource } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Component, KubernetesObject } from '../../collector/kubernetes/types.ts';
import type { ClusterInstaller } from './cluster-installer.ts';

/** Settings of what is installed in a cluster. */
export interface InstalledComponentsProps {
  readonly installer: ClusterInstaller;
  readonly components: readonly Component[];
}

/** Kinds that run pods: they come after everything that their pods read. */
const WORKLOADS: readonly string[] = ['DaemonSet', 'Deployment'];

/** Objects of every component: namespaces first, then what pods read, then what runs them; deleted the other way round. */
export class InstalledComponents extends Construct {
  /** What runs pods. */
  readonly workloads: readonly CustomResource[];

  constructor(scope: Construct, id: string, props: InstalledComponentsProps) {
    super(scope, id);
    const namespaces = new Map<string, CustomResource>();
    const workloads: CustomResource[] = [];
    for (const { manifests } of props.components) {
      const before: CustomResource[] = [];
      for (const { object } of manifests) {
        const resource = this.install(props.installer, object);
        const namespace = namespaces.get(object.metadata.namespace ?? '');
        if (namespace !== undefined) resource.node.addDependency(namespace);
        if (object.kind === 'Namespace') namespaces.set(object.metadata.name, resource);
        else if (WORKLOADS.includes(object.kind)) {
          resource.node.addDependency(...before);
          workloads.push(resource);
        } else before.push(resource);
      }
    }
    this.workloads = workloads;
  }

  /** A namespace stays when the stack goes: others live in it, and deleting it deletes them. */
  private install(installer: ClusterInstaller, object: KubernetesObject): CustomResource {
    return installer.install(`${object.kind}-${object.metadata.name}`, object, object.kind === 'Namespace');
  }
}
