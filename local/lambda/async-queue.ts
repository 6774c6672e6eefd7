import { type FailureObject, failureKeyEnd } from '../kinesis/records.ts';
import type { InvocationResult } from './function-host.ts';

/** Largest event of an asynchronous invocation: 1 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_ASYNC_PAYLOAD_BYTES = 1024 * 1024;
/** Waits before the first and the second retry. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_WAITS_MS = [60_000, 120_000];

/** How a function is invoked asynchronously, as its template describes it; defaults are Lambda's. */
export interface AsyncSpec {
  readonly functionName: string;
  readonly functionArn: string;
  /** 0 to 2. @default 2 */
  readonly maximumRetryAttempts: number;
  /** 60 s to 6 h. @default 6 h */
  readonly maximumEventAgeMs: number;
  /** Bucket for events that are given up; without one they are gone. */
  readonly onFailureBucket: string | undefined;
}

/** An event that was given up. */
export interface AsyncDiscard<T> {
  readonly event: string;
  readonly condition: 'RetriesExhausted' | 'EventAgeExceeded';
  readonly invokeCount: number;
  readonly last: InvocationResult;
  readonly note: T;
}

/** What the queue needs and tells. */
export interface AsyncPorts<T> {
  now(): number;
  at(atMs: number, run: () => void): void;
  track(work: Promise<void>): void;
  invoke(event: string, note: T): Promise<InvocationResult>;
  onDone(note: T): void;
  onDiscard(discard: AsyncDiscard<T>): void;
}

/** Lambda's queue before an asynchronously invoked function: retries after one and two minutes, an age, an on-failure destination. */
export class AsyncQueue<T> {
  readonly spec: AsyncSpec;
  readonly #ports: AsyncPorts<T>;

  constructor(spec: AsyncSpec, ports: AsyncPorts<T>) {
    this.spec = spec;
    this.#ports = ports;
  }

  /** Takes an event. Throws above 1 MB, as Invoke does. */
  send(event: string, note: T): void {
    const bytes = Buffer.byteLength(event);
    if (bytes > MAX_ASYNC_PAYLOAD_BYTES) {
      throw new Error(`${this.spec.functionName}: an asynchronous event has at most ${MAX_ASYNC_PAYLOAD_BYTES} bytes, this one ${bytes}`);
    }
    const sentMs = this.#ports.now();
    this.#ports.at(sentMs, () => this.#ports.track(this.#attempt(event, note, sentMs, 0)));
  }

  async #attempt(event: string, note: T, sentMs: number, retries: number): Promise<void> {
    const last = await this.#ports.invoke(event, note);
    if (!last.error) {
      this.#ports.onDone(note);
      return;
    }
    const invokeCount = retries + 1;
    if (retries >= this.spec.maximumRetryAttempts) {
      this.#ports.onDiscard({ event, condition: 'RetriesExhausted', invokeCount, last, note });
      return;
    }
    const nextMs = this.#ports.now() + (RETRY_WAITS_MS[retries] ?? 0);
    if (nextMs - sentMs > this.spec.maximumEventAgeMs) {
      // Given up when its age is over, not when the retry would have been due.
      this.#ports.at(sentMs + this.spec.maximumEventAgeMs, () => {
        this.#ports.onDiscard({ event, condition: 'EventAgeExceeded', invokeCount, last, note });
      });
      return;
    }
    this.#ports.at(nextMs, () => this.#ports.track(this.#attempt(event, note, sentMs, retries + 1)));
  }
}

/**
 * The invocation record that Lambda writes to an S3 on-failure destination, with the event whole.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function asyncFailureObject(discard: AsyncDiscard<unknown>, spec: AsyncSpec, nowMs: number, objectId: string): FailureObject {
  const { last } = discard;
  const body = {
    version: '1.0',
    timestamp: new Date(nowMs).toISOString(),
    requestContext: {
      requestId: last.requestId,
      functionArn: `${spec.functionArn}:$LATEST`,
      condition: discard.condition,
      approximateInvokeCount: discard.invokeCount,
    },
    requestPayload: JSON.parse(discard.event) as unknown,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: last.error ?? null,
  };
  return { key: `aws/lambda/async/${spec.functionName}/${failureKeyEnd(nowMs, objectId)}`, body: JSON.stringify(body) };
}
