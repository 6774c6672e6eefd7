import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { processingTimeMs } from './clients/indexer-settings.ts';
import { printTransform } from './clients/print-transform.ts';
import { readTransformSettings, type TransformSettings } from './clients/transform-settings.ts';
import { createTransformer, type Transformer } from './clients/transformer.ts';
import type { RecordOut } from './core/firehose/invocation.ts';
import type { StreamRules } from './core/firehose/plan-record.ts';
import type { Rules } from './core/rules/rules.ts';
import { deliveryStreamName, type FirehoseAnswer, firehoseEvent, openForArchive } from './events/firehose.ts';
import { openSubscription } from './events/subscription.ts';
import { allocateUncleared, writeUtf8 } from './events/utf8.ts';

function start(): { readonly settings: TransformSettings; readonly transform: Transformer } {
  const settings = readTransformSettings(process.env);
  const read = (name: string): unknown => JSON.parse(readFileSync(join(settings.root, name), 'utf8'));
  const transform = createTransformer(
    settings,
    {
      rules: read('rules.json') as Rules,
      streams: read('streams.json') as StreamRules,
      open: (data, isOfLines) => (settings.mode === 'archive' ? openForArchive(data) : openSubscription(data, isOfLines)),
      write: writeUtf8,
      allocate: allocateUncleared,
    },
    process.env,
  );
  return { settings, transform };
}

let started: ReturnType<typeof start> | undefined;
// Lambda gives the init phase a full core: everything that can be made before the first event is made there.
if (process.env['LAMBDA_TASK_ROOT'] && process.env['TRANSFORM_MODE']) started = start();

/** Answers a delivery stream: each record Ok, Dropped or ProcessingFailed. Throws only where nothing could be done, and then Firehose asks again. */
export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<{ readonly records: readonly FirehoseAnswer[] }> {
  started ??= start();
  const { settings, transform } = started;
  const asked = firehoseEvent(event);
  if (asked === undefined) throw new Error('the event is none of a delivery stream');
  const nowMs = processingTimeMs(process.env, Date.now());
  const records = asked.records.map(({ recordId, data, approximateArrivalTimestamp = nowMs }) => ({
    recordId,
    data: Buffer.from(data, 'base64'),
    arrivedMs: approximateArrivalTimestamp,
  }));
  const stream = deliveryStreamName(asked.deliveryStreamArn);
  const report = await transform(records, { stream, nowMs, remainingMs: () => context.getRemainingTimeInMillis() });
  printTransform(report, { namespace: settings.namespace, functionName: settings.functionName, stream, nowMs });
  return { records: report.records.map(answerOf) };
}

function answerOf(record: RecordOut): FirehoseAnswer {
  const { recordId, result } = record;
  if (result !== 'Ok') return { recordId, result };
  const { data, partition } = record;
  const encoded = Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64');
  return { recordId, result, data: encoded, ...(partition === undefined ? {} : { metadata: { partitionKeys: partition } }) };
}
