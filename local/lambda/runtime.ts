// Runs one Lambda function in a process of its own, as Lambda's Node runtime does. Started by function-host.ts.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ChildMessage, FunctionError, InvokeMessage } from './messages.ts';

type Handler = (event: unknown, context: object) => unknown;

function send(message: ChildMessage): void {
  process.send?.(message);
}

function errorOf(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
}

function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = (chunk: string | Uint8Array): boolean => {
      send({ type: 'log', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8') });
      return true;
    };
  }
}

/** A test moves the machine's clock: nothing of a run may depend on it. */
function shiftMachineClock(): void {
  const shiftMs = Number(process.env['EKS_TELEMETRY_TEST_CLOCK_SHIFT_MS'] ?? 0);
  delete process.env['EKS_TELEMETRY_TEST_CLOCK_SHIFT_MS'];
  if (!shiftMs) return;
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => (args.length === 0 ? new target(RealDate.now() + shiftMs) : Reflect.construct(target, args)),
    get: (target, key) => (key === 'now' ? () => RealDate.now() + shiftMs : Reflect.get(target, key)),
  });
}

function loadHandler(): Handler {
  const root = process.env['LAMBDA_TASK_ROOT'] ?? '';
  const [file = '', name = ''] = (process.env['_HANDLER'] ?? '').split('.');
  const module = createRequire(join(root, 'index.js'))(join(root, `${file}.js`)) as { readonly [name: string]: unknown };
  const handler = module[name];
  if (typeof handler !== 'function') throw new Error(`${file}.${name} is not a function`);
  return handler as Handler;
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<void> {
  // The functions read the clock from here when they run locally (EKS_TELEMETRY_LOCAL=1).
  process.env['EKS_TELEMETRY_NOW_MS'] = String(message.nowMs);
  const began = performance.now();
  const context = {
    awsRequestId: message.requestId,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: '$LATEST',
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: process.env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: process.env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
    getRemainingTimeInMillis: () => Math.max(0, message.timeoutMs - (performance.now() - began)),
  };
  let outcome: { result: string } | { error: FunctionError };
  try {
    outcome = { result: JSON.stringify(await handler(JSON.parse(message.event), context)) ?? 'null' };
  } catch (error) {
    outcome = { error: errorOf(error) };
  }
  send({ type: 'done', ...outcome, maxRssKb: process.resourceUsage().maxRSS });
}

captureOutput();
shiftMachineClock();
// Without its parent it has nothing to do: no process may outlive the run.
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group; the parent ends its children itself, after what is under way.
process.on('SIGINT', () => {});
const cpuBefore = process.cpuUsage();
try {
  const handler = loadHandler();
  process.on('message', (message: InvokeMessage) => {
    void invoke(handler, message);
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  send({ type: 'ready', initCpuMs: (user + system) / 1000 });
} catch (error) {
  send({ type: 'init-failed', error: errorOf(error) });
}
