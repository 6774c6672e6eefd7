import { BACKOFF, decideRetry } from '../core/delivery/backoff.ts';
import { credentialsFromEnvironment } from './aws-signature.ts';
import { createHttpClient, TransportError } from './signed-http.ts';

/** A service that speaks AWS's JSON protocol: its name in addresses and signatures, the prefix of its targets, and its version of the protocol. */
export interface JsonService {
  readonly service: 'dynamodb' | 'secretsmanager' | 'ssm' | 'sqs' | 'logs' | 'monitoring' | 'codepipeline';
  readonly target: string;
  readonly version: '1.0' | '1.1';
}

export const DYNAMODB: JsonService = { service: 'dynamodb', target: 'DynamoDB_20120810', version: '1.0' };
export const SECRETS: JsonService = { service: 'secretsmanager', target: 'secretsmanager', version: '1.1' };
export const PARAMETERS: JsonService = { service: 'ssm', target: 'AmazonSSM', version: '1.1' };
export const QUEUES: JsonService = { service: 'sqs', target: 'AmazonSQS', version: '1.0' };
export const LOGS: JsonService = { service: 'logs', target: 'Logs_20140328', version: '1.1' };
export const PIPELINES: JsonService = { service: 'codepipeline', target: 'CodePipeline_20150709', version: '1.1' };
export const METRICS: JsonService = { service: 'monitoring', target: 'GraniteServiceVersion20100801', version: '1.0' };

/** A refusal, by the name that the service gives it. The message is the service's; it holds names of resources and never what was sent. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(service: string, action: string, code: string, status: number, message: string) {
    super(`${service} ${action}: ${code}${message === '' ? '' : `: ${message.slice(0, 300)}`}`);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

/** Calls an action and resolves with its answer. */
export type CallAws = (action: string, input: object) => Promise<{ readonly [name: string]: unknown }>;

/** The world as a client sees it. */
export interface AwsPorts {
  readonly env: { readonly [name: string]: string | undefined };
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Time that the invocation has left, in ms. */
  readonly remainingMs: () => number;
}

/** Options of a client. */
export interface AwsOptions {
  readonly region: string;
  /** Longest wait for one answer, in ms. @default 5000 */
  readonly timeoutMs?: number;
  /** Requests at a time. @default 10 */
  readonly maxSockets?: number;
}

const TRANSIENT =
  /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|LimitExceeded|ServiceUnavailable|InternalServer|InternalFailure|InternalError|TransactionInProgress/;
const MAX_ATTEMPTS = 4;
/** Kept for what comes after, in ms. */
const RESERVE_MS = 2_000;

function endpointOf({ service }: JsonService, region: string, env: AwsPorts['env']): URL {
  const given = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? env['AWS_ENDPOINT_URL'];
  if (given !== undefined && given !== '') return new URL(`${given.replace(/\/+$/, '')}/`);
  return new URL(`https://${service}.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}/`);
}

/** Makes a client of one service with kept-alive connections; throttling, 5xx and lost connections are tried again while time is left. */
export function createAwsClient(
  service: JsonService,
  { region, timeoutMs = 5_000, maxSockets = 10 }: AwsOptions,
  ports: AwsPorts,
): CallAws {
  const url = endpointOf(service, region, ports.env);
  const http = createHttpClient({
    service: service.service,
    region,
    credentials: () => credentialsFromEnvironment(ports.env),
    now: ports.now,
    maxSockets,
  });
  const once = async (action: string, body: Uint8Array): Promise<{ readonly [name: string]: unknown }> => {
    const answer = await http({
      method: 'POST',
      url,
      headers: { 'content-type': `application/x-amz-json-${service.version}`, 'x-amz-target': `${service.target}.${action}` },
      body: [body],
      timeoutMs: Math.max(200, Math.min(timeoutMs, ports.remainingMs() - RESERVE_MS)),
    });
    const text = answer.body.toString('utf8');
    if (answer.status === 200) return text === '' ? {} : (JSON.parse(text) as { readonly [name: string]: unknown });
    const { code, message } = errorOf(text, String(answer.headers['x-amzn-errortype'] ?? ''));
    throw new AwsError(service.service, action, code || `HTTP ${answer.status}`, answer.status, message);
  };
  return async (action, input) => {
    const body = Buffer.from(JSON.stringify(input));
    for (let failures = 1; ; failures++) {
      try {
        return await once(action, body);
      } catch (error) {
        if (!isTransient(error) || failures >= MAX_ATTEMPTS) throw error;
        const decision = decideRetry(
          { failures, remainingMs: ports.remainingMs(), reserveMs: RESERVE_MS, random: ports.random() },
          { ...BACKOFF, baseMs: 50, capMs: 1000 },
        );
        if (decision.action === 'stop') throw error;
        await ports.sleep(decision.delayMs);
      }
    }
  };
}

function isTransient(error: unknown): boolean {
  if (error instanceof TransportError) return true;
  return error instanceof AwsError && (error.status >= 500 || error.status === 429 || TRANSIENT.test(error.code));
}

function errorOf(text: string, header: string): { readonly code: string; readonly message: string } {
  let body: { readonly __type?: unknown; readonly code?: unknown; readonly message?: unknown; readonly Message?: unknown } = {};
  try {
    body = (JSON.parse(text) ?? {}) as typeof body;
  } catch {
    // An answer of a proxy in between: only its status is known.
  }
  const raw = header || String(body.__type ?? body.code ?? '');
  const code = (raw.split(':')[0] ?? '').split('#').at(-1) ?? '';
  return { code, message: String(body.message ?? body.Message ?? '') };
}
