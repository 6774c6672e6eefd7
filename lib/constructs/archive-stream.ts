import { type Duration, Stack } from 'aws-cdk-lib';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Construct } from 'constructs';
import { allowStream, type DeliveryStreamBaseProps, encryptionOf, firehoseRole, loggingOf, processingOf } from './delivery-stream.ts';

/** Settings of a delivery stream to the archive. */
export interface ArchiveStreamProps extends DeliveryStreamBaseProps {
  /** Largest object, 64 to 128 MiB: less is not possible with partitions. */
  readonly bufferMiB: number;
  /** Longest wait, 60 to 900 seconds. */
  readonly buffer: Duration;
  readonly byApplication: boolean;
  /** Table of Glue by which Firehose converts to Parquet; absent for gzip of JSON lines. */
  readonly parquet?: { readonly databaseName: string; readonly tableName: string } | undefined;
}

const KEYS = ['kind', 'cluster', 'dt', 'hr'] as const;
/** What Firehose could not transform, convert or sort, by the type of the error. */
const ERROR_PREFIX = 'errors/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/hr=!{timestamp:HH}/';

/** A delivery stream whose records lie in S3 by kind, cluster, day and hour of their events. */
export class ArchiveStream extends Construct {
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, props: ArchiveStreamProps) {
    super(scope, id);
    const role = firehoseRole(this, 'Role', 'A delivery stream writes original events into the archive.');
    const policy = new Policy(this, 'Policy', { roles: [role] });
    allowStream(policy, props);
    if (props.parquet !== undefined) this.allowTable(policy, props.parquet);
    const keys = props.byApplication ? [...KEYS, 'application'] : KEYS;
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: props.streamName,
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: encryptionOf(props.encryptionKey),
      extendedS3DestinationConfiguration: {
        bucketArn: props.bucket.bucketArn,
        roleArn: role.roleArn,
        prefix: keys.map((key) => `${key}=!{partitionKeyFromLambda:${key}}/`).join(''),
        errorOutputPrefix: ERROR_PREFIX,
        bufferingHints: { sizeInMBs: props.bufferMiB, intervalInSeconds: props.buffer.toSeconds() },
        // Parquet is compressed inside.
        compressionFormat: props.parquet === undefined ? 'GZIP' : 'UNCOMPRESSED',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: props.bucket.encryptionKey.keyArn } },
        cloudWatchLoggingOptions: loggingOf(this, 'Log', props),
        dynamicPartitioningConfiguration: { enabled: true, retryOptions: { durationInSeconds: 300 } },
        processingConfiguration: processingOf(props.call, role.roleArn),
        ...(props.parquet === undefined ? {} : { dataFormatConversionConfiguration: conversion(props.parquet, role.roleArn, this) }),
      },
    });
    // Firehose tries bucket, key and function while it makes the stream.
    this.stream.node.addDependency(policy);
  }

  private allowTable(policy: Policy, { databaseName, tableName }: { databaseName: string; tableName: string }): void {
    const glue = (resource: string): string => Stack.of(this).formatArn({ service: 'glue', resource });
    policy.addStatements(
      new PolicyStatement({
        sid: 'Schema',
        actions: ['glue:GetTable', 'glue:GetTableVersion', 'glue:GetTableVersions'],
        resources: [glue('catalog'), glue(`database/${databaseName}`), glue(`table/${databaseName}/${tableName}`)],
      }),
    );
  }
}

function conversion(
  { databaseName, tableName }: { databaseName: string; tableName: string },
  roleArn: string,
  scope: Construct,
): CfnDeliveryStream.DataFormatConversionConfigurationProperty {
  const { account, region } = Stack.of(scope);
  return {
    enabled: true,
    inputFormatConfiguration: { deserializer: { openXJsonSerDe: { caseInsensitive: true } } },
    outputFormatConfiguration: { serializer: { parquetSerDe: { compression: 'SNAPPY' } } },
    schemaConfiguration: { catalogId: account, databaseName, tableName, region, roleArn, versionId: 'LATEST' },
  };
}
