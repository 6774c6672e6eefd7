import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks';
import { Policy, PolicyStatement, Role, ServicePrincipal, SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';

/** Settings of the role of one service account. */
export interface PodRoleProps {
  /** Fixed name, because owners of what the pod writes to name it in their policies. */
  readonly roleName: string;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly permissions: readonly PodPermission[];
  /**
   * Whether the role is given to the service account here, and not by an add-on.
   *
   * @default true
   */
  readonly isAssociated?: boolean;
}

/** A permission of a pod. */
export interface PodPermission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** The only CloudWatch namespace that metrics may go to. @default - any */
  readonly namespace?: string;
  /** Why a `*` in a resource cannot be narrower. */
  readonly why?: string;
}

/** A role that EKS Pod Identity hands to one service account of one cluster: no other pod, namespace or cluster can take it. */
export class PodRole extends Construct {
  readonly role: Role;
  readonly policy: Policy;

  constructor(scope: Construct, id: string, props: PodRoleProps) {
    super(scope, id);
    const { clusterName, namespace, serviceAccount } = props;
    const cluster = clusterArn(this, clusterName);
    this.role = new Role(this, 'Role', {
      roleName: props.roleName,
      description: `Pods with service account ${serviceAccount} of namespace ${namespace} in cluster ${clusterName}.`,
      // EKS tags each session with who asks for it; those tags are the only thing that tells clusters and pods apart here.
      assumedBy: new SessionTagsPrincipal(
        new ServicePrincipal('pods.eks.amazonaws.com', {
          conditions: {
            StringEquals: {
              'aws:RequestTag/eks-cluster-arn': cluster,
              'aws:RequestTag/kubernetes-namespace': namespace,
              'aws:RequestTag/kubernetes-service-account': serviceAccount,
            },
          },
        }),
      ),
    });
    this.policy = new Policy(this, 'Policy', { roles: [this.role] });
    for (const { actions, resources, namespace: metrics, why } of props.permissions) {
      this.policy.addStatements(
        new PolicyStatement({
          actions: [...actions],
          resources: [...resources],
          ...(metrics === undefined ? {} : { conditions: { StringEquals: { 'cloudwatch:namespace': metrics } } }),
        }),
      );
      for (const resource of resources) if (why !== undefined && resource.includes('*')) acknowledgeWildcard(this.policy, resource, why);
    }
    if (props.isAssociated === false) return;
    const association = new CfnPodIdentityAssociation(this, 'Association', {
      clusterName,
      namespace,
      serviceAccount,
      roleArn: this.role.roleArn,
    });
    association.node.addDependency(this.policy);
  }
}

/** ARN of a cluster that exists already. */
export function clusterArn(scope: Construct, clusterName: string): string {
  return Stack.of(scope).formatArn({
    service: 'eks',
    resource: 'cluster',
    resourceName: clusterName,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
}
