import { type ChildProcess, fork } from 'node:child_process';
import { heapOptions } from './heap-options.ts';
import type { ChildMessage, FunctionError, InvokeMessage } from './messages.ts';

/** Largest payload of a synchronous invocation and of a response: 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** A function as its template describes it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** Directory of the bundled asset. */
  readonly assetDirectory: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly environment: { readonly [name: string]: string };
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** What became of one invocation. */
export interface InvocationResult {
  readonly requestId: string;
  /** JSON text of the response where there was no error. */
  readonly payload?: string;
  /** Set where the function failed, ran out of time or fell over. */
  readonly error?: FunctionError;
  /** Lines that it wrote, in order. */
  readonly lines: readonly string[];
}

/** Counted over all invocations of a function. */
export interface FunctionUsage {
  invocations: number;
  errors: number;
  timeouts: number;
  /** CPU ms of loading the bundle, of the last cold start. */
  initCpuMs: number;
  /** Machine ms in the handler, all together. */
  busyMs: number;
  maxRssMb: number;
}

/** Environment and program of the child process. */
export interface HostOptions {
  /** Path of runtime.ts. */
  readonly runtime: string;
  /** Variables besides the template's: region, endpoints, credentials. */
  readonly environment: { readonly [name: string]: string };
}

/** One execution environment of one function: a child process that runs its bundle, one invocation at a time. */
export class FunctionHost {
  readonly spec: FunctionSpec;
  readonly usage: FunctionUsage = { invocations: 0, errors: 0, timeouts: 0, initCpuMs: 0, busyMs: 0, maxRssMb: 0 };
  readonly #options: HostOptions;
  #child: ChildProcess | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** Where output goes: the lines of the invocation that is under way. */
  #lines: string[] = [];
  #isEnded = false;

  constructor(spec: FunctionSpec, options: HostOptions) {
    this.spec = spec;
    this.#options = options;
  }

  /** Invokes with an event as JSON text. Resolves also where the function fails; invocations wait for each other. */
  invoke(event: string, requestId: string, nowMs: number): Promise<InvocationResult> {
    const result = this.#last.then(() => this.#invoke(event, requestId, nowMs));
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Ends the process for good: what still waits for its turn fails, and starts no other. */
  stop(): Promise<void> {
    this.#isEnded = true;
    return this.#kill();
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  async #invoke(event: string, requestId: string, nowMs: number): Promise<InvocationResult> {
    this.usage.invocations++;
    const lines: string[] = [];
    this.#lines = lines;
    const failed = (error: FunctionError): InvocationResult => {
      this.usage.errors++;
      return { requestId, error, lines };
    };
    if (Buffer.byteLength(event) > MAX_SYNC_PAYLOAD_BYTES) {
      return failed({ errorType: 'RequestTooLargeException', errorMessage: `the event has more than ${MAX_SYNC_PAYLOAD_BYTES} bytes` });
    }
    const started = await this.#start();
    if ('error' in started) return failed(started.error);
    const began = performance.now();
    const answer = await this.#exchange(started.child, event, requestId, nowMs);
    this.usage.busyMs += performance.now() - began;
    if (answer.error) return failed(answer.error);
    if (Buffer.byteLength(answer.result ?? '') > MAX_SYNC_PAYLOAD_BYTES) {
      return failed({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      });
    }
    return { requestId, payload: answer.result ?? 'null', lines };
  }

  async #start(): Promise<{ readonly child: ChildProcess } | { readonly error: FunctionError }> {
    if (this.#child) return { child: this.#child };
    if (this.#isEnded) return { error: { errorType: 'Runtime.ExitError', errorMessage: 'the run was ended' } };
    const { spec } = this;
    const child = fork(this.#options.runtime, [], {
      cwd: spec.assetDirectory,
      execArgv: heapOptions(spec.memoryMb),
      env: { ...spec.environment, ...this.#options.environment, LAMBDA_TASK_ROOT: spec.assetDirectory, _HANDLER: spec.handler },
      silent: true,
    });
    this.#child = child;
    child.once('exit', () => {
      if (this.#child === child) this.#child = undefined;
    });
    // What Node itself prints (a crash, a warning) does not come through the captured streams.
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (data: Buffer) => this.#lines.push(...splitLines(data.toString('utf8'))));
    const ready = await this.#next(child, this.spec.timeoutSeconds * 1000);
    if (ready.type === 'ready') {
      this.usage.initCpuMs = ready.initCpuMs;
      return { child };
    }
    await this.#kill();
    if (ready.type === 'init-failed') return { error: ready.error };
    return { error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited during initialization' } };
  }

  async #exchange(
    child: ChildProcess,
    event: string,
    requestId: string,
    nowMs: number,
  ): Promise<{ readonly result?: string; readonly error?: FunctionError }> {
    const timeoutMs = this.spec.timeoutSeconds * 1000;
    const message: InvokeMessage = { type: 'invoke', event, requestId, functionArn: this.spec.arn, nowMs, timeoutMs };
    child.send(message);
    const answer = await this.#next(child, timeoutMs);
    switch (answer.type) {
      case 'done':
        this.usage.maxRssMb = Math.max(this.usage.maxRssMb, Math.ceil(answer.maxRssKb / 1024));
        return answer;
      case 'timeout':
        this.usage.timeouts++;
        await this.#kill();
        return {
          error: {
            errorType: 'Sandbox.Timedout',
            errorMessage: `RequestId: ${requestId} Error: Task timed out after ${this.spec.timeoutSeconds.toFixed(2)} seconds`,
          },
        };
      default:
        await this.#kill();
        return { error: { errorType: 'Runtime.ExitError', errorMessage: `RequestId: ${requestId} Error: Runtime exited` } };
    }
  }

  #next(child: ChildProcess, timeoutMs: number): Promise<ChildMessage | { readonly type: 'timeout' | 'exit' }> {
    return new Promise((resolve) => {
      const finish = (answer: ChildMessage | { readonly type: 'timeout' | 'exit' }): void => {
        clearTimeout(timer);
        child.removeListener('message', onMessage);
        child.removeListener('exit', onExit);
        resolve(answer);
      };
      const onMessage = (message: ChildMessage): void => {
        if (message.type === 'log') this.#lines.push(...splitLines(message.text));
        else finish(message);
      };
      const onExit = (): void => finish({ type: 'exit' });
      const timer = setTimeout(() => finish({ type: 'timeout' }), timeoutMs);
      child.on('message', onMessage);
      child.on('exit', onExit);
    });
  }
}

function splitLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
