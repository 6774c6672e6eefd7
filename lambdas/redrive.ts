import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import { credentialsFromEnvironment } from './clients/aws-signature.ts';
import { failureObjects } from './clients/failure-objects.ts';
import { processingTimeMs } from './clients/indexer-settings.ts';
import { createInvoke } from './clients/invoke-function.ts';
import { createHttpClient } from './clients/signed-http.ts';
import { type RedriveReport, redrive } from './core/delivery/redrive.ts';

/** Kept for the answer and the metrics, in ms. */
const RESERVE_MS = 5_000;
/** Less than this is not worth an invocation: one that is cut off is only repeated. */
const MIN_CALL_MS = 30_000;

const { env } = process;
const region = env['AWS_REGION'] ?? '';
const s3 = new S3Client({ region, forcePathStyle: env['AWS_ENDPOINT_URL_S3'] !== undefined });
const http = createHttpClient({ service: 'lambda', region, credentials: () => credentialsFromEnvironment(env), now: () => Date.now() });

/** Runs on a schedule: events that Lambda gave up on, while the search was away for too long, go to their functions again. */
export async function handler(_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<RedriveReport> {
  const endpoint = env['AWS_ENDPOINT_URL_LAMBDA'] ?? env['AWS_ENDPOINT_URL'];
  const invoke = createInvoke(http, { region, ...(endpoint === undefined ? {} : { endpoint }) });
  const leftMs = (): number => context.getRemainingTimeInMillis() - RESERVE_MS;
  const functions = JSON.parse(readFileSync(join(required('LAMBDA_TASK_ROOT'), 'functions.json'), 'utf8')) as string[];
  const objects = failureObjects(s3, required('DEAD_LETTER_BUCKET'));
  const report = await redrive(
    {
      list: (prefix) => objects.list(prefix),
      get: (key) => objects.get(key),
      remove: (key) => objects.remove(key),
      invoke: (name, event) => invoke(name, event, leftMs()),
      hasTime: () => leftMs() > MIN_CALL_MS,
      random: Math.random,
    },
    { functions, nowMs: processingTimeMs(env, Date.now()) },
  );
  console.log(metricsLine(report, processingTimeMs(env, Date.now())));
  return report;
}

function required(name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** Embedded metrics (EMF). `RedriveWaiting` counts what still lies there after the run, whatever the reason: an alarm on it means that logs are late. */
function metricsLine({ redriven, failed, waiting, givenUp }: RedriveReport, nowMs: number): string {
  const metrics = { Redriven: redriven, RedriveWaiting: failed + waiting, RedriveGivenUp: givenUp };
  const Metrics = Object.keys(metrics).map((Name) => ({ Name, Unit: 'Count' }));
  return JSON.stringify({
    _aws: { Timestamp: nowMs, CloudWatchMetrics: [{ Namespace: required('METRIC_NAMESPACE'), Dimensions: [['Function']], Metrics }] },
    Function: required('AWS_LAMBDA_FUNCTION_NAME'),
    ...metrics,
    redriveFailed: failed,
  });
}
