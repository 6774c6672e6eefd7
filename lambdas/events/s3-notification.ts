/** What we read of an SQS event of Lambda. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

/** A new object in a bucket. */
export interface NewFile {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes; '' where the event does not say. */
  readonly etag: string;
  /** When S3 noticed it, in ms; undefined where the event does not say. */
  readonly eventMs: number | undefined;
  /** Unpacked bytes that an earlier invocation sent already. */
  readonly offset: number;
}

/** A message of the queue, opened. */
export type QueueMessage =
  | { readonly messageId: string; readonly kind: 'files'; readonly files: readonly NewFile[] }
  /** S3's test, a deletion: nothing to do. */
  | { readonly messageId: string; readonly kind: 'nothing' }
  | { readonly messageId: string; readonly kind: 'bad'; readonly body: string };

/** The messages of a queue's event; undefined where the event is none. */
export function queueMessages(event: unknown): QueueMessage[] | undefined {
  const records = (event as Partial<QueueEvent> | null | undefined)?.Records;
  if (!Array.isArray(records)) return undefined;
  const messages: QueueMessage[] = [];
  for (const record of records as QueueEvent['Records']) {
    if (typeof record?.messageId !== 'string' || typeof record.body !== 'string') return undefined;
    messages.push({ messageId: record.messageId, ...openBody(record.body) });
  }
  return messages;
}

type Opened =
  | { readonly kind: 'files'; readonly files: readonly NewFile[] }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'bad'; readonly body: string };

/**
 * Opens a message: S3's own notification (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html), the same by way of
 * a topic, EventBridge's `Object Created`, or what {@link continuation} made.
 */
function openBody(body: string): Opened {
  const message = parse(body);
  if (message === undefined) return { kind: 'bad', body };
  if (message['Type'] === 'Notification' && typeof message['Message'] === 'string') return openBody(message['Message']);
  if (message['Event'] === 's3:TestEvent') return { kind: 'nothing' };
  if (message['eksTelemetry'] === 'continue') return filesOf([fileOf(message['bucket'], message['key'], message)], body);
  if (message['detail-type'] === 'Object Created') {
    const { bucket, object } = (message['detail'] ?? {}) as { bucket?: { name?: unknown }; object?: { key?: unknown; etag?: unknown } };
    // EventBridge does not encode the key.
    return filesOf([fileOf(bucket?.name, object?.key, { etag: object?.etag, time: message['time'] })], body);
  }
  const records = message['Records'];
  if (!Array.isArray(records)) return typeof message['detail-type'] === 'string' ? { kind: 'nothing' } : { kind: 'bad', body };
  const created = (records as S3Record[]).filter(
    (record) => typeof record?.eventName !== 'string' || /ObjectCreated/.test(record.eventName),
  );
  if (created.length === 0) return { kind: 'nothing' };
  return filesOf(
    created.map(({ s3, eventTime }) => fileOf(s3?.bucket?.name, decodeKey(s3?.object?.key), { etag: s3?.object?.eTag, time: eventTime })),
    body,
  );
}

interface S3Record {
  readonly eventName?: unknown;
  readonly eventTime?: unknown;
  readonly s3?: { readonly bucket?: { readonly name?: unknown }; readonly object?: { readonly key?: unknown; readonly eTag?: unknown } };
}

function filesOf(files: readonly (NewFile | undefined)[], body: string): Opened {
  return files.every((file) => file !== undefined) ? { kind: 'files', files } : { kind: 'bad', body };
}

function fileOf(
  bucket: unknown,
  key: unknown,
  { etag, time, offset }: { readonly etag?: unknown; readonly time?: unknown; readonly offset?: unknown },
): NewFile | undefined {
  if (typeof bucket !== 'string' || bucket === '' || typeof key !== 'string' || key === '') return undefined;
  const ms = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return {
    bucket,
    key,
    etag: typeof etag === 'string' ? etag.replace(/^"|"$/g, '') : '',
    eventMs: Number.isFinite(ms) ? ms : undefined,
    offset: typeof offset === 'number' && Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
  };
}

/** S3 writes keys as a form does: blanks as `+`. */
function decodeKey(key: unknown): unknown {
  if (typeof key !== 'string') return undefined;
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    return key;
  }
}

/** Body of a message that asks for the rest of a file, from that many unpacked bytes on. */
export function continuation(file: NewFile, offset: number): string {
  const { bucket, key, etag, eventMs } = file;
  const time = eventMs === undefined ? {} : { time: new Date(eventMs).toISOString() };
  return JSON.stringify({ eksTelemetry: 'continue', bucket, key, etag, offset, ...time });
}

function parse(text: string): { readonly [name: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [name: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
