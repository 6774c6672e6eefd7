import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createFileIndexer, type FileIndexer, type FileIndexerSettings } from './clients/file-indexer.ts';
import { createEnrichment } from './clients/line-enrichment.ts';
import { compileAccessLogRules } from './core/access-logs/file-rules.ts';
import type { AccessLogRules } from './core/access-logs/rules.ts';
import { continuation, type NewFile, queueMessages } from './events/s3-notification.ts';
import { writeUtf8 } from './events/utf8.ts';

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

function settingsOf(): FileIndexerSettings {
  const s3Endpoint = env['AWS_ENDPOINT_URL_S3'];
  const awsEndpoint = env['AWS_ENDPOINT_URL'];
  return {
    endpoint: env['SEARCH_ENDPOINT'] || undefined,
    deadLetterBucket: required('DEAD_LETTER_BUCKET'),
    region: required('AWS_REGION'),
    functionName: required('AWS_LAMBDA_FUNCTION_NAME'),
    maxBytes: Number(required('BULK_MAX_BYTES')),
    maxDocuments: Number(required('BULK_MAX_DOCUMENTS')),
    gzip: env['BULK_GZIP'] === '1',
    namespace: required('METRIC_NAMESPACE'),
    queueUrl: required('QUEUE_URL'),
    ...(s3Endpoint ? { s3Endpoint } : {}),
    ...(awsEndpoint ? { awsEndpoint } : {}),
  };
}

async function start(): Promise<FileIndexer> {
  const root = required('LAMBDA_TASK_ROOT');
  const rules = JSON.parse(readFileSync(join(root, 'access-logs.json'), 'utf8')) as AccessLogRules;
  const database = join(root, 'geoip.mmdb');
  return createFileIndexer(
    settingsOf(),
    {
      rules: compileAccessLogRules(rules),
      families: rules.families,
      text: {
        write: writeUtf8,
        readLatin1: (bytes, from, to) => Buffer.prototype.latin1Slice.call(bytes, from, to),
        readUtf8: (bytes, from, to) => Buffer.prototype.utf8Slice.call(bytes, from, to),
      },
      enrichment: await createEnrichment(existsSync(database) ? database : undefined, rules.sources),
      continuation: (task, offset) => continuation({ ...task, etag: '' }, offset),
    },
    env,
  );
}

let index: Promise<FileIndexer> | undefined;
// Lambda gives the init phase a full core: everything that can be made before the first event is made there.
if (env['LAMBDA_TASK_ROOT'] && env['QUEUE_URL']) index = start();

/** Less than this is not worth beginning another file for. */
const MIN_FILE_MS = 45_000;

/** Indexes the access log files that a queue names. A message whose files are not all done stays in the queue; its neighbours go. */
export async function handler(event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SQSBatchResponse> {
  index ??= start();
  const indexFile = await index;
  const messages = queueMessages(event);
  if (!messages) throw new Error('the event holds no messages of a queue');
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const message of messages) {
    const isDone = await deliver(indexFile, message, () => context.getRemainingTimeInMillis());
    if (!isDone) batchItemFailures.push({ itemIdentifier: message.messageId });
  }
  return { batchItemFailures };
}

async function deliver(
  indexFile: FileIndexer,
  message: NonNullable<ReturnType<typeof queueMessages>>[number],
  remainingMs: () => number,
): Promise<boolean> {
  if (message.kind === 'nothing') return true;
  if (message.kind === 'bad') {
    // Nothing that S3 sends: after some receives it lies in the dead-letter queue, where people find it.
    console.error(JSON.stringify({ level: 'error', message: 'a message of the queue names no file', messageId: message.messageId }));
    return false;
  }
  let isDone = true;
  for (const file of message.files) isDone = (await deliverOne(indexFile, file, remainingMs)) && isDone;
  return isDone;
}

async function deliverOne(indexFile: FileIndexer, file: NewFile, remainingMs: () => number): Promise<boolean> {
  if (remainingMs() < MIN_FILE_MS) return false;
  const { returned } = await indexFile(file, remainingMs);
  const reasons = Object.entries(returned);
  if (reasons.length === 0) return true;
  const { bucket, key } = file;
  console.log(JSON.stringify({ level: 'warning', message: 'the file must come again', bucket, key, ...Object.fromEntries(reasons) }));
  return false;
}
