import type { MappingSpec } from '../kinesis/mapping-types.ts';
import { DEFAULT_RETENTION_HOURS, ON_DEMAND_SHARDS, type StreamSpec } from '../kinesis/stream.ts';
import type { AsyncSpec } from '../lambda/async-queue.ts';
import type { QueueMappingSpec } from '../sqs/mapping.ts';
import type { QueueSpec } from '../sqs/queue.ts';
import { resourceArn, resourceName, resourceRef } from '../template/attributes.ts';
import { booleanAt, listAt, numberAt, objectAt, textAt } from '../template/json.ts';
import type { Resource } from '../template/resolver.ts';

/** Reads a data stream. */
export function readStreamSpec(resource: Resource): StreamSpec {
  const { properties } = resource;
  const isOnDemand = textAt(objectAt(properties, 'StreamModeDetails'), 'StreamMode') === 'ON_DEMAND';
  return {
    name: resourceName(resource),
    arn: resourceArn(resource) ?? '',
    shards: isOnDemand ? ON_DEMAND_SHARDS : (numberAt(properties, 'ShardCount') ?? 1),
    retentionHours: numberAt(properties, 'RetentionPeriodHours') ?? DEFAULT_RETENTION_HOURS,
  };
}

/** Reads a queue, with SQS's own defaults. */
export function readQueueSpec(resource: Resource): QueueSpec {
  const { properties } = resource;
  const redrive = objectAt(properties, 'RedrivePolicy');
  const deadLetterArn = textAt(redrive, 'deadLetterTargetArn');
  return {
    name: resourceName(resource),
    arn: resourceArn(resource) ?? '',
    url: String(resourceRef(resource)),
    visibilityMs: (numberAt(properties, 'VisibilityTimeout') ?? 30) * 1000,
    delayMs: (numberAt(properties, 'DelaySeconds') ?? 0) * 1000,
    retentionMs: (numberAt(properties, 'MessageRetentionPeriod') ?? 345_600) * 1000,
    redrive: deadLetterArn === undefined ? undefined : { deadLetterArn, maximumReceives: numberAt(redrive, 'maxReceiveCount') ?? 10 },
  };
}

/** Reads the mapping of a queue; undefined for one of another source, or that is turned off. */
export function readQueueMappingSpec(resource: Resource, functionArn: string): QueueMappingSpec | undefined {
  const { properties } = resource;
  const queueArn = textAt(properties, 'EventSourceArn') ?? '';
  if (!queueArn.includes(':sqs:') || booleanAt(properties, 'Enabled') === false) return undefined;
  if (listAt(objectAt(properties, 'FilterCriteria'), 'Filters').length > 0)
    throw new Error(`${resource.path}: filter criteria have no counterpart here`);
  return {
    functionArn,
    queueArn,
    region: resource.region,
    batchSize: numberAt(properties, 'BatchSize') ?? 10,
    windowMs: (numberAt(properties, 'MaximumBatchingWindowInSeconds') ?? 0) * 1000,
    maximumConcurrency: numberAt(objectAt(properties, 'ScalingConfig'), 'MaximumConcurrency') ?? 1000,
    partialBatchResponse: listAt(properties, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
  };
}

/** Reads the mapping of a stream; undefined for one that is turned off. Throws for a source or a flag that has no counterpart here. */
export function readMappingSpec(resource: Resource, functionArn: string): MappingSpec | undefined {
  const { properties } = resource;
  if (booleanAt(properties, 'Enabled') === false) return undefined;
  const streamArn = textAt(properties, 'EventSourceArn') ?? '';
  if (!streamArn.includes(':kinesis:')) throw new Error(`${resource.path}: only data streams are event sources here, found ${streamArn}`);
  if ((numberAt(properties, 'TumblingWindowInSeconds') ?? 0) > 0)
    throw new Error(`${resource.path}: tumbling windows have no counterpart here`);
  if (listAt(objectAt(properties, 'FilterCriteria'), 'Filters').length > 0) {
    throw new Error(`${resource.path}: filter criteria have no counterpart here (and cannot look into gzip payloads)`);
  }
  const maximumAgeSeconds = numberAt(properties, 'MaximumRecordAgeInSeconds') ?? -1;
  return {
    uuid: resourceName(resource),
    functionArn,
    streamArn,
    region: resource.region,
    batchSize: numberAt(properties, 'BatchSize') ?? 100,
    windowMs: (numberAt(properties, 'MaximumBatchingWindowInSeconds') ?? 0) * 1000,
    parallelizationFactor: numberAt(properties, 'ParallelizationFactor') ?? 1,
    bisectOnError: booleanAt(properties, 'BisectBatchOnFunctionError') ?? false,
    maximumRetryAttempts: numberAt(properties, 'MaximumRetryAttempts') ?? -1,
    maximumRecordAgeMs: maximumAgeSeconds < 0 ? undefined : maximumAgeSeconds * 1000,
    partialBatchResponse: listAt(properties, 'FunctionResponseTypes').includes('ReportBatchItemFailures'),
    onFailureBucket: readBucket(resource, 'OnFailure'),
  };
}

/** Reads how a function is invoked asynchronously; Lambda's defaults where there is no such resource. */
export function readAsyncSpec(functionName: string, functionArn: string, resource: Resource | undefined): AsyncSpec {
  return {
    functionName,
    functionArn,
    maximumRetryAttempts: numberAt(resource?.properties, 'MaximumRetryAttempts') ?? 2,
    maximumEventAgeMs: (numberAt(resource?.properties, 'MaximumEventAgeInSeconds') ?? 21_600) * 1000,
    onFailureBucket: resource && readBucket(resource, 'OnFailure'),
  };
}

function readBucket(resource: Resource, which: 'OnFailure'): string | undefined {
  const arn = textAt(objectAt(objectAt(resource.properties, 'DestinationConfig'), which), 'Destination');
  if (arn === undefined) return undefined;
  const bucket = /^arn:aws[a-z-]*:s3:::(.+)$/.exec(arn)?.[1];
  if (bucket === undefined)
    throw new Error(`${resource.path}: only an S3 bucket is an on-failure destination here (it alone keeps the records), found ${arn}`);
  return bucket;
}
