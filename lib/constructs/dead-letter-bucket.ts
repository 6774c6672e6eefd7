import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { FunctionRole } from './function-role.ts';

/** Key prefix of what our functions could not index. */
export const DEAD_LETTER_PREFIX = 'dead-letters/';
/** Key prefix under which Lambda writes failed invocations and batches; the service chooses it. */
export const LAMBDA_FAILURE_PREFIX = 'aws/lambda/';

/** Settings of the bucket for what could not be indexed. */
export interface DeadLetterBucketProps {
  /** Fixed name, so that functions of other stacks name it without a reference between stacks. */
  readonly bucketName: string;
  /** Key of its own: the objects hold text before redaction. */
  readonly encryptionKey: IKey;
  /** How long an object is kept. */
  readonly retention: Duration;
  /** ARNs of roles that may read, besides whom IAM policies of the account allow. */
  readonly readers: readonly string[];
}

/** Originals of events that could not be indexed, and of batches that Lambda gave up on. Functions may write, the redrive takes what Lambda wrote, and only named roles read. */
export class DeadLetterBucket extends Construct {
  readonly bucket: Bucket;
  /** By the fixed name, so that other stacks refer to it without an export that would pin it. */
  readonly bucketArn: string;

  constructor(scope: Construct, id: string, props: DeadLetterBucketProps) {
    super(scope, id);
    this.bucketArn = bucketArn(this, props.bucketName);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.encryptionKey,
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        {
          id: 'expire',
          expiration: props.retention,
          // A redelivery overwrites its object; the version before it says nothing more.
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    if (props.readers.length > 0) {
      const principals = props.readers.map((arn) => new ArnPrincipal(arn));
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
      props.encryptionKey.addToResourcePolicy(
        new PolicyStatement({ sid: 'DeadLetterReaders', principals, actions: ['kms:Decrypt', 'kms:DescribeKey'], resources: ['*'] }),
      );
    }
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'Server access logs would need a second bucket that itself is not logged; who reads dead letters is in CloudTrail data events and in the uses of their KMS key, which has only this bucket.',
    );
  }
}

/** Lets a function write dead letters and Lambda, in its name, failed batches: no reading, no deleting. */
export function allowDeadLetters(role: FunctionRole, bucketName: string, key: IKey): void {
  const arn = bucketArn(role, bucketName);
  role.allow({
    sid: 'DeadLetters',
    actions: ['s3:PutObject'],
    resources: [`${arn}/${DEAD_LETTER_PREFIX}*`, `${arn}/${LAMBDA_FAILURE_PREFIX}*`],
    why: 'Keys hold the source, the hour and an id, or are chosen by Lambda; the two prefixes are all the function may write.',
  });
  // Lambda asks for this before it accepts a bucket as a destination.
  role.allow({ sid: 'DeadLetterBucket', actions: ['s3:ListBucket'], resources: [arn] });
  role.allow({ sid: 'DeadLetterKey', actions: ['kms:GenerateDataKey'], resources: [key.keyArn] });
}

function bucketArn(scope: IConstruct, bucketName: string): string {
  return Stack.of(scope).formatArn({ service: 's3', region: '', account: '', resource: bucketName });
}
