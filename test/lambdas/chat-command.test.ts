import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatForm } from '../../lambdas/core/chat/form.ts';
import { signatureHeaders } from '../../lambdas/core/chat/signature.ts';
import type { ChatTask, FunctionUrlAnswer, FunctionUrlEvent } from '../../lambdas/events/function-url.ts';
import { JsonService } from '../support/json-service.ts';
import { CALLER, RULES } from './core/chat/support.ts';

const SECRET = 'signing-secret-of-a-test';
const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('hex');
const FORM = {
  token: 'old-verification-token',
  team_id: CALLER.team,
  channel_id: CALLER.channel,
  user_id: CALLER.user,
  command: '/logs',
  text: 'status',
  response_url: 'https://hooks.slack.com/commands/T0/1/secretpart',
  trigger_id: '1.2.3',
};

let handler: (event: FunctionUrlEvent) => Promise<FunctionUrlAnswer>;
let folder: string;
let lambda: Server;
let lambdaStatus = 202;
const tasks: { readonly path: string; readonly type: string; readonly task: ChatTask }[] = [];
const secrets = new JsonService(() => ({ SecretString: SECRET }));
const lines: string[] = [];
const before = { ...process.env };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-chat-command-'));
  writeFileSync(join(folder, 'chat.json'), JSON.stringify(RULES));
  lambda = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const type = String(request.headers['x-amz-invocation-type']);
      tasks.push({ path: request.url ?? '', type, task: JSON.parse(Buffer.concat(chunks).toString('utf8')) as ChatTask });
      response.writeHead(lambdaStatus).end();
    });
  });
  await new Promise<void>((resolve) => lambda.listen(0, '127.0.0.1', resolve));
  await secrets.start();
  Object.assign(process.env, {
    LAMBDA_TASK_ROOT: folder,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_LAMBDA_FUNCTION_NAME: 'chat-command',
    METRIC_NAMESPACE: 'EksTelemetry',
    WORKER_FUNCTION: 'chat-worker',
    AWS_ENDPOINT_URL_SECRETSMANAGER: secrets.endpoint,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${(lambda.address() as AddressInfo).port}`,
  });
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  ({ handler } = await import('../../lambdas/chat-command.ts'));
});
afterAll(async () => {
  jest.restoreAllMocks();
  process.env = before;
  lambda.closeAllConnections();
  lambda.close();
  await secrets.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  tasks.length = 0;
  lines.length = 0;
  lambdaStatus = 202;
});

/** An event as Lambda makes it of a request that Slack signed. */
function event(body: string, { change = {}, encoded = false, nowMs = Date.now() } = {}): FunctionUrlEvent {
  return {
    requestContext: { http: { method: 'POST' } },
    // Lambda gives names in lower case; others may not.
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...signatureHeaders(body, SECRET, nowMs, hmac), ...change },
    body: encoded ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: encoded,
  };
}
const call = (text: string, more: object = {}): string => formatForm({ ...FORM, text, ...more });

test.each([false, true])('a question is handed on and acknowledged, the body encoded: %s', async (encoded) => {
  const answer = await handler(event(call('status'), { encoded }));

  expect(answer).toMatchObject({ statusCode: 200, body: expect.stringContaining('Asking') });
  expect(tasks).toEqual([
    {
      path: '/2015-03-31/functions/chat-worker/invocations',
      type: 'Event',
      task: {
        request: expect.objectContaining({ kind: 'command', text: 'status', responseUrl: FORM.response_url }),
        receivedMs: expect.any(Number),
        callId: expect.stringMatching(/^[0-9a-f]{40}$/),
      },
    },
  ]);
  // The line is written by who does the work.
  expect(lines).toEqual([]);
});

test('a delivery that comes again has the same id, another call has another', async () => {
  for (const body of [call('status'), call('status'), call('status', { trigger_id: '4.5.6' })]) await handler(event(body));
  for (const body of [call('status', { trigger_id: '' }), call('status', { trigger_id: '' }), call('top', { trigger_id: '' })])
    await handler(event(body));

  const [a, b, c, d, e, f] = tasks.map(({ task }) => task.callId);
  expect([a === b, a === c, d === e, d === f, a === d]).toEqual([true, false, true, false, false]);
});

test('what the rules can answer is answered here, and logged in one line', async () => {
  expect(JSON.parse((await handler(event(call('ping')))).body ?? '')).toMatchObject({
    response_type: 'ephemeral',
    text: expect.stringContaining('pong'),
  });
  expect(tasks).toEqual([]);
  expect(lines.map((line) => (JSON.parse(line) as { chat: object }).chat)).toEqual([
    { team: CALLER.team, channel: CALLER.channel, user: CALLER.user, command: 'ping', outcome: 'answered', tookMs: expect.any(Number) },
  ]);
});

test.each<[string, object, string]>([
  ['another user', { user_id: 'U0OTHER99' }, 'user'],
  ['another channel', { channel_id: 'C0OTHER99' }, 'channel'],
  ['another workspace', { team_id: 'T0OTHER99' }, 'workspace'],
])('%s is refused with the reason, and nothing is handed on', async (_name, more, reason) => {
  const answer = await handler(event(call('status', more)));

  expect([answer.statusCode, tasks, lines.length]).toEqual([200, [], 1]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ ChatRefused: 1, chat: { outcome: 'refused', reason } });
});

test.each<[string, () => FunctionUrlEvent, number]>([
  ['a forged signature', () => event(call('status'), { change: { 'x-slack-signature': `v0=${'0'.repeat(64)}` } }), 401],
  ['an old one', () => event(call('status'), { nowMs: Date.now() - 301_000 }), 401],
  ['none', () => ({ ...event(call('status')), headers: {} }), 401],
  ['a body that was changed', () => ({ ...event(call('status')), body: call('silence all') }), 401],
  ['a GET', () => ({ ...event(call('status')), requestContext: { http: { method: 'GET' } } }), 405],
  ['a body that is too long', () => event('x'.repeat(600_000)), 413],
  ['a body that is nothing known', () => event('hello=world'), 400],
])('%s is turned away, and nothing is handed on', async (_name, make, statusCode) => {
  expect([await handler(make()), tasks]).toEqual([{ statusCode }, []]);
});

test('without a signature nobody asks for the secret', async () => {
  const asked = secrets.calls.length;
  await handler({ requestContext: { http: { method: 'POST' } }, headers: {}, body: call('ping') });

  expect(secrets.calls.length).toBe(asked);
});

test("Slack's probe and buttons that open links want nothing but an answer", async () => {
  const link = formatForm({ payload: JSON.stringify({ type: 'block_actions', actions: [{ action_id: 'link:logs:0' }] }) });

  expect([await handler(event('ssl_check=1&token=x')), await handler(event(link)), tasks]).toEqual([
    { statusCode: 200 },
    { statusCode: 200 },
    [],
  ]);
});

test('what cannot be handed on is no success', async () => {
  lambdaStatus = 429;

  expect(await handler(event(call('status')))).toEqual({ statusCode: 500 });
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ ChatFailed: 1, chat: { outcome: 'failed', reason: 'not handed on: HTTP 429' } });
});

test('no line holds a token, a signature or an address', async () => {
  for (const text of ['ping', 'status', 'no-such', 'kubectl get po']) await handler(event(call(text)));
  await handler(event(call('x'), { change: { 'x-slack-signature': `v0=${'0'.repeat(64)}` } }));

  expect(lines.join('\n')).not.toMatch(/old-verification-token|secretpart|v0=|1\.2\.3|signing-secret/);
});
