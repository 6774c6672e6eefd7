import { type Duration, Stack } from 'aws-cdk-lib';
import { CfnEventInvokeConfig, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { logGroupArn } from './function-role.ts';
import type { LogIndexer } from './log-indexer.ts';

/** How long Lambda keeps and retries an event that the function threw on. */
export interface AsyncDelivery {
  /** Attempts after the first: 0 to 2. */
  readonly maximumRetryAttempts: number;
  /** One minute to six hours. */
  readonly maximumEventAge: Duration;
  /** Bucket that gets the event when Lambda gives up. */
  readonly failureBucketArn: string;
}

/** The direct route: CloudWatch Logs invokes the function asynchronously; Lambda retries, then keeps the event in S3. */
export class DirectRoute extends Construct {
  /** What a subscription that names this function must wait for. */
  readonly permission: CfnPermission;
  /** Retries and the place for failures: also before the first event. */
  readonly invokeConfig: CfnEventInvokeConfig;

  constructor(scope: Construct, id: string, indexer: LogIndexer, props: AsyncDelivery) {
    super(scope, id);
    const { functionRole } = indexer.indexer;
    const target = indexer.indexer.function;
    const attempts = props.maximumRetryAttempts;
    if (!Number.isInteger(attempts) || attempts < 0 || attempts > 2) {
      throw new Error(`${this.node.path}: maximumRetryAttempts must be 0, 1 or 2, got ${attempts}`);
    }
    const ageSeconds = props.maximumEventAge.toSeconds();
    if (ageSeconds < 60 || ageSeconds > 21_600) {
      throw new Error(`${this.node.path}: maximumEventAge must be 1 minute to 6 hours, got ${props.maximumEventAge.toHumanString()}`);
    }
    this.invokeConfig = new CfnEventInvokeConfig(this, 'Async', {
      functionName: target.functionName,
      qualifier: '$LATEST',
      maximumRetryAttempts: attempts,
      maximumEventAgeInSeconds: ageSeconds,
      destinationConfig: { onFailure: { destination: props.failureBucketArn } },
    });
    // Lambda tries to reach the bucket with the function's role while it makes this.
    this.invokeConfig.node.addDependency(functionRole.policy);
    // One permission for all groups: each group's own statement would fill the 20 KB of the function's policy.
    this.permission = new CfnPermission(this, 'CloudWatchLogs', {
      action: 'lambda:InvokeFunction',
      functionName: target.functionArn,
      principal: 'logs.amazonaws.com',
      sourceAccount: Stack.of(this).account,
      sourceArn: logGroupArn(this, '*'),
    });
  }
}
