import { decideRetry } from '../core/delivery/backoff.ts';
import { planRequests } from '../core/delivery/plan.ts';
import { type Entry, MAX_BATCH_BYTES, MAX_BATCH_RECORDS } from '../core/firehose/record-plan.ts';
import type { HttpClient, HttpResponse } from './signed-http.ts';

/** Where delivery streams take records. */
export interface FirehosePlace {
  readonly region: string;
  /** `AWS_ENDPOINT_URL_FIREHOSE` or `AWS_ENDPOINT_URL`: another service. */
  readonly endpoint?: string;
}

/** The world as this client sees it. */
export interface PutRecordPorts {
  readonly http: HttpClient;
  readonly sleep: (ms: number) => Promise<void>;
  readonly random: () => number;
  /** Time that the invocation has left, in ms. */
  readonly remainingMs: () => number;
  /** Time that is kept for the answer, in ms. */
  readonly reserveMs: number;
  /** Told of what the service says when it refuses a call, without any of the data. */
  readonly onRefused?: (what: string) => void;
}

/** Puts records into their delivery streams and says of each whether it was accepted. Never rejects. */
export type PutRecords = (entries: readonly Entry[]) => Promise<boolean[]>;

const TIMEOUT_MS = 10_000;
/** Calls at a time: a stream in a small Region takes 1 MiB a second and 1,000 calls. */
const CONNECTIONS = 4;
/** Calls in a row that leave records out before they are given up, whatever time is left. */
const MAX_FAILURES = 12;

interface Waiting {
  readonly position: number;
  readonly entry: Entry;
  /** As PutRecordBatch counts it. */
  readonly bytes: number;
}

/**
 * Makes a client of PutRecordBatch: 500 records and 4 MiB a call, by stream. The call answers 200 also where it left records out, so each record's answer is
 * read, and what was left out is put again with backoff while time is left.
 */
export function createPutRecords(place: FirehosePlace, ports: PutRecordPorts): PutRecords {
  const url = urlOf(place);
  return async (entries) => {
    const accepted = entries.map(() => false);
    const byStream = new Map<string, Waiting[]>();
    for (const [position, entry] of entries.entries()) {
      const waiting = byStream.get(entry.stream) ?? [];
      byStream.set(entry.stream, waiting);
      waiting.push({ position, entry, bytes: entry.data.length });
    }
    const limits = { maxBytes: MAX_BATCH_BYTES, maxDocuments: MAX_BATCH_RECORDS };
    const calls = [...byStream].flatMap(([stream, waiting]) =>
      planRequests(waiting, limits).map(({ documents }) => ({ stream, documents: [...documents] })),
    );
    const next = calls.values();
    const work = async (): Promise<void> => {
      for (const { stream, documents } of next) await putAll(url, stream, documents, accepted, ports);
    };
    await Promise.all(Array.from({ length: Math.min(CONNECTIONS, calls.length) }, work));
    return accepted;
  };
}

async function putAll(url: URL, stream: string, records: readonly Waiting[], accepted: boolean[], ports: PutRecordPorts): Promise<void> {
  let waiting = records;
  for (let failures = 1; ; failures++) {
    const { left, isFinal } = await put(url, stream, waiting, accepted, ports);
    if (left.length === 0 || isFinal || failures >= MAX_FAILURES) return;
    const { random, remainingMs, reserveMs, sleep } = ports;
    // Some were accepted: the stream is there, and only its throughput is used up.
    const decision = decideRetry({ failures, remainingMs: remainingMs(), reserveMs, random: random() });
    if (decision.action === 'stop') return;
    await sleep(decision.delayMs);
    waiting = left;
  }
}

async function put(
  url: URL,
  stream: string,
  waiting: readonly Waiting[],
  accepted: boolean[],
  { http, remainingMs, reserveMs, onRefused }: PutRecordPorts,
): Promise<{ readonly left: readonly Waiting[]; readonly isFinal: boolean }> {
  const timeoutMs = Math.min(TIMEOUT_MS, remainingMs() - reserveMs);
  if (timeoutMs <= 0) return { left: waiting, isFinal: true };
  let answer: HttpResponse;
  try {
    answer = await http({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Firehose_20150804.PutRecordBatch' },
      body: [requestBody(stream, waiting)],
      timeoutMs,
    });
  } catch {
    // It may have been taken: then its records are there twice. Firehose has no way to tell.
    return { left: waiting, isFinal: false };
  }
  const text = answer.body.toString('utf8');
  if (answer.status !== 200) {
    const type = typeOf(text) || `HTTP ${answer.status}`;
    onRefused?.(`PutRecordBatch into ${stream}: ${type}`);
    return {
      left: waiting,
      isFinal: answer.status < 500 && answer.status !== 429 && !/Throttl|ServiceUnavailable|LimitExceeded/.test(type),
    };
  }
  const responses = responsesOf(text);
  const left = waiting.filter(({ position }, at) => {
    const response = responses?.[at];
    const isAccepted = typeof response?.RecordId === 'string' && response.ErrorCode === undefined;
    if (isAccepted) accepted[position] = true;
    return !isAccepted;
  });
  return { left, isFinal: false };
}

function requestBody(stream: string, waiting: readonly Waiting[]): Uint8Array {
  const records = waiting.map(
    ({ entry: { data } }) => `{"Data":"${Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64')}"}`,
  );
  return Buffer.from(`{"DeliveryStreamName":${JSON.stringify(stream)},"Records":[${records.join(',')}]}`);
}

interface PutResponse {
  readonly RecordId?: unknown;
  readonly ErrorCode?: unknown;
}

function responsesOf(text: string): readonly (PutResponse | undefined)[] | undefined {
  try {
    const { RequestResponses } = JSON.parse(text) as { readonly RequestResponses?: unknown };
    return Array.isArray(RequestResponses) ? (RequestResponses as PutResponse[]) : undefined;
  } catch {
    return undefined;
  }
}

function typeOf(body: string): string {
  try {
    const { __type } = JSON.parse(body) as { readonly __type?: unknown };
    return typeof __type === 'string' ? (__type.split('#').at(-1) ?? '') : '';
  } catch {
    return '';
  }
}

function urlOf({ endpoint, region }: FirehosePlace): URL {
  if (endpoint !== undefined && endpoint !== '') return new URL(`${endpoint.replace(/\/+$/, '')}/`);
  return new URL(`https://firehose.${region}.${region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'}/`);
}
