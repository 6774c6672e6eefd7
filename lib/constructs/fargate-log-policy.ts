import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ClusterConfig, Config } from '../config/load.ts';
import { podRoleName } from '../config/names.ts';
import { logGroupOf } from '../config/resolve.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { logGroupArn } from './function-role.ts';

/** Settings of the rights of Fargate's log router in one cluster. */
export interface FargateLogPolicyProps {
  readonly config: Config;
  readonly cluster: ClusterConfig;
}

/** Rights for the pod execution roles of Fargate profiles, which are not ours: their owner attaches this policy. */
export class FargateLogPolicy extends Construct {
  readonly policy: ManagedPolicy;

  constructor(scope: Construct, id: string, { config, cluster }: FargateLogPolicyProps) {
    super(scope, id);
    const group = logGroupArn(this, logGroupOf('application', cluster.name));
    this.policy = new ManagedPolicy(this, 'Policy', {
      managedPolicyName: podRoleName(config, cluster.name, 'fargate-logs'),
      description: `Log router of EKS on Fargate in cluster ${cluster.name}: writes into ${logGroupOf('application', cluster.name)}.`,
      statements: [
        new PolicyStatement({
          sid: 'Application',
          actions: [
            'logs:CreateLogGroup',
            'logs:CreateLogStream',
            'logs:DescribeLogStreams',
            'logs:PutLogEvents',
            'logs:PutRetentionPolicy',
          ],
          resources: [group, `${group}:*`],
        }),
      ],
    });
    acknowledgeWildcard(
      this.policy,
      `${group}:*`,
      'The router makes up the names of its log streams: the group is fixed, its streams are open.',
    );
  }
}
