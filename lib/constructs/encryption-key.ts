import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { type AddToResourcePolicyResult, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** Settings of a key. */
export interface EncryptionKeyProps {
  /** Name in the console, without `alias/`. */
  readonly alias: string;
  /** One sentence: what it protects. */
  readonly description: string;
  /**
   * Whether CloudWatch Logs may use it for log groups of this account and Region.
   *
   * @default false
   */
  readonly forLogGroups?: boolean;
}

/** A key that rotates every year and outlives the stack: without it, whatever it encrypted is gone. */
export class EncryptionKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: props.alias,
      description: props.description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (props.forLogGroups === true) allowCloudWatchLogs(this.key);
  }
}

/**
 * AssociateKmsKey and CreateLogGroup refuse a key whose policy does not say this. The condition keeps the service from
 * using the key for groups of other accounts.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function allowCloudWatchLogs(key: Key): AddToResourcePolicyResult {
  const { region, account, partition } = Stack.of(key);
  return key.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CloudWatchLogs',
      principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*` } },
    }),
  );
}
