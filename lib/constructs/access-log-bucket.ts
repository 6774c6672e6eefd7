import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, ArnPrincipal, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Who writes into the bucket, and where. */
export interface AccessLogWriter {
  readonly kind: 'alb' | 'nlb' | 'cloudfront' | 'waf';
  /** By the service itself, or by CloudWatch's vended delivery. */
  readonly delivery: 's3' | 'vended';
  /** What keys start with; '' or with a slash at its end. */
  readonly prefix: string;
}

/** Settings of a bucket that services write access logs into. */
export interface AccessLogBucketProps {
  /** Fixed name: the queue's policy names it before it exists. */
  readonly bucketName: string;
  readonly retention: Duration;
  readonly writers: readonly AccessLogWriter[];
  /** Queue that is told of new files; its policy must let the bucket in before the bucket is made. */
  readonly queueArn: string;
}

/**
 * A bucket that load balancers of this Region, WAF and CloudWatch's deliveries may write to, and nobody else. Encrypted with S3's own keys: Elastic Load
 * Balancing refuses buckets with a key of KMS. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ id: 'expire', expiration: props.retention, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
    });
    // By hand: CDK's own way is a function with a log group that nobody named.
    (this.bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      queueConfigurations: [{ event: 's3:ObjectCreated:*', queue: props.queueArn }],
    };
    acknowledge(
      this.bucket,
      'AwsSolutions-S1',
      'The bucket holds access logs itself; logging who reads them would need a bucket whose readers are not logged.',
    );
    for (const writer of props.writers) this.allow(writer);
  }

  private allow({ kind, delivery, prefix }: AccessLogWriter): void {
    if (kind === 'alb' && delivery === 's3') this.allowLoadBalancers(prefix);
    else this.allowDelivery(prefix);
  }

  /** The service principal of today, and the account of the Region's load balancers, which Regions before August 2022 still write as. */
  private allowLoadBalancers(prefix: string): void {
    const { account, partition, region } = Stack.of(this);
    const resources = [this.bucket.arnForObjects(`${prefix}AWSLogs/${account}/*`)];
    const name = prefix.replace(/[^A-Za-z0-9]/g, '');
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `LoadBalancers${name}`,
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources,
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/*` },
        },
      }),
    );
    const elbAccount = RegionInfo.get(region).elbv2Account;
    if (elbAccount === undefined) return;
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `LoadBalancerAccount${name}`,
        // No condition is possible here: the account is that of the service in this Region, and writes only where a load balancer says so.
        principals: [new ArnPrincipal(new AccountPrincipal(elbAccount).arn)],
        actions: ['s3:PutObject'],
        resources,
      }),
    );
  }

  /** Network load balancers, WAF and vended logs come by CloudWatch's delivery. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html */
  private allowDelivery(prefix: string): void {
    const { account, partition, region } = Stack.of(this);
    const service = new ServicePrincipal('delivery.logs.amazonaws.com');
    const from = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: {
        'aws:SourceArn': [`arn:${partition}:logs:${region}:${account}:*`, `arn:${partition}:elasticloadbalancing:${region}:${account}:*`],
      },
    };
    const name = prefix.replace(/[^A-Za-z0-9]/g, '');
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `Delivery${name}`,
        principals: [service],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects(`${prefix}AWSLogs/${account}/*`)],
        conditions: { ...from, StringEquals: { ...from.StringEquals, 's3:x-amz-acl': 'bucket-owner-full-control' } },
      }),
    );
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: `DeliveryCheck${name}`,
        principals: [service],
        actions: ['s3:GetBucketAcl', 's3:ListBucket'],
        resources: [this.bucket.bucketArn],
        conditions: from,
      }),
    );
  }
}
