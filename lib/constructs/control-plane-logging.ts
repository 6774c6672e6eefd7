import { ArnFormat, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { ControlPlaneKind } from '../../lambdas/core/rules/rules.ts';
import { type LOGGING_STEPS, loggingStepName } from '../config/names.ts';
import { BundledFunction, type FunctionDefaults } from './bundled-function.ts';
import { CustomResourceProvider } from './custom-resource-provider.ts';
import { logGroupArn } from './function-role.ts';

/** Settings of the logging of one existing cluster. */
export interface ControlPlaneLoggingProps extends FunctionDefaults {
  /** Starts the names of the two functions. */
  readonly functionName: string;
  readonly clusterName: string;
  /** Types to turn on; others stay as they are. */
  readonly logTypes: readonly ControlPlaneKind[];
  /** The group that EKS writes to; it carries the note of what was turned on. */
  readonly logGroupName: string;
  /** Whether deleting the stack turns off what it had turned on. */
  readonly disableOnDelete: boolean;
  /** How long to wait for the cluster's update, at most an hour. */
  readonly updateTimeout: Duration;
}

/** Turns control-plane logging on through the EKS API, for a cluster that somebody else made. */
export class ControlPlaneLogging extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: ControlPlaneLoggingProps) {
    super(scope, id);
    const groupArn = logGroupArn(this, props.logGroupName);
    const handler = (
      name: 'onEvent' | 'isComplete',
      suffix: Capitalize<(typeof LOGGING_STEPS)[number]>,
      description: string,
    ): BundledFunction => {
      const fn = new BundledFunction(this, suffix, {
        projectRoot: props.projectRoot,
        encryptionKey: props.encryptionKey,
        functionName: loggingStepName(props.functionName, suffix.toLowerCase() as (typeof LOGGING_STEPS)[number]),
        entry: 'lambdas/control-plane-logging.ts',
        handler: name,
        description,
        timeout: Duration.minutes(2),
      });
      const cluster = Stack.of(this).formatArn({
        service: 'eks',
        resource: 'cluster',
        resourceName: props.clusterName,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      });
      const actions = ['eks:DescribeCluster'];
      if (name === 'isComplete') actions.push('eks:UpdateClusterConfig', 'eks:ListUpdates', 'eks:DescribeUpdate');
      fn.functionRole.allow({ sid: 'Cluster', actions, resources: [cluster] });
      if (name === 'isComplete') {
        fn.functionRole.allow({
          sid: 'Note',
          actions: ['logs:ListTagsForResource', 'logs:TagResource', 'logs:UntagResource'],
          resources: [groupArn],
        });
      }
      return fn;
    };
    const start = handler('onEvent', 'Start', 'Custom resource: checks the cluster whose control-plane logging is to change.');
    const wait = handler('isComplete', 'Wait', 'Custom resource: changes control-plane logging step by step and waits for the update.');
    const provider = new CustomResourceProvider(this, 'Provider', {
      name: props.functionName,
      onEvent: start,
      isComplete: wait,
      totalTimeout: props.updateTimeout,
      encryptionKey: props.encryptionKey,
    });
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::ControlPlaneLogging',
      serviceToken: provider.serviceToken,
      // A little more than the waiter takes, so that its own message arrives before CloudFormation gives up.
      serviceTimeout: Duration.seconds(Math.min(3600, props.updateTimeout.toSeconds() + 300)),
      properties: {
        ClusterName: props.clusterName,
        LogTypes: props.logTypes,
        LogGroupArn: groupArn,
        DisableOnDelete: props.disableOnDelete,
      },
    });
    this.resource.node.addDependency(start.functionRole.policy, wait.functionRole.policy);
  }
}
