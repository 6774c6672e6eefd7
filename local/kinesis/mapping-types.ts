import type { InvocationResult } from '../lambda/function-host.ts';
import type { StreamRecord } from './stream.ts';

/** An event source mapping of a stream, as its template describes it; defaults are Lambda's. */
export interface MappingSpec {
  readonly uuid: string;
  readonly functionArn: string;
  readonly streamArn: string;
  readonly region: string;
  /** 1 to 10,000. @default 100 */
  readonly batchSize: number;
  /** 0 to 300 s. @default 0 */
  readonly windowMs: number;
  /** Batches of one shard at a time, 1 to 10. @default 1 */
  readonly parallelizationFactor: number;
  readonly bisectOnError: boolean;
  /** -1: as long as the stream keeps the record. @default -1 */
  readonly maximumRetryAttempts: number;
  /** Undefined (-1 in the template): as long as the stream keeps the record. */
  readonly maximumRecordAgeMs: number | undefined;
  /** `ReportBatchItemFailures` is among the function response types. */
  readonly partialBatchResponse: boolean;
  /** Bucket for records that are given up; without one they are gone. */
  readonly onFailureBucket: string | undefined;
}

/** Why records were given up. */
export type DiscardCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** Records given up together. */
export interface Discard<T> {
  readonly records: readonly StreamRecord<T>[];
  readonly condition: DiscardCondition;
  readonly requestId: string;
  readonly invokeCount: number;
  /** Whether the last attempt failed as a whole (not by a partial batch response). */
  readonly hasFunctionError: boolean;
}

/** What a mapping needs and tells. */
export interface MappingPorts<T> {
  /** The run's time. */
  now(): number;
  at(atMs: number, run: () => void): void;
  track(work: Promise<void>): void;
  invoke(event: string, records: readonly StreamRecord<T>[]): Promise<InvocationResult>;
  /** Records that a function has taken. */
  onDone(records: readonly StreamRecord<T>[]): void;
  /** Records given up after retries or age. */
  onDiscard(discard: Discard<T>): void;
  /** Records that the stream dropped before any function took them. */
  onExpired(records: readonly StreamRecord<T>[]): void;
}

/** A batch that has to be invoked, again maybe. */
export interface Work<T> {
  readonly records: readonly StreamRecord<T>[];
  /** Retries used up; splitting uses none. */
  readonly retries: number;
  readonly invocations: number;
  readonly lastRequestId: string;
  readonly lastWasError: boolean;
}
