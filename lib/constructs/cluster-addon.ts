import { CfnAddon } from 'aws-cdk-lib/aws-eks';
import { Construct } from 'constructs';
import type { PodRole } from './pod-role.ts';

/** Settings of one add-on of an existing cluster. */
export interface ClusterAddonProps {
  readonly clusterName: string;
  readonly addonName: string;
  /** Default: what EKS takes for the cluster's version. */
  readonly version: string | undefined;
  /** Its configuration; EKS checks it against the schema of this very version. */
  readonly values?: object;
  /** Role of one of its service accounts. */
  readonly identity?: { readonly serviceAccount: string; readonly role: PodRole };
  /** Default: the add-on's own. */
  readonly namespace?: string;
}

/** An add-on of EKS. It fails where the cluster has it already: EKS cannot adopt one, so its owner removes it first or keeps it. */
export class ClusterAddon extends Construct {
  readonly addon: CfnAddon;

  constructor(scope: Construct, id: string, props: ClusterAddonProps) {
    super(scope, id);
    const { identity } = props;
    this.addon = new CfnAddon(this, 'Resource', {
      clusterName: props.clusterName,
      addonName: props.addonName,
      ...(props.version === undefined ? {} : { addonVersion: props.version }),
      ...(props.values === undefined ? {} : { configurationValues: JSON.stringify(props.values) }),
      ...(props.namespace === undefined ? {} : { namespaceConfig: { namespace: props.namespace } }),
      ...(identity === undefined
        ? {}
        : { podIdentityAssociations: [{ serviceAccount: identity.serviceAccount, roleArn: identity.role.role.roleArn }] }),
      // What somebody changed by hand is set back; the config is the only place for changes.
      resolveConflicts: 'OVERWRITE',
      preserveOnDelete: false,
    });
    if (identity !== undefined) this.addon.node.addDependency(identity.role.policy);
  }
}
