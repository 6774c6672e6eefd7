import { CfnOutput, Duration } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { deadLetterBucketName, redriveName } from '../config/names.ts';
import { hasRedrive, indexerNames } from '../config/redrive.ts';
import { DeadLetterBucket } from '../constructs/dead-letter-bucket.ts';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { Redrive } from '../constructs/redrive.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** Keys, the bucket for what could not be indexed, and the function that sends again what Lambda put there. */
export class StorageStack extends TelemetryStack {
  /** Key of log groups; undefined for CloudWatch's own encryption. */
  readonly logGroupKey: IKey | undefined;
  /** Key of streams and of the search domain; undefined for keys of AWS. */
  readonly dataKey: IKey | undefined;
  /** Key of dead letters, whatever the config says of the others: they hold text before redaction. */
  readonly deadLetterKey: IKey;
  readonly deadLetters: DeadLetterBucket;

  constructor(scope: Construct, props: TelemetryStackProps) {
    super(scope, props, {
      nameParts: ['storage'],
      description: 'eks-telemetry: encryption keys and the bucket for events that could not be indexed.',
      holdsData: true,
    });
    const { config } = props;
    const { kms, delivery, prefix } = config;
    if (kms.mode !== 'none') {
      this.dataKey = new EncryptionKey(this, 'Data', {
        alias: `${prefix}-data`,
        description: 'Log groups, streams and the search domain of eks-telemetry.',
        forLogGroups: kms.mode === 'own',
      }).key;
    }
    this.logGroupKey = kms.mode === 'arn' && kms.arn !== undefined ? Key.fromKeyArn(this, 'LogGroupKey', kms.arn) : this.dataKey;
    this.deadLetterKey = new EncryptionKey(this, 'DeadLetter', {
      alias: `${prefix}-dead-letters`,
      description: 'Events that could not be indexed, as they came, before redaction.',
    }).key;
    this.deadLetters = new DeadLetterBucket(this, 'DeadLetters', {
      bucketName: deadLetterBucketName(config),
      encryptionKey: this.deadLetterKey,
      retention: Duration.days(delivery.deadLetters.retentionDays),
      readers: delivery.deadLetters.readers,
    });
    if (hasRedrive(config)) {
      new Redrive(this, 'Redrive', {
        projectRoot: props.projectRoot,
        encryptionKey: this.logGroupKey,
        functionName: redriveName(prefix),
        indexers: indexerNames(config),
        bucketName: deadLetterBucketName(config),
        bucketArn: this.deadLetters.bucketArn,
        bucketKey: this.deadLetterKey,
        every: Duration.minutes(delivery.redriveMinutes),
      });
    }
    new CfnOutput(this, 'DeadLetterBucketName', {
      value: deadLetterBucketName(config),
      description: 'Bucket that `eks-telemetry dead-letters` reads.',
    });
  }
}
