import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { KubectlV33Layer } from '@aws-cdk/lambda-layer-kubectl-v33';
import { KubectlV35Layer } from '@aws-cdk/lambda-layer-kubectl-v35';
import { CustomResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnAccessEntry } from 'aws-cdk-lib/aws-eks';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnFunction, Code, type ILayerVersion, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { AwsCliLayer } from 'aws-cdk-lib/lambda-layer-awscli';
import { Construct } from 'constructs';
import type { KubernetesObject } from '../../collector/kubernetes/types.ts';
import { kubectlOf } from '../config/kubectl.ts';
import { functionLogGroupName } from '../config/names.ts';
import { acknowledge } from './acknowledge.ts';
import type { FunctionNetwork } from './bundled-function.ts';
import { CustomResourceProvider } from './custom-resource-provider.ts';
import { FunctionRole } from './function-role.ts';
import { NamedLogGroup } from './named-log-group.ts';
import { clusterArn } from './pod-role.ts';

/** Settings of what installs objects in one existing cluster. */
export interface ClusterInstallerProps {
  readonly projectRoot: string;
  readonly functionName: string;
  readonly clusterName: string;
  /** Minor version of the cluster, such as `1.33`: kubectl may be one older or newer. */
  readonly kubernetesVersion: string;
  /** Where the cluster's API is reached from. @default - Lambda's own network, for a public endpoint */
  readonly network?: FunctionNetwork | undefined;
  readonly encryptionKey?: IKey | undefined;
}

/** Longest run of kubectl, minutes: as much as Lambda gives. */
const TIMEOUT_MINUTES = 15;

/**
 * CDK's kubectl handler with what its own construct does not let one choose: a role with two permissions instead of three managed policies, named log
 * groups with retention, and one custom resource per object, so that CloudFormation deletes exactly what is no longer there.
 */
export class ClusterInstaller extends Construct {
  private readonly serviceToken: string;
  private readonly accessEntry: CfnAccessEntry;
  private readonly policy: FunctionRole['policy'];
  private readonly clusterName: string;

  constructor(scope: Construct, id: string, props: ClusterInstallerProps) {
    super(scope, id);
    this.clusterName = props.clusterName;
    const logs = new NamedLogGroup(this, 'Log', {
      logGroupName: functionLogGroupName(props.functionName),
      encryptionKey: props.encryptionKey,
    });
    const functionRole = new FunctionRole(this, 'Execution', {
      logGroupName: logs.logGroupName,
      tracing: true,
      inVpc: props.network !== undefined,
    });
    functionRole.allow({ sid: 'Cluster', actions: ['eks:DescribeCluster'], resources: [clusterArn(this, props.clusterName)] });
    const handler = new LambdaFunction(this, 'Handler', {
      functionName: props.functionName,
      description: `Custom resource: installs objects in cluster ${props.clusterName} with kubectl.`,
      runtime: Runtime.PYTHON_3_13,
      code: Code.fromAsset(handlerFolder(props.projectRoot)),
      handler: 'index.handler',
      layers: [new AwsCliLayer(this, 'AwsCli'), kubectlLayer(this, props.kubernetesVersion)],
      memorySize: 1024,
      timeout: Duration.minutes(TIMEOUT_MINUTES),
      role: functionRole.role,
      logGroup: logs.logGroup,
      environment: { AWS_STS_REGIONAL_ENDPOINTS: 'regional' },
      ...(props.network === undefined
        ? {}
        : { vpc: props.network.vpc, vpcSubnets: { subnets: props.network.subnets }, securityGroups: props.network.securityGroups }),
    });
    (handler.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    handler.node.addDependency(functionRole.policy);
    this.policy = functionRole.policy;
    acknowledge(handler, 'AwsSolutions-L1', "CDK's handler is written for this Python; it moves with the pinned version of aws-cdk-lib.");

    // ClusterRoles can be made only by somebody who holds every right in them, so no narrower policy of EKS is enough.
    this.accessEntry = new CfnAccessEntry(this, 'AccessEntry', {
      clusterName: props.clusterName,
      principalArn: functionRole.role.roleArn,
      accessPolicies: [
        {
          accessScope: { type: 'cluster' },
          policyArn: `arn:${Stack.of(this).partition}:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy`,
        },
      ],
    });
    const provider = new CustomResourceProvider(this, 'Provider', {
      name: props.functionName,
      onEvent: { function: handler },
      encryptionKey: props.encryptionKey,
    });
    this.serviceToken = provider.serviceToken;
  }

  /** Applies an object, and deletes it with its resource unless it is kept. An object of this name that is there already is taken over. */
  install(id: string, object: KubernetesObject, isKept: boolean): CustomResource {
    const resource = new CustomResource(this, id, {
      resourceType: 'Custom::AWSCDK-EKS-KubernetesResource',
      serviceToken: this.serviceToken,
      serviceTimeout: Duration.minutes(TIMEOUT_MINUTES + 1),
      removalPolicy: isKept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      properties: { ClusterName: this.clusterName, Manifest: JSON.stringify([object]), Overwrite: true },
    });
    // It is deleted before the function loses its way into the cluster.
    resource.node.addDependency(this.accessEntry, this.policy);
    return resource;
  }
}

/** CDK's own handler: Python that runs kubectl from a layer. */
function handlerFolder(projectRoot: string): string {
  const manifest = createRequire(join(projectRoot, 'package.json')).resolve('aws-cdk-lib/package.json');
  return join(dirname(manifest), 'custom-resource-handlers', 'dist', 'aws-eks-v2', 'kubectl-handler');
}

function kubectlLayer(scope: Construct, kubernetesVersion: string): ILayerVersion {
  const kubectl = kubectlOf(kubernetesVersion);
  if (kubectl === undefined) throw new Error(`${scope.node.path}: no kubectl for Kubernetes ${kubernetesVersion}`);
  return kubectl === '1.33' ? new KubectlV33Layer(scope, 'Kubectl') : new KubectlV35Layer(scope, 'Kubectl');
}
