import { gzipSync } from 'node:zlib';
import type { SourceEvent } from '../../lambdas/core/index/types.ts';
import { MAX_PAYLOAD_BYTES } from './limits.ts';

/** Where the events of a payload come from. */
export interface PayloadOrigin {
  readonly owner: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly subscriptionFilter: string;
}

/** A subscription payload: gzip of the JSON envelope, and how many events it holds. */
export interface Payload {
  readonly data: Buffer;
  readonly events: number;
}

/** Text that gzip surely makes smaller than the limit: packing is tried from here on only. */
const SURELY_SMALL = MAX_PAYLOAD_BYTES / 2;

/** Packs the events of one stream, in order, into payloads of at most about 256 KB gzip; an event that is larger alone travels alone. */
export function packPayloads(origin: PayloadOrigin, events: readonly SourceEvent[]): Payload[] {
  if (events.length === 0) return [];
  const text = envelope(origin, 'DATA_MESSAGE', events);
  const data = gzipSync(text, { level: text.length < SURELY_SMALL ? 1 : 6 });
  if (data.length <= MAX_PAYLOAD_BYTES || events.length === 1) return [{ data, events: events.length }];
  const middle = events.length >> 1;
  return [...packPayloads(origin, events.slice(0, middle)), ...packPayloads(origin, events.slice(middle))];
}

/** The message that CloudWatch sends to see whether a destination can be reached. */
export function controlPayload(origin: PayloadOrigin): Payload {
  const message = 'CWL CONTROL MESSAGE: Checking health of destination';
  const event = { id: '', timestamp: 0, message };
  return {
    data: gzipSync(envelope({ ...origin, owner: 'CloudwatchLogs', logGroup: '', logStream: '' }, 'CONTROL_MESSAGE', [event])),
    events: 0,
  };
}

function envelope(origin: PayloadOrigin, messageType: 'DATA_MESSAGE' | 'CONTROL_MESSAGE', events: readonly SourceEvent[]): string {
  return JSON.stringify({
    messageType,
    owner: origin.owner,
    logGroup: origin.logGroup,
    logStream: origin.logStream,
    subscriptionFilters: [origin.subscriptionFilter],
    logEvents: events,
  });
}
