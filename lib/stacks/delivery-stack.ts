import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { accountSources, groupsLeftOut } from '../config/account-policy.ts';
import type { ClusterConfig, SourceConfig } from '../config/load.ts';
import { deadLetterBucketName, joinName, logIndexerName, roleName } from '../config/names.ts';
import { rulesFor } from '../config/rules.ts';
import { DirectRoute } from '../constructs/direct-route.ts';
import { LogIndexer } from '../constructs/log-indexer.ts';
import { StreamRoute } from '../constructs/stream-route.ts';
import { AccountSubscription, GroupSubscription, type SubscriptionTarget } from '../constructs/subscription.ts';
import { type IndexedRoute, sourcesOf } from './routes.ts';
import type { SearchStack } from './search-stack.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What a delivery stack builds on. */
export interface DeliveryStackProps extends TelemetryStackProps {
  readonly cluster: ClusterConfig;
  readonly storage: StorageStack;
  readonly search: SearchStack;
}

/** Longest name of a Kinesis stream, in characters. */
const MAX_STREAM_NAME = 128;
/** Longest name of a subscription filter, in characters. */
const MAX_FILTER_NAME = 512;

/** The way from one cluster's log groups into OpenSearch. */
export class DeliveryStack extends TelemetryStack {
  private readonly settings: DeliveryStackProps;

  constructor(scope: Construct, props: DeliveryStackProps) {
    const { cluster, config } = props;
    super(scope, props, {
      nameParts: [cluster.name, 'delivery'],
      description: `eks-telemetry: subscriptions, streams and functions that index the logs of cluster ${cluster.name}.`,
      holdsData: false,
    });
    this.settings = props;
    const onAccount = accountSources(config).filter((source) => source.cluster === cluster.name);
    const perGroup = (source: SourceConfig): boolean => !onAccount.includes(source);
    const direct = sourcesOf(config, cluster.name, 'direct');
    if (direct.length > 0) {
      const target = this.directTarget(this.makeIndexer('direct'));
      for (const source of direct.filter(perGroup)) this.subscribeGroup(source, target);
      if (onAccount[0]?.route === 'direct') this.subscribeAccount(onAccount[0], target);
    }
    const streamed = sourcesOf(config, cluster.name, 'stream');
    if (streamed.length > 0) {
      const indexer = this.makeIndexer('stream');
      for (const source of streamed.filter(perGroup)) {
        const names = { id: `Stream-${source.name}`, streamName: joinName([config.prefix, cluster.name, source.name], MAX_STREAM_NAME) };
        this.subscribeGroup(source, this.streamTarget(names, source.stream, indexer));
      }
      if (onAccount[0]?.route === 'stream') {
        // A dot, which no source's name has: the name stays the same whichever source comes first.
        const names = { id: 'AccountStream', streamName: joinName([config.prefix, `${cluster.name}.account`], MAX_STREAM_NAME) };
        this.subscribeAccount(onAccount[0], this.streamTarget(names, onAccount[0].stream, indexer));
      }
    }
  }

  private makeIndexer(route: IndexedRoute): LogIndexer {
    const { cluster, config, projectRoot, search, storage } = this.settings;
    const functionName = logIndexerName(config.prefix, cluster.name, route);
    return new LogIndexer(this, route === 'direct' ? 'DirectIndexer' : 'StreamIndexer', {
      projectRoot,
      encryptionKey: storage.logGroupKey,
      functionName,
      roleName: roleName(config.region, functionName),
      route,
      rules: rulesFor(config, cluster.name, { route }),
      search: search.target,
      deadLetters: { bucketName: deadLetterBucketName(config), encryptionKey: storage.deadLetterKey },
      bulk: config.delivery.bulk,
      memoryMb: config.delivery.memoryMb,
      timeout: Duration.seconds(config.delivery.timeoutSeconds),
      network: search.network,
    });
  }

  private directTarget(indexer: LogIndexer): SubscriptionTarget {
    const { direct } = this.settings.config.delivery;
    const route = new DirectRoute(this, 'Direct', indexer, {
      maximumRetryAttempts: direct.maximumRetryAttempts,
      maximumEventAge: Duration.seconds(Math.round(direct.maximumEventAgeHours * 3600)),
      failureBucketArn: this.settings.storage.deadLetters.bucketArn,
    });
    return {
      destinationArn: indexer.indexer.function.functionArn,
      waitFor: [route.permission, route.invokeConfig, indexer.indexer.functionRole.policy],
    };
  }

  private streamTarget(
    { id, streamName }: { id: string; streamName: string },
    stream: SourceConfig['stream'],
    indexer: LogIndexer,
  ): SubscriptionTarget {
    const { storage } = this.settings;
    const route = new StreamRoute(this, id, {
      streamName,
      indexer,
      shards: stream.mode === 'provisioned' ? (stream.shards ?? 1) : undefined,
      retention: Duration.hours(stream.retentionHours),
      encryptionKey: storage.dataKey,
      batchSize: stream.batchSize,
      batchWindow: Duration.seconds(stream.batchWindowSeconds),
      parallelizationFactor: stream.parallelizationFactor,
      maximumRetryAttempts: stream.maximumRetryAttempts,
      maximumRecordAge: Duration.hours(stream.maximumRecordAgeHours),
      failureBucketArn: storage.deadLetters.bucketArn,
    });
    return { destinationArn: route.stream.streamArn, roleArn: route.writerRole.roleArn, waitFor: [route.writerPolicy, route.mapping] };
  }

  private subscribeGroup(source: SourceConfig, target: SubscriptionTarget): void {
    new GroupSubscription(this, `Subscription-${source.name}`, {
      logGroupName: source.logGroup,
      filterName: joinName([this.settings.config.prefix, source.name], MAX_FILTER_NAME),
      filterPattern: source.filterPattern,
      target,
      foreignFilters: source.foreignFilters,
    });
  }

  /** One policy for all sources that ask for it: there is one per Region, and `check` makes sure that they agree. */
  private subscribeAccount({ filterPattern }: SourceConfig, target: SubscriptionTarget): void {
    const { config } = this.settings;
    new AccountSubscription(this, 'AccountSubscription', {
      policyName: joinName([config.prefix, 'account-subscription'], MAX_FILTER_NAME),
      filterPattern,
      target,
      excludedLogGroups: groupsLeftOut(config),
      foreignPolicies: config.accountSubscription.foreignPolicies,
    });
  }
}
