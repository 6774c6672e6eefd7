import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { archivedSources, type FamilyStreamPlan, familyStreams, firehoseSources } from '../config/firehose-plan.ts';
import type { ClusterConfig, SourceConfig } from '../config/load.ts';
import {
  archiveStreamName,
  athenaDatabaseName,
  deadLetterBucketName,
  firehoseLogGroupName,
  firehoseTransformName,
  firehoseWriterName,
  joinName,
  roleName,
} from '../config/names.ts';
import { rulesFor } from '../config/rules.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { ArchiveStream } from '../constructs/archive-stream.ts';
import { DeliveryStreamWriter, type TransformCall } from '../constructs/delivery-stream.ts';
import { FirehoseTransform } from '../constructs/firehose-transform.ts';
import { NamedLogGroup } from '../constructs/named-log-group.ts';
import { SearchStream, SearchWriter } from '../constructs/search-stream.ts';
import { GroupSubscription } from '../constructs/subscription.ts';
import type { ArchiveStack } from './archive-stack.ts';
import type { SearchStack } from './search-stack.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What the Firehose stack of a cluster builds on. */
export interface FirehoseStackProps extends TelemetryStackProps {
  readonly cluster: ClusterConfig;
  readonly storage: StorageStack;
  /** Undefined with `search.mode: none`. */
  readonly search: SearchStack | undefined;
  /** Undefined with `archive.enabled: false`. */
  readonly archive: ArchiveStack | undefined;
}

/** Longest name of a subscription filter, in characters. */
const MAX_FILTER_NAME = 512;
/** Table whose columns Firehose converts to Parquet by: those of all kinds are the same. */
const SCHEMA_TABLE = 'application';

/** Delivery streams of one cluster: to OpenSearch for sources with route firehose, to S3 for those that are archived. */
export class FirehoseStack extends TelemetryStack {
  private readonly settings: FirehoseStackProps;
  private readonly markSecret: Secret;
  private readonly log: NamedLogGroup;

  constructor(scope: Construct, props: FirehoseStackProps) {
    const { cluster, config, storage } = props;
    super(scope, props, {
      nameParts: [cluster.name, 'firehose'],
      description: `eks-telemetry: delivery streams of cluster ${cluster.name} to OpenSearch and to the archive.`,
      holdsData: false,
    });
    this.settings = props;
    this.log = new NamedLogGroup(this, 'Errors', {
      logGroupName: firehoseLogGroupName(config.prefix, cluster.name),
      encryptionKey: storage.logGroupKey,
    });
    this.markSecret = new Secret(this, 'Mark', {
      description:
        'By this firehose-transform knows records that it has put into a delivery stream itself. Random; nobody needs to read it.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
      ...(storage.dataKey === undefined ? {} : { encryptionKey: storage.dataKey }),
    });
    acknowledge(
      this.markSecret,
      'AwsSolutions-SMG4',
      'No person and no other system has it; a rotation would make records fail that are on their way at that moment. To change it, stop the sources for as long as a delivery stream buffers.',
    );
    if (props.search !== undefined && firehoseSources(config, cluster.name).length > 0) this.deliverToSearch(props.search);
    if (props.archive !== undefined && archivedSources(config, cluster.name).length > 0) this.deliverToArchive(props.archive);
  }

