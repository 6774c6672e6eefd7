import { CustomResource, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { BundledFunction, type FunctionDefaults } from './bundled-function.ts';
import { CustomResourceProvider } from './custom-resource-provider.ts';
import { logGroupArn } from './function-role.ts';

/** A log group that EKS or an agent writes to, and that may be there already. */
export interface AdoptedLogGroup {
  /** Construct id, such as `ControlPlane`. */
  readonly id: string;
  readonly logGroupName: string;
  /** A retention that CloudWatch Logs offers. */
  readonly retentionDays: number;
  /**
   * Fields of its events that get an index, at most 20.
   *
   * @default - none
   */
  readonly indexFields?: readonly string[];
}

/** Settings of the log groups of one cluster. */
export interface AdoptedLogGroupsProps extends FunctionDefaults {
  readonly functionName: string;
  readonly logGroups: readonly AdoptedLogGroup[];
  /** ARN of the key for the groups; absent for CloudWatch's own encryption. */
  readonly groupKey?: IKey | undefined;
  /** Whether the groups refuse to be deleted. */
  readonly deletionProtection: boolean;
  readonly tags: { readonly [key: string]: string };
}

/**
 * Log groups with retention and key whether or not they exist: `AWS::Logs::LogGroup` fails on a group that EKS has made,
 * and EKS makes one that keeps for ever where none is. Deleting the stack leaves them.
 */
export class AdoptedLogGroups extends Construct {
  /** The custom resource of each group, by its name: what needs the group depends on it. */
  readonly groups: ReadonlyMap<string, CustomResource>;

  constructor(scope: Construct, id: string, props: AdoptedLogGroupsProps) {
    super(scope, id);
    const setup = new BundledFunction(this, 'Setup', {
      projectRoot: props.projectRoot,
      encryptionKey: props.encryptionKey,
      functionName: props.functionName,
      entry: 'lambdas/log-group-setup.ts',
      description: 'Custom resource: adopts log groups with retention, key, deletion protection, tags and field indexes.',
      timeout: Duration.minutes(5),
    });
    const arns = props.logGroups.map(({ logGroupName }) => logGroupArn(this, logGroupName));
    setup.functionRole.allow({
      sid: 'Groups',
      actions: [
        'logs:CreateLogGroup',
        'logs:PutRetentionPolicy',
        'logs:AssociateKmsKey',
        'logs:DisassociateKmsKey',
        'logs:PutLogGroupDeletionProtection',
        'logs:DescribeIndexPolicies',
        'logs:PutIndexPolicy',
        'logs:DeleteIndexPolicy',
        'logs:ListTagsForResource',
        'logs:TagResource',
        'logs:UntagResource',
      ],
      // Tag actions look at the ARN as it is, all others at the one with `:*` (IAM guide of CloudWatch Logs).
      resources: arns.flatMap((arn) => [arn, `${arn}:*`]),
      why: 'The ARN of a log group ends in :* for every action but those on tags; the group itself is named.',
    });
    setup.functionRole.allow({
      sid: 'FindGroups',
      actions: ['logs:DescribeLogGroups'],
      resources: [logGroupArn(this, '*')],
      why: 'DescribeLogGroups lists by prefix and cannot be limited to a group; it shows names and settings, no events.',
    });
    const provider = new CustomResourceProvider(this, 'Provider', {
      name: props.functionName,
      onEvent: setup,
      encryptionKey: props.encryptionKey,
    });
    const groups = new Map<string, CustomResource>();
    for (const group of props.logGroups) {
      const resource = new CustomResource(this, group.id, {
        resourceType: 'Custom::AdoptedLogGroup',
        serviceToken: provider.serviceToken,
        serviceTimeout: Duration.minutes(10),
        properties: {
          LogGroupName: group.logGroupName,
          LogGroupArn: logGroupArn(this, group.logGroupName),
          RetentionInDays: group.retentionDays,
          KmsKeyArn: props.groupKey?.keyArn ?? '',
          DeletionProtection: props.deletionProtection,
          Tags: props.tags,
          ...(group.indexFields === undefined || group.indexFields.length === 0 ? {} : { IndexFields: [...group.indexFields] }),
        },
      });
      // The handler's permissions are a resource of their own; without this the first call may come before them.
      resource.node.addDependency(setup.functionRole.policy);
      groups.set(group.logGroupName, resource);
    }
    this.groups = groups;
  }
}
