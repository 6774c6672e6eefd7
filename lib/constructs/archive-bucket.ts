import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
  type Transition,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Settings of the bucket for originals. */
export interface ArchiveBucketProps {
  /** Fixed name, so that stacks of clusters name it without a reference between stacks. */
  readonly bucketName: string;
  /** Key of its own: the objects hold text before redaction. */
  readonly encryptionKey: IKey;
  /** Age at which objects move to Standard-IA, at least 30 days; absent: never. */
  readonly infrequentAccessAfter?: Duration | undefined;
  readonly glacier?: { readonly after: Duration; readonly storageClass: GlacierClass } | undefined;
  /** Age at which objects are deleted; absent: never. */
  readonly retention?: Duration | undefined;
  readonly versioned: boolean;
  /** Needs versions; only while the bucket is made. */
  readonly objectLock?: { readonly mode: 'governance' | 'compliance'; readonly duration: Duration } | undefined;
  /** ARNs of roles that may read, besides whom IAM policies of the account allow. */
  readonly readers: readonly string[];
}

/** Glacier's classes by the config's words. */
export type GlacierClass = 'instantRetrieval' | 'flexibleRetrieval' | 'deepArchive';

const GLACIER: { readonly [name in GlacierClass]: StorageClass } = {
  instantRetrieval: StorageClass.GLACIER_INSTANT_RETRIEVAL,
  flexibleRetrieval: StorageClass.GLACIER,
  deepArchive: StorageClass.DEEP_ARCHIVE,
};

/** Originals of events, for years. Delivery streams may write, and only named roles read. */
export class ArchiveBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ArchiveBucketProps) {
    super(scope, id);
    const { objectLock, versioned } = props;
    if (objectLock !== undefined && !versioned) throw new Error(`${this.node.path}: objectLock needs versioned: true`);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned,
      ...(objectLock === undefined
        ? {}
        : {
            objectLockEnabled: true,
            objectLockDefaultRetention:
              objectLock.mode === 'governance'
                ? ObjectLockRetention.governance(objectLock.duration)
                : ObjectLockRetention.compliance(objectLock.duration),
          }),
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [lifecycle(props)],
    });
    this.allowReaders(props);
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Server access logs would need a second bucket that itself is not logged; who reads the archive is in CloudTrail data events and in the uses of its KMS key, which has only this bucket.',
    );
  }

  private allowReaders({ readers, encryptionKey }: ArchiveBucketProps): void {
    if (readers.length === 0) return;
    const principals = readers.map((arn) => new ArnPrincipal(arn));
    this.bucket.addToResourcePolicy(
      new PolicyStatement({ sid: 'ReadersList', principals, actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ReadersGet',
        principals,
        actions: ['s3:GetObject', 's3:GetObjectVersion'],
        resources: [this.bucket.arnForObjects('*')],
      }),
    );
    encryptionKey.addToResourcePolicy(
      new PolicyStatement({ sid: 'ArchiveReaders', principals, actions: ['kms:Decrypt', 'kms:DescribeKey'], resources: ['*'] }),
    );
  }
}

/** One rule: S3 takes the classes one after the other. Objects under 128 KB stay in Standard, where they are cheaper than a move. */
function lifecycle({ glacier, infrequentAccessAfter, retention, versioned }: ArchiveBucketProps): LifecycleRule {
  const transitions: Transition[] = [
    ...(infrequentAccessAfter === undefined
      ? []
      : [{ storageClass: StorageClass.INFREQUENT_ACCESS, transitionAfter: infrequentAccessAfter }]),
    ...(glacier === undefined ? [] : [{ storageClass: GLACIER[glacier.storageClass], transitionAfter: glacier.after }]),
  ];
  return {
    id: 'age',
    abortIncompleteMultipartUploadAfter: Duration.days(1),
    ...(transitions.length === 0 ? {} : { transitions }),
    ...(retention === undefined ? {} : { expiration: retention }),
    // Nobody overwrites an object of the archive: an older version is what somebody deleted by mistake.
    ...(versioned ? { noncurrentVersionExpiration: Duration.days(30) } : {}),
  };
}
