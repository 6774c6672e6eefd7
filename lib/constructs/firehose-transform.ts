import { type Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StreamRules } from '../../lambdas/core/firehose/plan-record.ts';
import type { Rules } from '../../lambdas/core/rules/rules.ts';
import { BundledFunction, type FunctionDefaults } from './bundled-function.ts';
import { allowDeadLetters } from './dead-letter-bucket.ts';
import type { DeadLetterTarget } from './log-indexer.ts';

/** Settings of the function inside of one cluster's delivery streams of one mode. */
export interface FirehoseTransformProps extends FunctionDefaults {
  readonly functionName: string;
  readonly mode: 'search' | 'archive';
  /** Written beside the bundle as `rules.json`. */
  readonly rules: Rules;
  /** Written beside the bundle as `streams.json`. */
  readonly streams: StreamRules;
  /** Delivery streams that it may put records into, by name: they are made after it. */
  readonly streamNames: readonly string[];
  readonly deadLetters: DeadLetterTarget;
  /** ARN of the secret by which it knows records that it has put into a stream itself. */
  readonly markSecretArn: string;
  readonly markSecretKey: IKey | undefined;
  readonly memoryMb: number;
  /** At most five minutes: Firehose does not wait longer. */
  readonly timeout: Duration;
}

/** The function that Firehose asks what to do with each record. */
export class FirehoseTransform extends Construct {
  readonly transform: BundledFunction;

  constructor(scope: Construct, id: string, props: FirehoseTransformProps) {
    super(scope, id);
    if (props.timeout.toSeconds() > 300)
      throw new Error(`${this.node.path}: timeout must be at most 5 minutes, got ${props.timeout.toHumanString()}`);
    this.transform = new BundledFunction(this, 'Transform', {
      projectRoot: props.projectRoot,
      encryptionKey: props.encryptionKey,
      ...(props.logRetention === undefined ? {} : { logRetention: props.logRetention }),
      functionName: props.functionName,
      entry: 'lambdas/firehose-transform.ts',
      description:
        props.mode === 'search'
          ? 'Makes one document a record of what a delivery stream brings to OpenSearch.'
          : 'Makes lines with their envelope of what a delivery stream brings to the archive.',
      memoryMb: props.memoryMb,
      timeout: props.timeout,
      files: { 'rules.json': props.rules, 'streams.json': props.streams },
      environment: {
        TRANSFORM_MODE: props.mode,
        DEAD_LETTER_BUCKET: props.deadLetters.bucketName,
        ACCOUNT_ID: Stack.of(this).account,
        METRIC_NAMESPACE: 'EksTelemetry',
        MARK_KEY_ARN: props.markSecretArn,
      },
    });
    const { functionRole } = this.transform;
    functionRole.allow({
      sid: 'PutAgain',
      actions: ['firehose:PutRecordBatch'],
      resources: props.streamNames.map((name) =>
        Stack.of(this).formatArn({ service: 'firehose', resource: 'deliverystream', resourceName: name }),
      ),
    });
    functionRole.allow({ sid: 'Mark', actions: ['secretsmanager:GetSecretValue'], resources: [props.markSecretArn] });
    if (props.markSecretKey !== undefined)
      functionRole.allow({ sid: 'MarkKey', actions: ['kms:Decrypt'], resources: [props.markSecretKey.keyArn] });
    allowDeadLetters(functionRole, props.deadLetters.bucketName, props.deadLetters.encryptionKey);
  }
}
