import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { needsObservabilityAddon, observabilityValues } from '../../collector/addon/observability-values.ts';
import { addonPermissions } from '../../collector/addon/permissions.ts';
import { addonVersion } from '../../collector/addon/versions.ts';
import { daemonSetPermissions, eventsPermissions } from '../../collector/fluent-bit/runtime.ts';
import { componentsOf } from '../../collector/kubernetes/manifests.ts';
import { ADDON_NAMESPACE, ADDON_SERVICE_ACCOUNT, EVENTS_AGENT, NODE_AGENT, VOLUMES_AGENT } from '../../collector/kubernetes/names.ts';
import { readsNodes } from '../../collector/reads-nodes.ts';
import { volumesPermissions } from '../../collector/volumes/permissions.ts';
import { type CollectionPlan, planCollection } from '../config/collection-plan.ts';
import type { ClusterConfig } from '../config/load.ts';
import { clusterInstallerName, podRoleName } from '../config/names.ts';
import { ClusterAddon } from '../constructs/cluster-addon.ts';
import { ClusterInstaller } from '../constructs/cluster-installer.ts';
import { existingNetwork } from '../constructs/existing-network.ts';
import { FargateLogPolicy } from '../constructs/fargate-log-policy.ts';
import { InstalledComponents } from '../constructs/installed-components.ts';
import { type PodPermission, PodRole } from '../constructs/pod-role.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What a collection stack builds on. */
export interface CollectionStackProps extends TelemetryStackProps {
  readonly cluster: ClusterConfig;
  readonly storage: StorageStack;
}

/**
 * What reads logs and metrics in one existing cluster: roles of the pods, and, where the deploy reaches the cluster, add-ons and objects. The same objects and
 * values are written by `eks-telemetry render`.
 */
export class CollectionStack extends TelemetryStack {
  constructor(scope: Construct, props: CollectionStackProps) {
    const { cluster, config } = props;
    super(scope, props, {
      nameParts: [cluster.name, 'collection'],
      description: `eks-telemetry: what collects logs and metrics in cluster ${cluster.name}, and its roles.`,
      holdsData: false,
    });
    const plan = planCollection(config, cluster);
    const agentRole = this.addRoles(props, plan);
    if (plan.installs) this.installAll(props, agentRole);
    if (config.collection.fargate) {
      const policy = new FargateLogPolicy(this, 'FargateLogs', { config, cluster });
      new CfnOutput(this, 'FargateLogPolicyArn', {
        value: policy.policy.managedPolicyArn,
        description: 'Attach it to the pod execution role of each Fargate profile: its log router has the rights of that role only.',
      });
    }
  }

  /** One role for each service account; returns that of the CloudWatch agent, which its add-on associates itself. */
  private addRoles({ config, cluster }: CollectionStackProps, { installs }: CollectionPlan): PodRole | undefined {
    const { logs, events, volumes, namespace } = config.collection;
    const role = (id: string, serviceAccount: string, permissions: readonly PodPermission[], isAssociated = true) =>
      new PodRole(this, id, {
        roleName: podRoleName(config, cluster.name, serviceAccount),
        clusterName: cluster.name,
        namespace,
        serviceAccount,
        permissions: permissions.map((permission) => ({ ...permission, why: WHY_OPEN })),
        isAssociated,
      });
    if (logs === 'own' && readsNodes(config)) role('FluentBitRole', NODE_AGENT, daemonSetPermissions(config, cluster, this.partition));
    if (events.enabled) role('EventsRole', EVENTS_AGENT, eventsPermissions(config, cluster, this.partition));
    if (volumes.enabled) role('VolumesRole', VOLUMES_AGENT, volumesPermissions({ config, cluster }, this.partition));
    if (!needsObservabilityAddon({ config })) return undefined;
    return role('AgentRole', ADDON_SERVICE_ACCOUNT, addonPermissions({ config, cluster }, this.partition), !installs);
  }

  private installAll(props: CollectionStackProps, agentRole: PodRole | undefined): void {
    const { cluster, config } = props;
    const { addons, metricsServer } = config.collection;
    const clusterName = cluster.name;
    const version = (name: Parameters<typeof addonVersion>[0], given: string | undefined) =>
      given ?? addonVersion(name, cluster.kubernetesVersion);
    const addon = (id: string, addonName: Parameters<typeof addonVersion>[0], given: string | undefined) =>
      new ClusterAddon(this, id, { clusterName, addonName, version: version(addonName, given) });
    const podIdentity =
      cluster.install.podIdentityAgent === 'install'
        ? addon('PodIdentityAgent', 'eks-pod-identity-agent', addons.podIdentityAgent)
        : undefined;
    if (metricsServer) addon('MetricsServer', 'metrics-server', addons.metricsServer);
    const installer = new ClusterInstaller(this, 'Installer', {
      projectRoot: props.projectRoot,
      functionName: clusterInstallerName(config.prefix, clusterName),
      clusterName,
      kubernetesVersion: cluster.kubernetesVersion ?? '',
      network: cluster.install.vpc && existingNetwork(this, cluster.install.vpc, config.region),
      encryptionKey: props.storage.logGroupKey,
    });
    const components = new InstalledComponents(this, 'Objects', { installer, components: componentsOf(config, cluster) });
    if (agentRole !== undefined) {
      const observability = new ClusterAddon(this, 'Observability', {
        clusterName,
        addonName: 'amazon-cloudwatch-observability',
        version: version('amazon-cloudwatch-observability', addons.observability),
        values: observabilityValues({ config, cluster }),
        identity: { serviceAccount: ADDON_SERVICE_ACCOUNT, role: agentRole },
        ...(config.collection.namespace === ADDON_NAMESPACE ? {} : { namespace: config.collection.namespace }),
      });
      if (podIdentity !== undefined) observability.node.addDependency(podIdentity);
    }
    // A pod gets its role only when it starts with agent and association there.
    for (const workload of components.workloads) {
      if (podIdentity !== undefined) workload.node.addDependency(podIdentity.addon);
      for (const child of this.node.children) if (child instanceof PodRole) workload.node.addDependency(child);
    }
  }
}

const WHY_OPEN =
  'Log streams, objects of a bucket and indexes of a domain get their names while records arrive; the group, bucket or account is fixed. EC2 describes know no resource.';