  private deliverToSearch(search: SearchStack): void {
    const { cluster, config, storage } = this.settings;
    const { firehose } = config.delivery;
    const plans = familyStreams(config, cluster.name);
    const call = this.transformCall('search', plans, firehose.transform);
    const common = {
      call,
      bucket: { bucketArn: storage.deadLetters.bucketArn, encryptionKey: storage.deadLetterKey },
      log: this.log,
      encryptionKey: storage.dataKey,
      search: search.target,
      network: search.network,
    };
    const writer = new SearchWriter(this, 'SearchWriter', {
      ...common,
      roleName: roleName(config.region, firehoseWriterName(config.prefix, cluster.name)),
    });
    const streams = new Map<string, CfnDeliveryStream>();
    for (const { family, indexName, rotation, streamName } of plans) {
      const made = new SearchStream(this, `Search-${family}`, {
        ...common,
        ...{ streamName, writer, indexName, rotation, backup: firehose.backup, bufferMiB: firehose.bufferMiB },
        buffer: Duration.seconds(firehose.bufferSeconds),
        retry: Duration.seconds(firehose.retrySeconds),
      });
      streams.set(family, made.stream);
    }
    const subscriber = new DeliveryStreamWriter(this, 'SearchSubscriber', [...streams.values()]);
    for (const source of firehoseSources(config, cluster.name)) {
      const stream = streams.get(source.family);
      if (stream !== undefined) this.subscribe(source, source.name, source.filterPattern, subscriber.targetOf(stream));
    }
  }

  private deliverToArchive(archive: ArchiveStack): void {
    const { cluster, config, storage } = this.settings;
    const settings = config.archive;
    const { stream } = new ArchiveStream(this, 'Archive', {
      streamName: archiveStreamName(config.prefix, cluster.name),
      call: this.transformCall('archive', [], settings.transform),
      bucket: { bucketArn: archive.bucketArn, encryptionKey: archive.encryptionKey },
      log: this.log,
      encryptionKey: storage.dataKey,
      bufferMiB: settings.bufferMiB,
      buffer: Duration.seconds(settings.bufferSeconds),
      byApplication: settings.partitionByApplication,
      parquet: settings.format === 'parquet' ? { databaseName: athenaDatabaseName(config), tableName: SCHEMA_TABLE } : undefined,
    });
    const subscriber = new DeliveryStreamWriter(this, 'ArchiveSubscriber', [stream]);
    // The whole group, whatever its index gets: what is not kept cannot be asked for later.
    for (const source of archivedSources(config, cluster.name))
      this.subscribe(source, `${source.name}-archive`, '', subscriber.targetOf(stream));
  }

  private transformCall(
    mode: 'search' | 'archive',
    plans: readonly FamilyStreamPlan[],
    settings: FirehoseStackProps['config']['archive']['transform'],
  ): TransformCall {
    const { cluster, config, projectRoot, storage } = this.settings;
    const isArchive = mode === 'archive';
    const made = new FirehoseTransform(this, isArchive ? 'ArchiveTransform' : 'SearchTransform', {
      projectRoot,
      encryptionKey: storage.logGroupKey,
      functionName: firehoseTransformName(config.prefix, cluster.name, mode),
      mode,
      rules: rulesFor(config, cluster.name, isArchive ? { archived: true } : { route: 'firehose' }),
      streams: {
        families: plans.map(({ indexStart, streamName }) => ({ indexStart, stream: streamName })),
        byApplication: isArchive && config.archive.partitionByApplication,
      },
      streamNames: isArchive ? [archiveStreamName(config.prefix, cluster.name)] : plans.map(({ streamName }) => streamName),
      deadLetters: { bucketName: deadLetterBucketName(config), encryptionKey: storage.deadLetterKey },
      markSecretArn: this.markSecret.secretArn,
      markSecretKey: storage.dataKey,
      memoryMb: settings.memoryMb,
      timeout: Duration.seconds(settings.timeoutSeconds),
    });
    return { function: made, bufferMiB: settings.bufferMiB, buffer: Duration.seconds(settings.bufferSeconds), retries: settings.retries };
  }

  private subscribe(source: SourceConfig, name: string, filterPattern: string, target: ReturnType<DeliveryStreamWriter['targetOf']>): void {
    new GroupSubscription(this, `Subscription-${name}`, {
      logGroupName: source.logGroup,
      filterName: joinName([this.settings.config.prefix, name], MAX_FILTER_NAME),
      filterPattern,
      target,
      foreignFilters: source.foreignFilters,
    });
  }
}
