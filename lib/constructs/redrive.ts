import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { BundledFunction, type FunctionDefaults } from './bundled-function.ts';
import { LAMBDA_FAILURE_PREFIX } from './dead-letter-bucket.ts';

/** Settings of the function that sends again what Lambda gave up on. */
export interface RedriveProps extends FunctionDefaults {
  readonly functionName: string;
  /** Names of the functions whose events it sends again, all in this account and Region. */
  readonly indexers: readonly string[];
  readonly bucketName: string;
  readonly bucketArn: string;
  /** Key of the bucket. */
  readonly bucketKey: IKey;
  /** Pause between two runs, one minute to a day. */
  readonly every: Duration;
}

/** On a schedule: events in the on-failure prefix go to their functions again, so that an outage of the search heals without anyone's work. */
export class Redrive extends Construct {
  constructor(scope: Construct, id: string, props: RedriveProps) {
    super(scope, id);
    const minutes = props.every.toMinutes();
    if (minutes < 1 || minutes > 1440)
      throw new Error(`${this.node.path}: every must be 1 minute to 1 day, got ${props.every.toHumanString()}`);
    const redrive = new BundledFunction(this, 'Function', {
      projectRoot: props.projectRoot,
      encryptionKey: props.encryptionKey,
      ...(props.logRetention === undefined ? {} : { logRetention: props.logRetention }),
      functionName: props.functionName,
      entry: 'lambdas/redrive.ts',
      description: 'Sends events again that Lambda gave up on while the search was away.',
      // Four events at a time, each up to 6 MB, as text, parsed and as text again.
      memoryMb: 512,
      timeout: Duration.minutes(15),
      files: { 'functions.json': props.indexers },
      environment: { DEAD_LETTER_BUCKET: props.bucketName, METRIC_NAMESPACE: 'EksTelemetry' },
    });
    const { functionRole } = redrive;
    functionRole.allow({ sid: 'ListFailures', actions: ['s3:ListBucket'], resources: [props.bucketArn] });
    functionRole.allow({
      sid: 'TakeFailures',
      actions: ['s3:GetObject', 's3:DeleteObject'],
      resources: [`${props.bucketArn}/${LAMBDA_FAILURE_PREFIX}*`],
      why: 'Lambda makes up the keys below its prefix; our own dead letters have another one, which this function cannot read.',
    });
    functionRole.allow({ sid: 'FailureKey', actions: ['kms:Decrypt'], resources: [props.bucketKey.keyArn] });
    functionRole.allow({
      sid: 'Invoke',
      actions: ['lambda:InvokeFunction'],
      // By name: they are made after this function, in stacks of their own.
      resources: props.indexers.map((name) =>
        Stack.of(this).formatArn({ service: 'lambda', resource: 'function', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
      ),
    });
    new Rule(this, 'Schedule', {
      description: 'Starts the redrive of events that Lambda gave up on.',
      schedule: Schedule.rate(props.every),
      // The next run comes anyway.
      targets: [new LambdaFunction(redrive.function, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }
}
