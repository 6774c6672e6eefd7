import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type AccessLogConfig, accessLogRules } from '../config/load-balancers.ts';
import { albIndexerName, deadLetterBucketName, joinName, roleName } from '../config/names.ts';
import { AccessLogBucket } from '../constructs/access-log-bucket.ts';
import { AccessLogIndexer } from '../constructs/access-log-indexer.ts';
import { AccessLogQueue } from '../constructs/access-log-queue.ts';
import { NamedLogGroup } from '../constructs/named-log-group.ts';
import { VendedLogs } from '../constructs/vended-logs.ts';
import type { SearchStack } from './search-stack.ts';
import type { StorageStack } from './storage-stack.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What the access log stack builds on. */
export interface AccessLogStackProps extends TelemetryStackProps {
  readonly storage: StorageStack;
  /** Undefined where nothing is indexed. */
  readonly search: SearchStack | undefined;
}

/** Longest name of a queue without `-dead-letters`, and of a delivery's source without its number and type. */
const MAX_QUEUE_NAME = 60;
const MAX_DELIVERY_NAME = 30;
/** How long a message is hidden against the function's time-out: the next attempt must not start while the first one works. */
const VISIBILITY_FACTOR = 2;

const LOG_TYPES: { readonly [kind in AccessLogConfig['kind']]: { readonly [type in AccessLogConfig['logTypes'][number]]?: string } } = {
  alb: { access: 'ALB_ACCESS_LOGS', connection: 'ALB_CONNECTION_LOGS', healthCheck: 'ALB_HEALTH_CHECK_LOGS' },
  nlb: { access: 'NLB_ACCESS_LOGS' },
  cloudfront: { access: 'ACCESS_LOGS' },
  waf: {},
};

/** Access logs of load balancers, CloudFront and WAF: bucket, queue, function. */
export class AccessLogStack extends TelemetryStack {
  private readonly settings: AccessLogStackProps;

  constructor(scope: Construct, props: AccessLogStackProps) {
    super(scope, props, {
      nameParts: ['access-logs'],
      description: 'eks-telemetry: bucket, queue and function for access logs of load balancers, CloudFront and WAF.',
      holdsData: props.config.loadBalancers.bucket.create,
    });
    this.settings = props;
    const { config, projectRoot, storage, search } = props;
    const { loadBalancers } = config;
    const { logs, bucket } = loadBalancers;
    const buckets = [...new Set(logs.map((log) => log.bucket))];
    const queue = new AccessLogQueue(this, 'Files', {
      queueName: joinName([config.prefix, 'access-logs'], MAX_QUEUE_NAME),
      bucketNames: buckets,
      visibilityTimeout: Duration.seconds(loadBalancers.timeoutSeconds * VISIBILITY_FACTOR),
      maximumReceives: loadBalancers.queue.maximumReceives,
    });
    if (bucket.create) for (const name of buckets) this.makeBucket(name, logs, queue, Duration.days(bucket.retentionDays));
    for (const log of logs) {
      if (log.logGroup === undefined) continue;
      new NamedLogGroup(this, `Lines-${log.name}`, {
        logGroupName: log.logGroup.name,
        encryptionKey: storage.logGroupKey,
        retention: log.logGroup.retentionDays as RetentionDays,
      });
    }
    const functionName = albIndexerName(config.prefix);
    new AccessLogIndexer(this, 'AlbIndexer', {
      projectRoot,
      encryptionKey: storage.logGroupKey,
      functionName,
      roleName: roleName(config.region, functionName),
      queue: queue.queue,
      rules: accessLogRules(config),
      search: search?.target,
      deadLetters: { bucketName: deadLetterBucketName(config), encryptionKey: storage.deadLetterKey },
      bulk: config.delivery.bulk,
      memoryMb: loadBalancers.memoryMb,
      timeout: Duration.seconds(loadBalancers.timeoutSeconds),
      batchSize: loadBalancers.queue.batchSize,
      maximumConcurrency: loadBalancers.queue.maximumConcurrency,
      geoIpFile: loadBalancers.geoIpFile,
      network: search?.network,
    });
    for (const log of logs) if (log.delivery === 'vended') this.deliver(log);
    new CfnOutput(this, 'AccessLogBucketName', { value: bucket.name, description: 'Bucket for access_logs.s3.bucket of load balancers.' });
    new CfnOutput(this, 'AccessLogQueueArn', {
      value: queue.queue.queueArn,
      description: 'Queue that a bucket of others tells of new files.',
    });
  }

  private makeBucket(name: string, logs: readonly AccessLogConfig[], queue: AccessLogQueue, retention: Duration): void {
    const made = new AccessLogBucket(this, name === logs[0]?.bucket ? 'Bucket' : `Bucket-${name}`, {
      bucketName: name,
      retention,
      queueArn: queue.queue.queueArn,
      writers: logs.filter((log) => log.bucket === name).map(({ kind, delivery, prefix }) => ({ kind, delivery, prefix })),
    });
    made.bucket.node.addDependency(queue.policy);
  }

  private deliver(log: AccessLogConfig): void {
    const { config } = this.settings;
    new VendedLogs(this, `Vended-${log.name}`, {
      name: joinName([config.prefix, log.name], MAX_DELIVERY_NAME),
      resourceArns: log.resourceArns,
      logTypes: log.logTypes.flatMap((type) => LOG_TYPES[log.kind][type] ?? []),
      destinationArn: `arn:${this.partition}:s3:::${log.bucket}${log.prefix === '' ? '' : `/${log.prefix.slice(0, -1)}`}`,
    });
  }
}
