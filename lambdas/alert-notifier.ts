import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { delaySeconds, sendMessage } from './clients/alert-queue.ts';
import { AlertTable } from './clients/alert-table.ts';
import { type AwsPorts, createAwsClient, DYNAMODB, QUEUES } from './clients/aws-json.ts';
import { processingTimeMs } from './clients/indexer-settings.ts';
import { createLogLookup } from './clients/log-evidence.ts';
import { postMetricImage } from './clients/metric-image.ts';
import { notifierMetrics } from './clients/notifier-counts.ts';
import { type NotifierRecord, openEach, runNotifier } from './clients/notifier-run.ts';
import { createSecretStore } from './clients/secret-store.ts';
import { createHttpClient } from './clients/signed-http.ts';
import { createTell } from './clients/tell.ts';
import type { Notice, Tell } from './core/alerts/chat.ts';
import { compileNotifier, type NotifierRules } from './core/alerts/notifier-rules.ts';
import { readAlerts } from './core/alerts/read.ts';
import { imageTitle } from './core/slack/thread.ts';
import { formatFlush, openQueueMessage } from './events/notifications.ts';

/** A group is nobody else's for so long, in ms: longer than this function may run. */
const CLAIM_MS = 90_000;
/** Time that a picture needs, in ms; with less left there is none. */
const IMAGE_MS = 25_000;

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

let remaining: () => number = () => 30_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const ports: AwsPorts = { env, now: () => Date.now(), random: Math.random, sleep, remainingMs: () => remaining() };
/** The run's own clock where there is one; alerts are timed by it, signatures by the machine's. */
const nowMs = (): number => processingTimeMs(env, Date.now());

function start() {
  const rules = JSON.parse(readFileSync(join(required('LAMBDA_TASK_ROOT'), 'notifier.json'), 'utf8')) as NotifierRules;
  const region = required('AWS_REGION');
  const notifier = compileNotifier(rules, CLAIM_MS);
  const http = createHttpClient({ service: '', region, credentials: () => undefined, now: () => Date.now(), unsigned: true });
  const readSecret = createSecretStore(ports);
  // Only the local run has another Slack, and other pagers.
  const local = env['EKS_TELEMETRY_LOCAL'] === '1' ? env : {};
  const api = local['SLACK_API_URL'] ?? 'https://slack.com/api';
  const queues = createAwsClient(QUEUES, { region }, ports);
  const onFlaw = (reason: string): void => console.log(JSON.stringify({ level: 'warn', flaw: reason }));
  const lookUp = createLogLookup(region, ports, onFlaw);
  const chat = createTell(notifier, {
    http,
    readSecret,
    api,
    pagerApi: local['PAGER_API_URL'],
    now: () => Date.now(),
    sleep,
    remainingMs: () => remaining(),
    lookUp: (notice) => lookUp(notice, notifier.settingsOf(notice.receiver).explain),
    onFlaw,
  });
  /** The message first; a picture of the metric comes when it stands. */
  const tell: Tell = async (notice) => {
    const delivery = await chat(notice);
    if (delivery.ok && delivery.posted !== undefined) await draw(notice, delivery.posted);
    return delivery;
  };
  const draw = async (notice: Notice, posted: { readonly channel: string; readonly ts: string }): Promise<void> => {
    const receiver = notifier.receivers.get(notice.receiver);
    const [alert] = notice.firing;
    if (!receiver?.graph || !alert?.widget || notice.reason !== 'first' || remaining() < IMAGE_MS) return;
    const token = await readSecret(receiver.secretArn, receiver.secretKey);
    const options = { region: alert.labels['region'] ?? region, title: imageTitle(notifier.redact(alert.title)), token };
    const flaw = await postMetricImage(alert, posted, options, { ...ports, now: nowMs, http, api });
    if (flaw !== undefined) onFlaw(flaw);
  };
  return { rules, notifier, queues, tell, table: new AlertTable(createAwsClient(DYNAMODB, { region }, ports), required('ALERT_TABLE')) };
}

let started: ReturnType<typeof start> | undefined;
// Lambda gives the init phase a full core: everything that can be made before the first message is made there.
if (env['LAMBDA_TASK_ROOT'] && env['ALERT_TABLE']) started = start();

/** Takes messages of the alert queue: notifications of the topic, and its own reminders to look at a group. Answers which of them must come again. */
export async function handler(event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>): Promise<SQSBatchResponse> {
  remaining = () => context.getRemainingTimeInMillis();
  started ??= start();
  const { notifier, queues, rules, table, tell } = started;
  const open = (record: SQSEvent['Records'][number]): NotifierRecord => {
    const id = record.messageId;
    const sentAt = Number(record.attributes.SentTimestamp);
    const message = openQueueMessage(record.body, { messageId: id, sentAt: Number.isFinite(sentAt) ? sentAt : nowMs() });
    if (message.kind !== 'notification') return { ...message, id };
    // Secrets go before anything is read: neither the table nor Slack ever holds them.
    const incoming = { ...message.incoming, text: notifier.redact(message.incoming.text) };
    return { kind: 'alerts', id, alerts: readAlerts(incoming, { receivedAt: nowMs(), account: rules.account, region: rules.region }) };
  };
  const onError = (what: string): void => console.log(JSON.stringify({ level: 'error', what }));
  const { records, unread } = openEach(event.Records, open, onError);
  const report = await runNotifier(records, notifier, {
    store: table,
    tell,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    now: nowMs,
    random: Math.random,
    claimId: randomUUID,
    remainingMs: () => remaining(),
    remind: async (groupId, atMs) => {
      const delay = delaySeconds(atMs, nowMs());
      // Later times are found by the sweeper.
      if (delay !== undefined) await sendMessage(queues, required('ALERT_QUEUE_URL'), formatFlush(groupId), delay);
    },
    giveUp: (text) => sendMessage(queues, required('DEAD_LETTER_QUEUE_URL'), text),
    onError,
  });
  const { counts, failed, reasons, tellDelayMs } = report;
  console.log(
    notifierMetrics(counts, {
      functionName: required('AWS_LAMBDA_FUNCTION_NAME'),
      namespace: required('METRIC_NAMESPACE'),
      nowMs: nowMs(),
      reasons,
      tellDelayMs,
    }),
  );
  return { batchItemFailures: [...unread, ...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}
