import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import { AlertTable } from './clients/alert-table.ts';
import { type AwsPorts, createAwsClient, DYNAMODB, LOGS, METRICS, PIPELINES } from './clients/aws-json.ts';
import { credentialsFromEnvironment } from './clients/aws-signature.ts';
import { claimCall } from './clients/chat-claims.ts';
import type { AnswerFile, ChatPorts } from './clients/chat-ports.ts';
import { runChat } from './clients/chat-run.ts';
import { DynamoTable } from './clients/dynamo-table.ts';
import { processingTimeMs } from './clients/indexer-settings.ts';
import { createRespond } from './clients/response-url.ts';
import { createAskSearch, SearchError } from './clients/search-question.ts';
import { createSecretStore } from './clients/secret-store.ts';
import { createHttpClient } from './clients/signed-http.ts';
import { openConversation, uploadFile } from './clients/slack-files.ts';
import { auditLine } from './core/chat/audit.ts';
import type { ChatRequest } from './core/chat/request.ts';
import type { ChatRules } from './core/chat/rules.ts';
import { compileRedaction } from './core/redact/redactor.ts';
import type { ChatTask } from './events/function-url.ts';

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

let remaining: () => number = () => 60_000;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const now = (): number => Date.now();
/** The run's own clock where there is one; alerts and logs are timed by it, addresses and signatures by the machine's. */
const nowMs = (): number => processingTimeMs(env, Date.now());

function start() {
  const rules = JSON.parse(readFileSync(join(required('LAMBDA_TASK_ROOT'), 'chat.json'), 'utf8')) as ChatRules;
  const region = required('AWS_REGION');
  const aws: AwsPorts = { env, now, random: Math.random, sleep, remainingMs: () => remaining() };
  const http = createHttpClient({ service: '', region, credentials: () => undefined, now, unsigned: true });
  const redactor = compileRedaction(rules.redaction);
  const dynamo = createAwsClient(DYNAMODB, { region }, aws);
  const searchHttp = createHttpClient({ service: 'es', region, credentials: () => credentialsFromEnvironment(env), now });
  const endpoint = env['SEARCH_ENDPOINT'];
  // Only the local run has another Slack.
  const local = env['EKS_TELEMETRY_LOCAL'] === '1' ? env['SLACK_API_URL'] : undefined;
  const place = { http, api: local ?? 'https://slack.com/api', now, isLocal: local !== undefined };
  const readSecret = createSecretStore(aws);
  const sendFile = async ({ channel, isShared, name, text, title, user }: AnswerFile): Promise<string | undefined> => {
    if (rules.botToken === undefined) return 'no token';
    const slack = { ...place, token: await readSecret(rules.botToken.arn, rules.botToken.key) };
    // What only one person asked for must not lie in the channel: files cannot be shown to one person there.
    const to = isShared ? { channel } : await openConversation(user, slack);
    if ('reason' in to) return to.reason;
    return uploadFile({ bytes: Buffer.from(text), name, title, contentType: 'text/csv; charset=utf-8', channel: to.channel }, slack);
  };
  return {
    rules,
    http,
    localOrigin: local,
    claims: new DynamoTable(dynamo, required('ALERT_TABLE')),
    ports: {
      table: new AlertTable(dynamo, required('ALERT_TABLE')),
      logs: createAwsClient(LOGS, { region, maxSockets: 2 }, aws),
      metrics: createAwsClient(METRICS, { region, maxSockets: 1 }, aws),
      pipelines: createAwsClient(PIPELINES, { region, maxSockets: 1 }, aws),
      search:
        endpoint === undefined || endpoint === ''
          ? () => Promise.reject(new SearchError('there is no endpoint'))
          : createAskSearch(searchHttp, endpoint),
      ...(rules.botToken === undefined ? {} : { sendFile: (file: AnswerFile) => sendFile(file).catch(() => 'the token was not read') }),
      redact: (text: string) => redactor.text(text),
      hash: (text: string) => createHash('sha256').update(text).digest('hex'),
      now: nowMs,
      machineNow: now,
      sleep,
      remainingMs: () => remaining(),
    } satisfies Omit<ChatPorts, 'respond' | 'claim'>,
  };
}

let started: ReturnType<typeof start> | undefined;
// Lambda gives the init phase a full core.
if (env['LAMBDA_TASK_ROOT'] && env['ALERT_TABLE']) started = start();

/** Works on what chat-command handed on: looks up what was asked, and answers by the address that Slack gave. */
export async function handler(
  { callId, receivedMs, request }: ChatTask,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<void> {
  remaining = () => context.getRemainingTimeInMillis();
  started ??= start();
  const { claims, http, localOrigin, ports, rules } = started;
  const call = request as ChatRequest;
  const record = await runChat(call, rules, {
    ...ports,
    claim: () => claimCall(claims, { key: callId, claimId: randomUUID(), nowMs: now() }),
    respond: createRespond(call.responseUrl, receivedMs, { http, now, sleep, ...(localOrigin === undefined ? {} : { localOrigin }) }),
  });
  console.log(
    auditLine(record, { functionName: required('AWS_LAMBDA_FUNCTION_NAME'), namespace: required('METRIC_NAMESPACE'), nowMs: nowMs() }),
  );
}
