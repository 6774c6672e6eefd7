import { Client } from '@opensearch-project/opensearch';
import { AwsSigv4Signer } from '@opensearch-project/opensearch/aws-v3';
import { decideRetry } from '../core/delivery/backoff.ts';
import { credentialsFromEnvironment } from './aws-signature.ts';

/** An answer of OpenSearch, whatever its status. */
export interface AdminAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request; rejects only where no answer came. */
export type AdminRequest = (
  method: 'GET' | 'PUT' | 'POST',
  path: string,
  body?: unknown,
  query?: { readonly [name: string]: string },
) => Promise<AdminAnswer>;

/** The world of a set-up. */
export interface AdminPorts {
  readonly request: AdminRequest;
  readonly sleep: (ms: number) => Promise<void>;
  /** Time that is left, in ms. */
  readonly remainingMs: () => number;
  readonly random: () => number;
}

/** OpenSearch refused a request for good, or did not take it while there was time. */
export class AdminError extends Error {
  readonly status: number;
  constructor(what: string, status: number, body: unknown) {
    super(`${what}: HTTP ${status}: ${textOf(body)}`);
    this.name = 'AdminError';
    this.status = status;
  }
}

const TEXT_LIMIT = 500;
/** Kept for the answer to CloudFormation, in ms. */
const RESERVE_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

function textOf(body: unknown): string {
  return (typeof body === 'string' ? body : (JSON.stringify(body) ?? '')).slice(0, TEXT_LIMIT);
}

/**
 * A client for requests that prepare OpenSearch. Retries are ours, because a fresh domain also answers 403 until its roles have spread, which no client retries.
 * Requests are signed except those to this machine.
 */
export function createAdminRequest(endpoint: string, region: string, env: { readonly [name: string]: string | undefined }): AdminRequest {
  const local = new URL(endpoint).protocol === 'http:';
  if (local && !['127.0.0.1', 'localhost', '[::1]'].includes(new URL(endpoint).hostname))
    throw new Error(`http is only allowed on this machine, got ${endpoint}`);
  const signer = local
    ? {}
    : AwsSigv4Signer({
        region,
        service: 'es',
        getCredentials: async () => {
          const credentials = credentialsFromEnvironment(env);
          if (!credentials) throw new Error('no credentials in the environment');
          return credentials;
        },
      });
  const client = new Client({ ...signer, node: endpoint, maxRetries: 0, requestTimeout: REQUEST_TIMEOUT_MS });
  return async (method, path, body, query) => {
    try {
      const answer = await client.transport.request({
        method,
        path,
        ...(body === undefined ? {} : { body: body as Record<string, unknown> }),
        ...(query === undefined ? {} : { querystring: { ...query } }),
      });
      return { status: answer.statusCode ?? 0, body: answer.body };
    } catch (error) {
      const answered = error as { statusCode?: number; body?: unknown; meta?: { statusCode?: number | null; body?: unknown } };
      const status = answered.meta?.statusCode ?? answered.statusCode;
      if (typeof status === 'number' && status > 0) return { status, body: answered.meta?.body ?? answered.body };
      throw error;
    }
  };
}

/** 403 on a fresh domain means that the master role has not spread yet; 409 that somebody else wrote in between. */
const isPassing = (status: number): boolean => status === 403 || status === 409 || status === 429 || status === 401 || status >= 500;

/**
 * Runs a step (read, decide, write: idempotent as a whole) until it succeeds, fails for good, or the time is up.
 * A step throws `AdminError` for a refusal and anything else where no answer came.
 */
export async function untilDone<T>(what: string, ports: AdminPorts, step: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await step();
    } catch (error) {
      if (error instanceof AdminError && !isPassing(error.status)) throw error;
      const decision = decideRetry({ failures, remainingMs: ports.remainingMs(), reserveMs: RESERVE_MS, random: ports.random() });
      if (decision.action === 'stop') {
        throw new Error(`${what}: no success while there was time; last: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
      await ports.sleep(decision.delayMs);
    }
  }
}

/** The answer if its status is 200 or 201; undefined if it is 404 and that is allowed; an `AdminError` otherwise. */
export function accepted(what: string, answer: AdminAnswer, missingIsFine = false): unknown {
  if (answer.status === 200 || answer.status === 201) return answer.body;
  if (missingIsFine && answer.status === 404) return undefined;
  throw new AdminError(what, answer.status, answer.body);
}
