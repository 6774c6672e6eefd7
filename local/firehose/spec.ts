import { resourceArn, resourceName } from '../template/attributes.ts';
import { booleanAt, type JsonObject, listAt, numberAt, objectAt, textAt } from '../template/json.ts';
import type { Resource } from '../template/resolver.ts';

const MIB = 1024 * 1024;

/** A place in S3 that a delivery stream writes to. */
export interface BucketSpec {
  readonly bucket: string;
  readonly prefix: string;
  readonly errorPrefix: string;
  readonly isGzip: boolean;
}

/** The function inside. */
export interface ProcessorSpec {
  readonly functionArn: string;
  readonly bufferBytes: number;
  readonly bufferMs: number;
  /** Attempts after the first. */
  readonly retries: number;
}

/** Where records go. */
export type DestinationSpec =
  | { readonly kind: 's3'; readonly place: BucketSpec; readonly isPartitioned: boolean; readonly isParquet: boolean }
  | {
      readonly kind: 'search';
      readonly indexName: string;
      readonly rotation: string;
      readonly retryMs: number;
      readonly backsUpAll: boolean;
      readonly backup: BucketSpec;
    };

/** A delivery stream, as its resource says. */
export interface DeliveryStreamSpec {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly processor: ProcessorSpec | undefined;
  readonly destination: DestinationSpec;
  readonly bufferBytes: number;
  readonly bufferMs: number;
}

/** Reads a delivery stream. Throws for a destination, a source or a processor that has no counterpart here. */
export function readDeliveryStream(resource: Resource): DeliveryStreamSpec {
  const { path, properties } = resource;
  if ((textAt(properties, 'DeliveryStreamType') ?? 'DirectPut') !== 'DirectPut')
    throw new Error(`${path}: only delivery streams that are put into have a counterpart on this machine`);
  const search = objectAt(properties, 'AmazonopensearchserviceDestinationConfiguration');
  const isSearch = Object.keys(search).length > 0;
  const configuration = isSearch ? search : objectAt(properties, 'ExtendedS3DestinationConfiguration');
  if (Object.keys(configuration).length === 0) throw new Error(`${path}: its destination has no counterpart on this machine`);
  const hints = objectAt(configuration, 'BufferingHints');
  return {
    name: resourceName(resource),
    arn: resourceArn(resource) ?? '',
    region: resource.region,
    processor: readProcessor(path, objectAt(configuration, 'ProcessingConfiguration')),
    destination: isSearch ? searchDestination(path, search) : s3Destination(path, configuration),
    bufferBytes: (numberAt(hints, 'SizeInMBs') ?? 5) * MIB,
    bufferMs: (numberAt(hints, 'IntervalInSeconds') ?? 300) * 1000,
  };
}

function s3Destination(path: string, configuration: JsonObject): DestinationSpec {
  return {
    kind: 's3',
    place: bucketOf(path, configuration),
    isPartitioned: booleanAt(objectAt(configuration, 'DynamicPartitioningConfiguration'), 'Enabled') ?? false,
    isParquet: booleanAt(objectAt(configuration, 'DataFormatConversionConfiguration'), 'Enabled') ?? false,
  };
}

function searchDestination(path: string, configuration: JsonObject): DestinationSpec {
  return {
    kind: 'search',
    indexName: textAt(configuration, 'IndexName') ?? '',
    rotation: textAt(configuration, 'IndexRotationPeriod') ?? 'OneDay',
    retryMs: (numberAt(objectAt(configuration, 'RetryOptions'), 'DurationInSeconds') ?? 300) * 1000,
    backsUpAll: textAt(configuration, 'S3BackupMode') === 'AllDocuments',
    backup: bucketOf(path, objectAt(configuration, 'S3Configuration')),
  };
}

function bucketOf(path: string, configuration: JsonObject): BucketSpec {
  const bucket = /^arn:aws[a-z-]*:s3:::(.+)$/.exec(textAt(configuration, 'BucketARN') ?? '')?.[1];
  if (bucket === undefined) throw new Error(`${path}: no bucket of S3 in its configuration`);
  return {
    bucket,
    prefix: textAt(configuration, 'Prefix') ?? '',
    errorPrefix: textAt(configuration, 'ErrorOutputPrefix') ?? '',
    isGzip: textAt(configuration, 'CompressionFormat') === 'GZIP',
  };
}

function readProcessor(path: string, configuration: JsonObject): ProcessorSpec | undefined {
  if (booleanAt(configuration, 'Enabled') !== true) return undefined;
  const [processor, ...others] = listAt(configuration, 'Processors');
  if (textAt(processor, 'Type') !== 'Lambda' || others.length > 0)
    throw new Error(`${path}: only one processor, a function, has a counterpart on this machine`);
  const parameters = new Map(
    listAt(processor, 'Parameters').map((parameter) => [textAt(parameter, 'ParameterName'), textAt(parameter, 'ParameterValue')]),
  );
  return {
    functionArn: (parameters.get('LambdaArn') ?? '').replace(/:\$LATEST$/, ''),
    bufferBytes: Number(parameters.get('BufferSizeInMBs') ?? 1) * MIB,
    bufferMs: Number(parameters.get('BufferIntervalInSeconds') ?? 60) * 1000,
    retries: Number(parameters.get('NumberOfRetries') ?? 3),
  };
}
