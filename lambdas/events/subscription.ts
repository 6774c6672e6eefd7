import type { SourceBatch, SourceEvent } from '../core/index/types.ts';
import { gunzip } from './gzip.ts';
import { type IsOfLines, openBytes } from './payload-bytes.ts';
import { liftSystemFields, SYSTEM_FIELD_MARK } from './system-fields.ts';

/** Why a payload cannot be opened. */
export type BadPayload = 'bad-base64' | 'bad-gzip' | 'too-large' | 'bad-json' | 'bad-envelope';

/** A subscription payload, opened. */
export type Subscription =
  | { readonly kind: 'data'; readonly batch: SourceBatch }
  | { readonly kind: 'control' }
  | { readonly kind: 'bad'; readonly reason: BadPayload; readonly detail: string };

/**
 * Opens what a subscription filter sends: base64 text or the bytes themselves, gzip of
 * `{"messageType":"DATA_MESSAGE","owner":"111122223333","logGroup":"…","logStream":"…","subscriptionFilters":["…"],"logEvents":[{"id":"…","timestamp":1763700000000,"message":"…"}]}`.
 * A payload that is none is a value with its reason, never an exception.
 * Payloads of lines, by `isOfLines`, are opened as bytes where they are exactly like that.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
export function openSubscription(data: string | Uint8Array, isOfLines?: IsOfLines): Subscription {
  if (data.length === 0) return { kind: 'bad', reason: 'bad-base64', detail: 'empty' };
  const packed = typeof data === 'string' ? Buffer.from(data, 'base64') : data;
  const unpacked = gunzip(packed);
  if (!unpacked.ok) {
    const reason = typeof data === 'string' && !isBase64(data) ? 'bad-base64' : unpacked.reason;
    return { kind: 'bad', reason, detail: unpacked.detail };
  }
  const batch = isOfLines && openBytes(unpacked.bytes, isOfLines);
  if (batch === 'spoilt') return openSubscription(packed);
  return batch === undefined ? openEnvelope(unpacked.bytes.toString('utf8')) : { kind: 'data', batch };
}

/** The same for text that is unpacked already. */
export function openEnvelope(text: string): Subscription {
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch (error) {
    return { kind: 'bad', reason: 'bad-json', detail: error instanceof Error ? error.message.slice(0, 200) : 'not JSON' };
  }
  if (typeof envelope !== 'object' || envelope === null || Array.isArray(envelope)) return badEnvelope('not an object');
  const { messageType, owner, logGroup, logStream, logEvents } = envelope as { [key: string]: unknown };
  if (messageType === 'CONTROL_MESSAGE') return { kind: 'control' };
  if (messageType !== 'DATA_MESSAGE') return badEnvelope(`messageType ${JSON.stringify(messageType)?.slice(0, 100)}`);
  if (typeof logGroup !== 'string' || typeof logStream !== 'string') return badEnvelope('logGroup or logStream is no text');
  if (!Array.isArray(logEvents)) return badEnvelope('logEvents is no list');
  const batch: SourceBatch = {
    owner: typeof owner === 'string' ? owner : '',
    logGroup,
    logStream,
    events: logEvents.every(isEvent) ? logEvents : logEvents.map(asEvent),
  };
  return { kind: 'data', batch: text.includes(SYSTEM_FIELD_MARK) ? liftSystemFields(batch) : batch };
}

function badEnvelope(detail: string): Subscription {
  return { kind: 'bad', reason: 'bad-envelope', detail };
}

function isEvent(event: unknown): event is SourceEvent {
  if (typeof event !== 'object' || event === null) return false;
  const { id, timestamp, message } = event as { [key: string]: unknown };
  return typeof id === 'string' && typeof timestamp === 'number' && typeof message === 'string';
}

/** An event that lacks something keeps its place in the list, so that it alone is rejected (no id, or no time), with its text as evidence. */
function asEvent(event: unknown): SourceEvent {
  if (isEvent(event)) return event;
  const { id, timestamp, message } = (typeof event === 'object' && event !== null ? event : {}) as { [key: string]: unknown };
  return {
    id: typeof id === 'string' ? id : '',
    timestamp: typeof timestamp === 'number' ? timestamp : Number.NaN,
    message: typeof message === 'string' ? message : JSON.stringify(event),
  };
}

/** Looked at only after gzip has failed: Node decodes any text as base64 and skips what is none. */
function isBase64(text: string): boolean {
  return /^[\w+/-]*={0,2}\s*$/.test(text) && text.trimEnd().replace(/=+$/, '').length % 4 !== 1;
}
