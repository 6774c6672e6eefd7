import type { SourceBatch } from '../../lambdas/core/index/types.ts';

/** A record as a delivery stream took it, which can go into that stream again. */
export interface Again {
  readonly stream: string;
  readonly data: Buffer;
}

/** What wrote an object: our functions, Lambda giving up on an asynchronous invocation or a batch of a stream, or Firehose giving up on records: `firehose` on their way to OpenSearch, `archive` to S3. */
export type FailureKind = 'dead-letter' | 'async' | 'stream' | 'firehose' | 'archive';

/** One thing that failed: a dead letter (an event and what was joined to it), or a payload that Lambda gave up on. */
export interface Failure {
  readonly kind: FailureKind;
  /** `<key>#<number>`, numbers from 1; names it in `show` and `replay`. */
  readonly id: string;
  readonly reason: string;
  /** May quote the event. */
  readonly detail?: string;
  readonly source: string;
  readonly logGroup: string;
  /** When it failed, in ms since the epoch. */
  readonly failedMs: number;
  /** Events again as they came; absent where they cannot be read. */
  readonly batch?: SourceBatch;
  readonly index?: string;
  readonly documentId?: string;
  /** What cannot be read, as it came: a payload in base64, a line of an object, or an event as JSON. */
  readonly payload?: string;
  /** Set where it goes into a delivery stream again instead of into an index. */
  readonly again?: Again;
}

/** Name of the source that owns a log group, where a config tells it. */
export type SourceNames = (logGroup: string) => string | undefined;
