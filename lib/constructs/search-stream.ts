import { type Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { FunctionNetwork } from './bundled-function.ts';
import { allowStream, type DeliveryStreamBaseProps, encryptionOf, firehoseRole, loggingOf, processingOf } from './delivery-stream.ts';
import type { SearchTarget } from './search-target.ts';

/** Settings of the role with which a cluster's delivery streams write to OpenSearch. */
export interface SearchWriterProps extends Omit<DeliveryStreamBaseProps, 'streamName'> {
  /** Fixed, because search-setup maps the role before these streams exist. */
  readonly roleName: string;
  readonly search: SearchTarget;
  readonly network?: FunctionNetwork | undefined;
}

/** One role for all families of a cluster: the domain knows it by its ARN. */
export class SearchWriter extends Construct {
  readonly role: Role;
  readonly policy: Policy;

  constructor(scope: Construct, id: string, props: SearchWriterProps) {
    super(scope, id);
    const { search, network } = props;
    this.role = firehoseRole(this, 'Role', 'Delivery streams write documents into OpenSearch.', props.roleName);
    this.policy = new Policy(this, 'Policy', { roles: [this.role] });
    allowStream(this.policy, { ...props, streamName: '' });
    this.policy.addStatements(
      new PolicyStatement({
        sid: 'Domain',
        actions: ['es:DescribeDomain', 'es:DescribeDomains', 'es:DescribeDomainConfig', 'es:ESHttpGet', 'es:ESHttpPost', 'es:ESHttpPut'],
        resources: [search.domainArn, `${search.domainArn}/*`],
      }),
    );
    const why =
      'Firehose asks for settings, mappings and statistics below paths of its own; what it may write, the role in the domain decides.';
    acknowledgeWildcard(this.policy, `${search.domainArn}/*`, why);
    if (!search.isExactDomain) acknowledgeWildcard(this.policy, search.domainArn, why);
    if (network !== undefined) this.allowNetwork();
  }

  private allowNetwork(): void {
    this.policy.addStatements(
      new PolicyStatement({
        sid: 'Network',
        actions: [
          'ec2:DescribeVpcs',
          'ec2:DescribeVpcAttribute',
          'ec2:DescribeSubnets',
          'ec2:DescribeSecurityGroups',
          'ec2:DescribeNetworkInterfaces',
          'ec2:CreateNetworkInterface',
          'ec2:CreateNetworkInterfacePermission',
          'ec2:CreateTags',
          'ec2:DeleteNetworkInterface',
        ],
        resources: ['*'],
      }),
    );
    acknowledgeWildcard(
      this.policy,
      '*',
      'Firehose reaches the domain by network interfaces that do not exist yet; it refuses to make the stream with less.',
    );
  }
}

/** Settings of a delivery stream to one index family. */
export interface SearchStreamProps extends DeliveryStreamBaseProps {
  readonly writer: SearchWriter;
  readonly search: SearchTarget;
  readonly network?: FunctionNetwork | undefined;
  /** What Firehose puts a date behind, such as `eks-audit-prod`. */
  readonly indexName: string;
  readonly rotation: 'OneHour' | 'OneDay' | 'OneWeek' | 'OneMonth';
  /** Size of a bulk request, 1 to 100 MiB. */
  readonly bufferMiB: number;
  readonly buffer: Duration;
  /** How long a bulk request is tried again. */
  readonly retry: Duration;
  readonly backup: 'failed' | 'all';
}

/** A delivery stream whose records are documents of one index family. */
export class SearchStream extends Construct {
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: SearchStreamProps) {
    super(scope, id);
    const { search, writer, network } = props;
    const { roleArn } = writer.role;
    const prefix = `firehose/${props.streamName}/`;
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: props.streamName,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: encryptionOf(props.encryptionKey),
      amazonopensearchserviceDestinationConfiguration: {
        ...(search.isExactDomain ? { domainArn: search.domainArn } : { clusterEndpoint: search.endpoint }),
        indexName: props.indexName,
        indexRotationPeriod: props.rotation,
        roleArn,
        bufferingHints: { sizeInMBs: props.bufferMiB, intervalInSeconds: props.buffer.toSeconds() },
        retryOptions: { durationInSeconds: props.retry.toSeconds() },
        // The id that Firehose makes for a record stays the same while it tries again, so its own retries make no second document.
        documentIdOptions: { defaultDocumentIdFormat: 'FIREHOSE_DEFAULT' },
        s3BackupMode: props.backup === 'all' ? 'AllDocuments' : 'FailedDocumentsOnly',
        s3Configuration: {
          bucketArn: props.bucket.bucketArn,
          roleArn,
          prefix: `${prefix}documents/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/`,
          errorOutputPrefix: `${prefix}!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/`,
          compressionFormat: 'GZIP',
          encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: props.bucket.encryptionKey.keyArn } },
        },
        cloudWatchLoggingOptions: loggingOf(this, 'Log', props),
        processingConfiguration: processingOf(props.call, roleArn),
        ...(network === undefined
          ? {}
          : {
              vpcConfiguration: {
                roleArn,
                subnetIds: network.subnets.map(({ subnetId }) => subnetId),
                securityGroupIds: network.securityGroups.map(({ securityGroupId }) => securityGroupId),
              },
            }),
      },
    });
    this.stream.node.addDependency(writer.policy);
    if (props.streamName.length > 64)
      throw new Error(`${Stack.of(this).stackName}: the name of a delivery stream has at most 64 characters`);
  }
}
