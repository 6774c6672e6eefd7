import type { FunctionError } from '../lambda/messages.ts';
import type { MappingSpec } from './mapping-types.ts';

/** What happens to a batch after an invocation: positions are of the batch. */
export type BatchDecision =
  /** The checkpoint moves behind the batch. */
  | { readonly kind: 'done' }
  /** The checkpoint moves to `from`; the rest is tried again. `isSplit`: without using up a retry. */
  | { readonly kind: 'partial'; readonly from: number; readonly isSplit: boolean }
  /** Both halves are tried again, one after the other, without using up a retry. */
  | { readonly kind: 'split'; readonly at: number }
  | { readonly kind: 'retry' };

/** Answer of a function, as far as a mapping looks at it. */
export interface BatchAnswer {
  readonly payload?: string;
  readonly error?: FunctionError;
}

/**
 * Lambda's rules for a batch of a stream. With `ReportBatchItemFailures` the lowest failed sequence number is the checkpoint and everything from
 * there is tried again; an identifier that is empty or not of the batch fails the whole batch. With bisect too, the batch is split at that number;
 * where nothing of the batch is done there is nothing to split off, so it is halved like a failed one.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 */
export function decideBatch(
  spec: Pick<MappingSpec, 'bisectOnError' | 'partialBatchResponse'>,
  sequenceNumbers: readonly string[],
  answer: BatchAnswer,
): BatchDecision {
  const from = answer.error ? 0 : spec.partialBatchResponse ? firstFailure(sequenceNumbers, answer.payload) : sequenceNumbers.length;
  if (from >= sequenceNumbers.length) return { kind: 'done' };
  if (from > 0) return { kind: 'partial', from, isSplit: spec.bisectOnError };
  if (spec.bisectOnError && sequenceNumbers.length > 1) return { kind: 'split', at: Math.ceil(sequenceNumbers.length / 2) };
  return { kind: 'retry' };
}

/** Position of the first failed record; the length of the batch where none failed, 0 where all did. */
function firstFailure(sequenceNumbers: readonly string[], payload: string | undefined): number {
  const answer: unknown = payload === undefined || payload === '' ? null : JSON.parse(payload);
  const failures =
    typeof answer === 'object' && answer !== null ? (answer as { batchItemFailures?: unknown }).batchItemFailures : undefined;
  if (!Array.isArray(failures)) return sequenceNumbers.length;
  let first = sequenceNumbers.length;
  for (const failure of failures as readonly { itemIdentifier?: unknown }[]) {
    const identifier = failure?.itemIdentifier;
    const position = typeof identifier === 'string' ? sequenceNumbers.indexOf(identifier) : -1;
    if (position < 0) return 0;
    first = Math.min(first, position);
  }
  return first;
}
