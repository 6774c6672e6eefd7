import { type Duration, Stack } from 'aws-cdk-lib';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AccessLogRules } from '../../lambdas/core/access-logs/rules.ts';
import { BundledFunction, type FunctionDefaults, type FunctionNetwork } from './bundled-function.ts';
import { allowDeadLetters } from './dead-letter-bucket.ts';
import { logGroupArn } from './function-role.ts';
import type { BulkLimits, DeadLetterTarget } from './log-indexer.ts';
import type { SearchTarget } from './search-target.ts';

/** Settings of the function that indexes access log files. */
export interface AccessLogIndexerProps extends FunctionDefaults {
  readonly functionName: string;
  /** Fixed, because search-setup maps the role before this function exists. */
  readonly roleName: string;
  readonly queue: Queue;
  /** Written beside the bundle as `access-logs.json`. */
  readonly rules: AccessLogRules;
  /** Undefined where nothing is indexed. */
  readonly search: SearchTarget | undefined;
  readonly deadLetters: DeadLetterTarget;
  readonly bulk: BulkLimits;
  readonly memoryMb: number;
  readonly timeout: Duration;
  /** Files per invocation, 1 to 10. */
  readonly batchSize: number;
  /** Invocations at a time, 2 to 1,000. */
  readonly maximumConcurrency: number;
  /** Path of a database of addresses on this machine. */
  readonly geoIpFile?: string | undefined;
  readonly network?: FunctionNetwork | undefined;
}

/** The function that turns access log files into documents, and the mapping that hands it the queue's messages. */
export class AccessLogIndexer extends Construct {
  readonly indexer: BundledFunction;
  readonly mapping: CfnEventSourceMapping;

  constructor(scope: Construct, id: string, props: AccessLogIndexerProps) {
    super(scope, id);
    const { queue, rules, search } = props;
    this.indexer = new BundledFunction(this, 'Indexer', {
      projectRoot: props.projectRoot,
      encryptionKey: props.encryptionKey,
      ...(props.logRetention === undefined ? {} : { logRetention: props.logRetention }),
      functionName: props.functionName,
      roleName: props.roleName,
      entry: 'lambdas/alb-indexer.ts',
      description: 'Indexes access log files of load balancers, CloudFront and WAF into OpenSearch.',
      memoryMb: props.memoryMb,
      timeout: props.timeout,
      network: props.network,
      files: { 'access-logs.json': rules },
      ...(props.geoIpFile === undefined ? {} : { copies: { 'geoip.mmdb': props.geoIpFile } }),
      environment: {
        ...(search === undefined ? {} : { SEARCH_ENDPOINT: search.endpoint }),
        DEAD_LETTER_BUCKET: props.deadLetters.bucketName,
        BULK_MAX_BYTES: String(props.bulk.maxBytes),
        BULK_MAX_DOCUMENTS: String(props.bulk.maxDocuments),
        BULK_GZIP: props.bulk.gzip ? '1' : '0',
        METRIC_NAMESPACE: 'EksTelemetry',
        QUEUE_URL: queue.queueUrl,
      },
    });
    this.allow(props);
    this.mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: this.indexer.function.functionName,
      eventSourceArn: queue.queueArn,
      batchSize: props.batchSize,
      // The function answers which messages are not done; without this flag Lambda would delete them all.
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: props.maximumConcurrency },
    });
    this.mapping.node.addDependency(this.indexer.functionRole.policy);
  }

  private allow({ queue, rules, search, deadLetters }: AccessLogIndexerProps): void {
    const { functionRole } = this.indexer;
    const { partition } = Stack.of(this);
    functionRole.allow({
      sid: 'Queue',
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility', 'sqs:SendMessage'],
      resources: [queue.queueArn],
    });
    const buckets = [...new Set(rules.sources.map(({ bucket }) => bucket))].map((bucket) => `arn:${partition}:s3:::${bucket}`);
    functionRole.allow({
      sid: 'ReadFiles',
      actions: ['s3:GetObject'],
      resources: buckets.map((arn) => `${arn}/*`),
      why: 'Services make up the keys of their files; the buckets hold nothing else.',
    });
    // Without it a file that is gone would look like one that may not be read.
    functionRole.allow({ sid: 'ListFiles', actions: ['s3:ListBucket'], resources: buckets });
    if (search !== undefined) {
      functionRole.allow({
        sid: 'Bulk',
        actions: ['es:ESHttpPost'],
        // The indices stand in the body, so the path cannot name them; the role that search-setup maps does.
        resources: [`${search.domainArn}/_bulk`],
        ...(search.isExactDomain
          ? {}
          : {
              why: 'The config names an endpoint whose host does not tell the domain behind it; only POST /_bulk is allowed, and the domain decides by its role mapping.',
            }),
      });
    }
    const groups = rules.sources.flatMap(({ logGroup }) => (logGroup === undefined ? [] : [logGroup.name]));
    if (groups.length > 0) {
      functionRole.allow({
        sid: 'PutLines',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [...new Set(groups)].map((name) => `${logGroupArn(this, name)}:log-stream:*`),
        why: 'Each file has a stream of its own, named like the file.',
      });
    }
    allowDeadLetters(functionRole, deadLetters.bucketName, deadLetters.encryptionKey);
  }
}
