import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudWatchLogsEvent, Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { createIndexer, type Indexer } from './clients/indexer.ts';
import { type IndexerSettings, processingTimeMs, readSettings } from './clients/indexer-settings.ts';
import { lowestSequenceNumber } from './core/delivery/checkpoint.ts';
import type { DeliveryReport } from './core/delivery/deliver.ts';
import { transformBatch } from './core/index/transform.ts';
import { compileRules } from './core/rules/compile.ts';
import type { Rules } from './core/rules/rules.ts';
import { sourceNameOf } from './core/rules/source-of.ts';
import { directData, kinesisRecords, type StreamRecord } from './events/kinesis.ts';
import { openSubscription } from './events/subscription.ts';
import { allocateUncleared, writeUtf8 } from './events/utf8.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function start(): { readonly settings: IndexerSettings; readonly index: Indexer } {
  const settings = readSettings(process.env);
  const rules = JSON.parse(readFileSync(join(settings.root, 'rules.json'), 'utf8')) as Rules;
  const compiled = compileRules(rules);
  const index = createIndexer(
    settings,
    {
      open: (data) => openSubscription(data, compiled.isOfLines),
      transform: (batch, nowMs) => transformBatch(batch, compiled, { nowMs, hash: sha256, write: writeUtf8, allocate: allocateUncleared }),
      sourceOf: (logGroup) => sourceNameOf(rules, logGroup),
      families: rules.families,
    },
    process.env,
  );
  return { settings, index };
}

let started: ReturnType<typeof start> | undefined;
// Lambda gives the init phase a full core: everything that can be made before the first event is made there.
if (process.env['LAMBDA_TASK_ROOT'] && process.env['SEARCH_ENDPOINT']) started = start();

/** Indexes what a subscription delivers: an asynchronous invocation by CloudWatch Logs (direct) or a batch of a Kinesis stream (stream). */
export async function handler(
  event: CloudWatchLogsEvent | KinesisStreamEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<KinesisStreamBatchResponse | undefined> {
  started ??= start();
  const { settings, index } = started;
  const invocation = { remainingMs: () => context.getRemainingTimeInMillis() };
  const nowMs = processingTimeMs(process.env, Date.now());
  if (settings.route === 'stream') {
    const records = kinesisRecords(event);
    if (!records) throw new Error('SOURCE_ROUTE is stream, but the event holds no stream records');
    const payloads = records.map(({ data, sequenceNumber, arrivedMs = nowMs }) => ({ data, identity: sequenceNumber, arrivedMs }));
    return answer(records, await index(payloads, invocation));
  }
  const data = directData(event);
  if (data === undefined) throw new Error('SOURCE_ROUTE is direct, but the event has no awslogs.data');
  // Lambda's retries carry the same payload, hence the same identity.
  throwUnfinished(await index([{ data, identity: sha256(data), arrivedMs: nowMs }], invocation));
  return undefined;
}

/** A stream's records up to the lowest failed one are done; Lambda delivers that one and everything after it again. */
function answer(records: readonly StreamRecord[], report: DeliveryReport): KinesisStreamBatchResponse {
  const lowest = lowestSequenceNumber(report.failed.flatMap((position) => records[position]?.sequenceNumber ?? []));
  return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
}

/** Throwing is how an asynchronous invocation asks to come again. What was done comes back as 409. */
function throwUnfinished(report: DeliveryReport): void {
  if (report.failed.length === 0) return;
  const reasons = Object.entries(report.returned).map(([reason, count]) => `${count} ${reason}`);
  throw new Error(`must come again: ${reasons.join(', ')}`);
}
