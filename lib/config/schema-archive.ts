import * as z from 'zod';
import { roleArn, whole } from './schema-names.ts';

/** How Firehose calls the function firehose-transform. Limits: Processor, API reference of Firehose of 2026; reply of Lambda: 6 MB. */
const transformSchema = z
  .strictObject({
    memoryMb: whole(256, 10_240).default(1024).describe('memory of firehose-transform; CPU grows with it'),
    timeoutSeconds: whole(30, 300).default(120).describe('time-out of firehose-transform; Firehose waits five minutes at most'),
    bufferMiB: z
      .number()
      .min(0.2)
      .max(3)
      .default(0.2)
      .describe('records per invocation, in MiB as they came: compressed payloads become ten to twenty times as large'),
    bufferSeconds: whole(0, 900).default(60).describe('how long Firehose gathers records for an invocation'),
    retries: whole(0, 300).default(3).describe('attempts after the first when the function fails or runs out of time'),
  })
  .prefault({});

/** Delivery streams to OpenSearch, for sources with route: firehose. */
export const firehoseSchema = z
  .strictObject({
    bufferMiB: whole(1, 100).default(5).describe('size of a bulk request'),
    bufferSeconds: whole(0, 900).default(60).describe('longest wait for a bulk request'),
    retrySeconds: whole(0, 7200).default(3600).describe('how long a bulk request is tried again before its documents go to the bucket'),
    backup: z
      .enum(['failed', 'all'])
      .default('failed')
      .describe('documents that are kept in the dead-letter bucket: those that OpenSearch refused, or every one'),
    transform: transformSchema,
  })
  .prefault({})
  .describe('delivery streams of sources with route: firehose');

/** Originals in S3, for sources with archive: true. Minimum days: lifecycle of S3, user guide of 2026. */
export const archiveSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('true makes the bucket, its key, and a delivery stream for each cluster'),
    format: z
      .enum(['ndjson', 'parquet'])
      .default('ndjson')
      .describe('ndjson: gzip, readable by anything; parquet: by column, converted by Firehose'),
    partitionByApplication: z.boolean().default(false).describe('a folder for each application behind the hour'),
    bufferMiB: whole(64, 128).default(128).describe('largest object before compression; Firehose wants 64 for partitions'),
    bufferSeconds: whole(60, 900).default(900).describe('longest wait for an object of a partition'),
    transform: transformSchema,
    infrequentAccessDays: whole(30, 3653).optional().describe('age at which objects move to S3 Standard-IA'),
    glacier: z
      .strictObject({
        afterDays: whole(1, 3653).describe('age at which objects move'),
        storageClass: z
          .enum(['instantRetrieval', 'flexibleRetrieval', 'deepArchive'])
          .default('instantRetrieval')
          .describe('only instantRetrieval can be asked by Athena without restoring first'),
      })
      .optional(),
    retentionDays: whole(1, 36_500).optional().describe('age at which objects are deleted; without it they stay'),
    versioning: z.boolean().default(true).describe('keeps what is overwritten or deleted for a month'),
    objectLock: z
      .strictObject({
        mode: z.enum(['governance', 'compliance']).describe('governance: some may delete; compliance: nobody, not even the account’s root'),
        days: whole(1, 36_500).describe('days that nobody can delete an object'),
      })
      .optional()
      .describe('can be turned on only while the bucket is made'),
    readers: z.array(roleArn).max(50).default([]).describe('roles that may read: the archive holds text before redaction'),
  })
  .prefault({})
  .describe('originals in S3');
