import * as z from 'zod';
import { FIELD_TYPES, SOURCE_KINDS } from '../../lambdas/core/rules/rules.ts';
import { clusterName, itemName, logGroupName, whole } from './schema-names.ts';
import { exclusionSchema, formatName } from './schema-rules.ts';

/** Kinesis and its event source mapping. Limits: API references of Kinesis and Lambda, 2026. */
const streamSchema = z
  .strictObject({
    mode: z.enum(['onDemand', 'provisioned']).default('onDemand').describe('onDemand scales by itself; provisioned needs shards'),
    shards: whole(1, 6000).optional().describe('with mode: provisioned; one takes 1 MB or 1,000 records a second'),
    retentionHours: whole(24, 8760).default(24).describe('how long the stream keeps records: the longest outage it survives'),
    batchSize: whole(1, 10_000).default(100).describe('records per invocation'),
    batchWindowSeconds: whole(0, 300).default(5).describe('how long Lambda gathers a batch'),
    parallelizationFactor: whole(1, 10).default(1).describe('invocations at a time per shard'),
    maximumRetryAttempts: whole(-1, 10_000)
      .default(-1)
      .describe('attempts after the first before a batch goes to the dead-letter bucket; -1: as many as fit into its age'),
    maximumRecordAgeHours: whole(1, 168)
      .optional()
      .describe('age at which a record goes to the dead-letter bucket; default: an hour less than retentionHours'),
  })
  .prefault({});

export const sourceSchema = z.strictObject({
  name: itemName,
  cluster: clusterName.describe('one of clusters'),
  kind: z.enum(SOURCE_KINDS).describe('what the log group holds; logGroup is any other group, named by logGroup'),
  logGroup: logGroupName
    .optional()
    .describe('with kind: logGroup; with application and host also /aws/otel/containerinsights/<cluster>/<kind>'),
  route: z
    .enum(['direct', 'stream', 'firehose', 'none'])
    .default('direct')
    .describe(
      'direct: Lambda; stream: Kinesis, then Lambda; firehose: Firehose with a Lambda inside; none: the group gets retention and encryption, nothing is indexed',
    ),
  archive: z.boolean().default(false).describe('originals also go to S3, by a filter and a delivery stream of their own'),
  filterPattern: z.string().default('').describe('CloudWatch filter pattern; empty takes every event'),
  subscription: z
    .enum(['perGroup', 'account'])
    .default('perGroup')
    .describe('perGroup: one filter on the group; account: the one account-level policy of the Region'),
  foreignFilters: whole(0, 5).default(0).describe('subscription filters of others on this group: they use the same two slots'),
  foreignRegexFilters: whole(0, 100)
    .default(0)
    .describe('subscription and metric filters of others on this group with a regular expression: a group has room for five'),
  stream: streamSchema.describe('with route: stream'),
  exclusions: z.array(exclusionSchema).max(50).default([]).describe('events that are dropped before the index, and counted'),
  family: z.string().min(1).max(255).optional().describe('index family; default by kind'),
  format: formatName.optional().describe('parser of what no application claims; default by kind'),
  fields: z
    .record(z.string().min(1).max(256), z.enum(FIELD_TYPES))
    .default({})
    .describe('typed fields of what no application claims; with a format that has free fields'),
  volume: z
    .strictObject({
      gbPerDay: z.number().min(0).max(1_000_000).describe('uncompressed GB a day'),
      eventsPerSecond: z.number().min(0).max(10_000_000).optional().describe('events a second on average'),
    })
    .optional()
    .describe('for the estimate of cost; deployed things do not depend on it'),
});
