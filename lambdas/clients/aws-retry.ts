import { BACKOFF, decideRetry } from '../core/delivery/backoff.ts';

/** Pause, chance and the time that is left. */
export interface RetryPorts {
  /** 0 to 1. */
  random(): number;
  sleep(ms: number): Promise<void>;
  /** Time that this invocation has left, in ms. */
  remainingMs(): number;
}

/** Kept back for the answer to CloudFormation, in ms. */
const RESERVE_MS = 5_000;

/** Errors of any service that another attempt may cure. */
const TRANSIENT = new Set([
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ServiceUnavailableException',
  'ServerException',
  'InternalServerException',
  'InternalFailure',
  // CloudWatch Logs: another call changes the same group at this moment.
  'OperationAbortedException',
  'TimeoutError',
]);

/** The name by which the SDK raises a service's error. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** Whether the same call may succeed later. */
export function isTransient(error: unknown): boolean {
  if (TRANSIENT.has(errorName(error))) return true;
  const { $metadata, code } = (error ?? {}) as { $metadata?: { httpStatusCode?: number }; code?: string };
  if (code === 'ECONNRESET' || code === 'ECONNREFUSED' || code === 'EPIPE' || code === 'ETIMEDOUT') return true;
  const status = $metadata?.httpStatusCode ?? 0;
  return status === 429 || status >= 500;
}

/** Repeats a call while its error is transient and time is left, then lets the error through. */
export async function withRetry<T>(call: () => Promise<T>, ports: RetryPorts): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await call();
    } catch (error) {
      if (!isTransient(error)) throw error;
      const decision = decideRetry({ failures, remainingMs: ports.remainingMs(), reserveMs: RESERVE_MS, random: ports.random() }, BACKOFF);
      if (decision.action === 'stop') throw error;
      await ports.sleep(decision.delayMs);
    }
  }
}
