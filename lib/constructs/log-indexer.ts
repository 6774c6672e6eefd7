import { type Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Rules } from '../../lambdas/core/rules/rules.ts';
import { BundledFunction, type FunctionDefaults, type FunctionNetwork } from './bundled-function.ts';
import { allowDeadLetters } from './dead-letter-bucket.ts';
import type { SearchTarget } from './search-target.ts';

/** Limits of one `_bulk` request. */
export interface BulkLimits {
  /** Largest body in bytes; small instances refuse more than 10 MiB. */
  readonly maxBytes: number;
  readonly maxDocuments: number;
  /** Whether requests are compressed. */
  readonly gzip: boolean;
}

/** Where a function puts what it cannot index. */
export interface DeadLetterTarget {
  readonly bucketName: string;
  readonly encryptionKey: IKey;
}

/** Settings of a function that indexes the sources of one cluster and one route. */
export interface LogIndexerProps extends FunctionDefaults {
  readonly functionName: string;
  /** Fixed, because search-setup maps the role before this function exists. */
  readonly roleName: string;
  /** How events arrive: decides the envelope and how they are handed back. */
  readonly route: 'direct' | 'stream';
  /** Written beside the bundle as `rules.json`. */
  readonly rules: Rules;
  readonly search: SearchTarget;
  readonly deadLetters: DeadLetterTarget;
  readonly bulk: BulkLimits;
  readonly memoryMb: number;
  readonly timeout: Duration;
  readonly network?: FunctionNetwork | undefined;
}

/** The function that turns subscription payloads into documents. */
export class LogIndexer extends Construct {
  readonly indexer: BundledFunction;

  constructor(scope: Construct, id: string, props: LogIndexerProps) {
    super(scope, id);
    this.indexer = new BundledFunction(this, 'Indexer', {
      projectRoot: props.projectRoot,
      encryptionKey: props.encryptionKey,
      ...(props.logRetention === undefined ? {} : { logRetention: props.logRetention }),
      functionName: props.functionName,
      roleName: props.roleName,
      entry: 'lambdas/log-indexer.ts',
      description: `Indexes log events that arrive by the ${props.route} route into OpenSearch.`,
      memoryMb: props.memoryMb,
      timeout: props.timeout,
      network: props.network,
      files: { 'rules.json': props.rules },
      environment: {
        SEARCH_ENDPOINT: props.search.endpoint,
        DEAD_LETTER_BUCKET: props.deadLetters.bucketName,
        ACCOUNT_ID: Stack.of(this).account,
        BULK_MAX_BYTES: String(props.bulk.maxBytes),
        BULK_MAX_DOCUMENTS: String(props.bulk.maxDocuments),
        BULK_GZIP: props.bulk.gzip ? '1' : '0',
        METRIC_NAMESPACE: 'EksTelemetry',
        SOURCE_ROUTE: props.route,
      },
    });
    const { functionRole } = this.indexer;
    functionRole.allow({
      sid: 'Bulk',
      actions: ['es:ESHttpPost'],
      // The indices stand in the body, so the path cannot name them; the role that search-setup maps does.
      resources: [`${props.search.domainArn}/_bulk`],
      ...(props.search.isExactDomain ? {} : { why: NO_DOMAIN_NAME }),
    });
    allowDeadLetters(functionRole, props.deadLetters.bucketName, props.deadLetters.encryptionKey);
  }
}

const NO_DOMAIN_NAME =
  'The config names an endpoint whose host does not tell the domain behind it; only POST /_bulk is allowed, and the domain decides by its role mapping.';
