import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AwsPorts } from './clients/aws-json.ts';
import { credentialsFromEnvironment } from './clients/aws-signature.ts';
import { processingTimeMs } from './clients/indexer-settings.ts';
import { createInvokeLater } from './clients/invoke-function.ts';
import { createSecretStore } from './clients/secret-store.ts';
import { createHttpClient } from './clients/signed-http.ts';
import { responseBody } from './core/chat/answer.ts';
import { auditLine, type ChatRecord } from './core/chat/audit.ts';
import { decideRequest } from './core/chat/decide.ts';
import { type ChatRequest, readRequest } from './core/chat/request.ts';
import type { ChatRules } from './core/chat/rules.ts';
import { signatureFlaw } from './core/chat/signature.ts';
import { compileRedaction } from './core/redact/redactor.ts';
import { type ChatTask, type FunctionUrlAnswer, type FunctionUrlEvent, openUrlRequest } from './events/function-url.ts';

/** Slack waits three seconds for an answer; what is handed on must be taken sooner, in ms. */
const HAND_ON_MS = 1_800;

const { env } = process;

function required(name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

function start() {
  const rules = JSON.parse(readFileSync(join(required('LAMBDA_TASK_ROOT'), 'chat.json'), 'utf8')) as ChatRules;
  const region = required('AWS_REGION');
  const ports: AwsPorts = {
    env,
    now: () => Date.now(),
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    // Of the time that Slack leaves, not of what Lambda would.
    remainingMs: () => 4_000,
  };
  const http = createHttpClient({ service: 'lambda', region, credentials: () => credentialsFromEnvironment(env), now: () => Date.now() });
  const endpoint = env['AWS_ENDPOINT_URL_LAMBDA'] ?? env['AWS_ENDPOINT_URL'];
  let redactor: ReturnType<typeof compileRedaction> | undefined;
  return {
    rules,
    readSecret: createSecretStore(ports),
    handOn: createInvokeLater(http, { region, ...(endpoint === undefined ? {} : { endpoint }) }),
    redact(text: string): string {
      redactor ??= compileRedaction(rules.redaction);
      return redactor.text(text);
    },
  };
}

let started: ReturnType<typeof start> | undefined;
// Lambda gives the init phase a full core.
if (env['LAMBDA_TASK_ROOT'] && env['WORKER_FUNCTION']) started = start();

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');
const status = (statusCode: number): FunctionUrlAnswer => ({ statusCode });
const NOBODY = { team: '', userTeam: '', channel: '', user: '' };

/** Answers the slash command and the buttons of Slack: checks the signature, answers what it can, and hands the rest on to chat-worker. */
export async function handler(event: FunctionUrlEvent): Promise<FunctionUrlAnswer> {
  const began = performance.now();
  started ??= start();
  const { rules } = started;
  const nowMs = processingTimeMs(env, Date.now());
  const log = (record: Omit<ChatRecord, 'tookMs'>): void =>
    console.log(
      auditLine(
        { ...record, tookMs: performance.now() - began },
        { functionName: required('AWS_LAMBDA_FUNCTION_NAME'), namespace: required('METRIC_NAMESPACE'), nowMs },
      ),
    );
  const request = openUrlRequest(event);
  if (request === undefined) return status(413);
  if (request.method !== 'POST') return status(405);
  const signed = {
    body: request.body,
    timestamp: request.header('x-slack-request-timestamp'),
    signature: request.header('x-slack-signature'),
  };
  // Whoever sends no signature at all must not make us ask for the secret.
  const isSigned = signed.timestamp !== undefined && signed.signature !== undefined;
  const secret = isSigned ? await started.readSecret(rules.signingSecret.arn, rules.signingSecret.key) : '';
  const flaw = signatureFlaw(signed, { secret, nowMs, hmac });
  if (flaw !== undefined) {
    log({ caller: NOBODY, command: 'unknown', outcome: 'refused', reason: flaw });
    return status(401);
  }
  const read = readRequest(request.body);
  if (read.kind === 'nothing-to-do') return status(200);
  if (read.kind === 'unknown') {
    log({ caller: NOBODY, command: 'unknown', outcome: 'refused', reason: read.reason });
    return status(400);
  }
  const decision = decideRequest(read, rules, started.redact);
  if (decision.kind === 'answer') {
    const { answer, command, reason } = decision;
    log({ caller: read.caller, command, ...(reason === undefined ? { outcome: 'answered' } : { outcome: 'refused', reason }) });
    return json(responseBody(answer));
  }
  const task: ChatTask = { request: read, receivedMs: Date.now(), callId: callIdOf(read, request.body) };
  const failure = await started.handOn(required('WORKER_FUNCTION'), JSON.stringify(task), HAND_ON_MS);
  if (failure === undefined) return decision.ack === undefined ? status(200) : json(responseBody(decision.ack));
  log({ caller: read.caller, command: decision.command, outcome: 'failed', reason: `not handed on: ${failure}` });
  // Slack tells who asked that it did not work, and may deliver a second time: the worker does it once.
  return status(500);
}

/** A delivery that comes again has the same id, whatever its signature: Slack's own, or what was asked. */
function callIdOf(request: ChatRequest, body: string): string {
  const what = request.requestId.replace('/', '') === '' ? body : `${request.caller.team}/${request.requestId}`;
  return createHash('sha256').update(what).digest('hex').slice(0, 40);
}

function json(body: object): FunctionUrlAnswer {
  return { statusCode: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(body) };
}
