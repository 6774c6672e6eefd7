import type { OutgoingLine } from '../core/access-logs/file-task.ts';
import type { HttpClient, HttpResponse } from './signed-http.ts';

/** Limits of PutLogEvents: 1 MB counting 26 bytes an event, 10,000 events, 24 hours from first to last. */
const MAX_BATCH_BYTES = 1_048_576;
const MAX_BATCH_EVENTS = 10_000;
const EVENT_BYTES = 26;
const MAX_SPAN_MS = 86_400_000;
/** Longest text of one event. */
const MAX_EVENT_BYTES = MAX_BATCH_BYTES - EVENT_BYTES;
const TIMEOUT_MS = 10_000;
const ATTEMPTS = 3;
const PAUSE_MS = 300;

/** Puts lines into a log stream, which it makes where there is none. Resolves with a reason where some are not there. */
export type PutLines = (logGroup: string, stream: string, lines: readonly OutgoingLine[]) => Promise<string | undefined>;

/** The world as this client sees it. */
export interface LogLinesPorts {
  readonly http: HttpClient;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Makes the function that writes to CloudWatch Logs. `endpoint` is `AWS_ENDPOINT_URL`: another service. */
export function createPutLines(region: string, ports: LogLinesPorts, endpoint?: string): PutLines {
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL(endpoint ?? `https://logs.${region}.${suffix}`);
  const known = new Set<string>();
  const call = (action: string, body: object): Promise<HttpResponse> =>
    ports.http({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${action}` },
      body: [Buffer.from(JSON.stringify(body))],
      timeoutMs: TIMEOUT_MS,
    });
  const attempt = async (action: string, body: object): Promise<string | undefined> => {
    let failure = '';
    for (let count = 1; count <= ATTEMPTS; count++) {
      try {
        const answer = await call(action, body);
        if (answer.status === 200) return refusedEvents(answer.body.toString('utf8'));
        const type = typeOf(answer.body.toString('utf8'));
        if (type === 'ResourceAlreadyExistsException') return undefined;
        failure = `${action}: HTTP ${answer.status} ${type}`;
        if (answer.status < 500 && answer.status !== 429 && type !== 'ThrottlingException') return failure;
      } catch (error) {
        failure = `${action}: ${error instanceof Error ? error.message : 'no answer'}`;
      }
      if (count < ATTEMPTS) await ports.sleep(PAUSE_MS * count);
    }
    return failure;
  };
  return async (logGroupName, logStreamName, lines) => {
    const name = `${logGroupName} ${logStreamName}`;
    if (!known.has(name)) {
      const failure = await attempt('CreateLogStream', { logGroupName, logStreamName });
      if (failure !== undefined) return failure;
      known.add(name);
    }
    for (const logEvents of batches(lines)) {
      const failure = await attempt('PutLogEvents', { logGroupName, logStreamName, logEvents });
      if (failure !== undefined) return failure;
    }
    return undefined;
  };
}

interface LogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Events in the order of their times, in batches that CloudWatch takes. */
export function batches(lines: readonly OutgoingLine[]): LogEvent[][] {
  const events = lines.map(({ timeMs, text }) => ({ timestamp: timeMs, message: cut(text) })).sort((a, b) => a.timestamp - b.timestamp);
  const result: LogEvent[][] = [];
  let batch: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + EVENT_BYTES;
    const first = batch[0]?.timestamp ?? event.timestamp;
    if (bytes + size > MAX_BATCH_BYTES || batch.length === MAX_BATCH_EVENTS || event.timestamp - first >= MAX_SPAN_MS) {
      result.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(event);
    bytes += size;
  }
  if (batch.length > 0) result.push(batch);
  return result;
}

/** CloudWatch refuses a whole batch for one event that is too long. */
function cut(text: string): string {
  if (text.length * 3 <= MAX_EVENT_BYTES || Buffer.byteLength(text) <= MAX_EVENT_BYTES) return text;
  return Buffer.from(text)
    .subarray(0, MAX_EVENT_BYTES - 4)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

/** PutLogEvents takes a batch and leaves events out whose time it does not like. */
function refusedEvents(body: string): string | undefined {
  if (!body.includes('rejectedLogEventsInfo')) return undefined;
  return `PutLogEvents left events out: ${body.slice(0, 200)}`;
}

function typeOf(body: string): string {
  try {
    const { __type } = JSON.parse(body) as { __type?: unknown };
    return typeof __type === 'string' ? (__type.split('#').at(-1) ?? '') : '';
  } catch {
    return '';
  }
}
