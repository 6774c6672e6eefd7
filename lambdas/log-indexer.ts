import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudWatchLogsEvent, Context, KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import { createIndexer, type Indexer } from './clients/indexer.ts';
import { type IndexerSettings, processingTimeMs, readSettings } from './clients/indexer-settings.ts';
import { lowestSequenceNumber } from './core/delivery/checkpoint.ts';
import type { DeliveryReport, Payload } from './core/delivery/deliver.ts';
import { transformBatch } from './core/index/transform.ts';
import { compileRules } from './core/rules/compile.ts';
import type { Rules } from './core/rules/rules.ts';
import { sourceNameOf } from './core/rules/source-of.ts';
import { openSubscription } from './events/subscription.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function start(): { readonly settings: IndexerSettings; readonly index: Indexer } {
  const settings = readSettings(process.env);
  const rules = JSON.parse(readFileSync(join(settings.root, 'rules.json'), 'utf8')) as Rules;
  const compiled = compileRules(rules);
  const index = createIndexer(
    settings,
    {
      open: openSubscription,
      transform: (batch, nowMs) => transformBatch(batch, compiled, { nowMs, hash: sha256 }),
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
  if (settings.route === 'stream') {
    const records = recordsOf(event);
    return answer(records, await index(records.map(payloadOf), invocation));
  }
  throwUnfinished(await index([directPayload(event)], invocation));
  return undefined;
}

/** What a stream's record carries of interest. */
type StreamRecord = KinesisStreamEvent['Records'][number];

function recordsOf(event: CloudWatchLogsEvent | KinesisStreamEvent): readonly StreamRecord[] {
  if ('Records' in event && Array.isArray(event.Records)) return event.Records;
  throw new Error('SOURCE_ROUTE is stream, but the event has no Records');
}

function payloadOf({ kinesis, eventID }: StreamRecord): Payload {
  const arrivedMs = Math.round(kinesis.approximateArrivalTimestamp * 1000);
  return { data: kinesis.data, identity: eventID ?? kinesis.sequenceNumber, arrivedMs };
}

function directPayload(event: CloudWatchLogsEvent | KinesisStreamEvent): Payload {
  if (!('awslogs' in event) || typeof event.awslogs?.data !== 'string')
    throw new Error('SOURCE_ROUTE is direct, but the event has no awslogs.data');
  const { data } = event.awslogs;
  // Lambda's retries carry the same payload, hence the same identity.
  return { data, identity: sha256(data), arrivedMs: processingTimeMs(process.env, Date.now()) };
}

/** A stream's records up to the lowest failed one are done; Lambda delivers that one and everything after it again. */
function answer(records: readonly StreamRecord[], report: DeliveryReport): KinesisStreamBatchResponse {
  const failed = report.failed.flatMap((position) => records[position]?.kinesis.sequenceNumber ?? []);
  const lowest = lowestSequenceNumber(failed);
  return { batchItemFailures: lowest === undefined ? [] : [{ itemIdentifier: lowest }] };
}

/** Throwing is how an asynchronous invocation asks to come again. What was done comes back as 409. */
function throwUnfinished(report: DeliveryReport): void {
  if (report.failed.length === 0) return;
  const reasons = Object.entries(report.returned).map(([reason, count]) => `${count} ${reason}`);
  throw new Error(`must come again: ${reasons.join(', ')}`);
}
