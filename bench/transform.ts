import { hash } from 'node:crypto';
import { eventCount, eventTimeMs } from '../lambdas/core/index/batch.ts';
import { transformBatch } from '../lambdas/core/index/transform.ts';
import type { SourceBatch } from '../lambdas/core/index/types.ts';
import { compileRules } from '../lambdas/core/rules/compile.ts';
import { openSubscription } from '../lambdas/events/subscription.ts';
import { allocateUncleared, writeUtf8 } from '../lambdas/events/utf8.ts';
import { BENCH_RULES } from './rules.ts';

export { parseAlb, transformAlb } from './alb.ts';
export { transformFirehose } from './firehose.ts';

const rules = compileRules(BENCH_RULES);

/**
 * What log-indexer does with the base64 text of a subscription payload before it sends: the whole `_bulk` body, and how many documents are in it.
 * The newest event's time stands for the clock, so that the result is a function of the payload.
 */
export function transform(data: string): { readonly bulk: Uint8Array; readonly count: number } {
  const opened = openSubscription(data, rules.isOfLines);
  if (opened.kind === 'control') return { bulk: new Uint8Array(0), count: 0 };
  if (opened.kind === 'bad') throw new Error(`${opened.reason}: ${opened.detail}`);
  const batch = transformBatch(opened.batch, rules, {
    nowMs: newestMs(opened.batch),
    hash: (text) => hash('sha256', text, 'hex'),
    write: writeUtf8,
    allocate: allocateUncleared,
  });
  return { bulk: batch.body, count: batch.documents.length };
}

function newestMs(batch: SourceBatch): number {
  let newest = 0;
  for (let event = eventCount(batch) - 1; event >= 0; event--) newest = Math.max(newest, eventTimeMs(batch, event) ?? 0);
  return newest;
}
