import type { Context } from 'aws-lambda';
import { sendMessage } from './clients/alert-queue.ts';
import { AlertTable } from './clients/alert-table.ts';
import { type AwsPorts, createAwsClient, DYNAMODB, METRICS, QUEUES } from './clients/aws-json.ts';
import { processingTimeMs } from './clients/indexer-settings.ts';
import { type SweepPorts, type SweepReport, sweepDue, sweepOrphans } from './clients/sweep.ts';
import { formatEnd, formatFlush } from './events/notifications.ts';

/** Alarms are asked after every so many minutes: a missed OK is rare, and DescribeAlarms is throttled at nine calls a second for the whole account. */
const ORPHANS_EVERY_MINUTES = 5;
/** Kept for the end of a run, in ms. */
const RESERVE_MS = 5_000;

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** Runs every minute: groups whose reminder was lost or is too far away for SQS, and alarms whose end was never reported. It never talks to Slack. */
export async function handler(_event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SweepReport> {
  const region = required('AWS_REGION');
  const ports: AwsPorts = {
    env,
    now: () => Date.now(),
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    remainingMs: () => context.getRemainingTimeInMillis(),
  };
  const nowMs = processingTimeMs(env, Date.now());
  const queues = createAwsClient(QUEUES, { region }, ports);
  const queueUrl = required('ALERT_QUEUE_URL');
  const sweep: SweepPorts = {
    table: new AlertTable(createAwsClient(DYNAMODB, { region }, ports), required('ALERT_TABLE')),
    metrics: createAwsClient(METRICS, { region }, ports),
    account: required('ACCOUNT_ID'),
    region,
    nowMs,
    flush: (groupId) => sendMessage(queues, queueUrl, formatFlush(groupId)),
    end: (row) => sendMessage(queues, queueUrl, formatEnd(row)),
    hasTime: () => context.getRemainingTimeInMillis() > RESERVE_MS,
  };
  const due = await sweepDue(sweep);
  const isTurn = Math.floor(nowMs / 60_000) % ORPHANS_EVERY_MINUTES === 0;
  const report: SweepReport = { ...due, ended: isTurn ? await sweepOrphans(sweep) : 0 };
  console.log(metricsLine(report, nowMs));
  return report;
}

/** Embedded metrics (EMF). No line for some minutes means that nobody sweeps: an alarm asks for `Sweeps`. */
function metricsLine({ ended, oldestMs, overdue }: SweepReport, nowMs: number): string {
  const metrics = { Sweeps: 1, GroupsOverdue: overdue, OldestOverdueMs: oldestMs, AlertsEnded: ended };
  const Metrics = Object.keys(metrics).map((Name) => ({ Name, Unit: Name.endsWith('Ms') ? 'Milliseconds' : 'Count' }));
  return JSON.stringify({
    _aws: { Timestamp: nowMs, CloudWatchMetrics: [{ Namespace: required('METRIC_NAMESPACE'), Dimensions: [['Function']], Metrics }] },
    Function: required('AWS_LAMBDA_FUNCTION_NAME'),
    ...metrics,
  });
}
