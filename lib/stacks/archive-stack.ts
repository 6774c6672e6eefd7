import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { archiveBucketName } from '../config/names.ts';
import { ArchiveBucket } from '../constructs/archive-bucket.ts';
import { EncryptionKey } from '../constructs/encryption-key.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** The bucket for originals and its key: one per account and Region. */
export class ArchiveStack extends TelemetryStack {
  readonly encryptionKey: IKey;
  /** By the fixed name, so that other stacks refer to it without an export that would pin it. */
  readonly bucketArn: string;

  constructor(scope: Construct, props: TelemetryStackProps) {
    super(scope, props, {
      nameParts: ['archive'],
      description: 'eks-telemetry: the bucket for original events, and its key.',
      holdsData: true,
    });
    const { config } = props;
    const { archive, prefix } = config;
    const bucketName = archiveBucketName(config);
    this.encryptionKey = new EncryptionKey(this, 'Archive', {
      alias: `${prefix}-archive`,
      description: 'Original events in the archive of eks-telemetry, before redaction.',
    }).key;
    this.bucketArn = this.formatArn({ service: 's3', region: '', account: '', resource: bucketName });
    new ArchiveBucket(this, 'Originals', {
      bucketName,
      encryptionKey: this.encryptionKey,
      infrequentAccessAfter: archive.infrequentAccessDays === undefined ? undefined : Duration.days(archive.infrequentAccessDays),
      glacier:
        archive.glacier === undefined
          ? undefined
          : { after: Duration.days(archive.glacier.afterDays), storageClass: archive.glacier.storageClass },
      retention: archive.retentionDays === undefined ? undefined : Duration.days(archive.retentionDays),
      versioned: archive.versioning,
      objectLock:
        archive.objectLock === undefined ? undefined : { mode: archive.objectLock.mode, duration: Duration.days(archive.objectLock.days) },
      readers: archive.readers,
    });
    new CfnOutput(this, 'ArchiveBucketName', { value: bucketName, description: 'Bucket that `eks-telemetry backfill` and Athena read.' });
  }
}
