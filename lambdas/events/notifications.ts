import type { Incoming } from '../core/alerts/incoming.ts';

type Json = { readonly [name: string]: unknown };

/** A message of our own: look at a group. It comes without SNS's envelope, and only the queue's own role may send it. */
export interface FlushMessage {
  readonly kind: 'flush';
  readonly groupId: string;
}

/** A message of our own: an alert is over though nobody told. */
export interface EndMessage {
  readonly kind: 'end';
  readonly groupId: string;
  readonly fingerprint: string;
  readonly atMs: number;
  readonly reason: string;
}

/** What a record of the queue holds. */
export type QueueMessage = { readonly kind: 'notification'; readonly incoming: Incoming } | FlushMessage | EndMessage;

function parse(text: string): Json | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Opens the body of a record: SNS's envelope (raw delivery off), our own message, or anything else as it is. Never throws. */
export function openQueueMessage(body: string, record: { readonly messageId: string; readonly sentAt: number }): QueueMessage {
  const json = parse(body);
  const flush = textOf(json?.['eksTelemetryFlush']);
  if (isHex(flush)) return { kind: 'flush', groupId: flush };
  const end = json?.['eksTelemetryEnd'] as Partial<EndMessage> | undefined;
  if (end && isHex(end.groupId) && isHex(end.fingerprint) && typeof end.atMs === 'number' && typeof end.reason === 'string')
    return { kind: 'end', groupId: end.groupId, fingerprint: end.fingerprint, atMs: end.atMs, reason: end.reason };
  return { kind: 'notification', incoming: openNotification(body, record, json) };
}

const isHex = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{1,64}$/.test(value);

/** Writes our own message. */
export function formatFlush(groupId: string): string {
  return JSON.stringify({ eksTelemetryFlush: groupId });
}

/** Writes the end of an alert. */
export function formatEnd({ atMs, fingerprint, groupId, reason }: Omit<EndMessage, 'kind'>): string {
  return JSON.stringify({ eksTelemetryEnd: { groupId, fingerprint, atMs, reason } });
}

/** Takes a notification out of SNS's envelope; a text without one is the message itself. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
export function openNotification(
  body: string,
  record: { readonly messageId: string; readonly sentAt: number },
  json = parse(body),
): Incoming {
  const message = textOf(json?.['Message']);
  const id = textOf(json?.['MessageId']);
  if (message === undefined || id === undefined || (json?.['Type'] !== 'Notification' && textOf(json?.['TopicArn']) === undefined))
    return { text: body, id: record.messageId, sentAt: record.sentAt };
  const subject = textOf(json?.['Subject']);
  const sentAt = Date.parse(textOf(json?.['Timestamp']) ?? '');
  return {
    text: message,
    ...(subject === undefined || subject === '' ? {} : { subject }),
    attributes: attributesOf(json?.['MessageAttributes']),
    id,
    sentAt: Number.isFinite(sentAt) ? sentAt : record.sentAt,
  };
}

function attributesOf(value: unknown): { readonly [name: string]: string } {
  if (value === null || typeof value !== 'object') return {};
  const pairs = Object.entries(value as Json).flatMap(([name, attribute]): [string, string][] => {
    const text = attribute !== null && typeof attribute === 'object' ? textOf((attribute as Json)['Value']) : undefined;
    return text === undefined ? [] : [[name, text]];
  });
  return Object.fromEntries(pairs);
}

/**
 * Every notification in a file that somebody tries out: a record list of SQS or SNS as a function gets it, SNS's envelope, or the message alone.
 */
export function openAnyNotification(text: string, nowMs: number): Incoming[] {
  const json = parse(text);
  const records = json?.['Records'];
  const record = { messageId: 'preview', sentAt: nowMs };
  if (!Array.isArray(records)) return [openNotification(text, record, json)];
  return (records as Json[]).flatMap((one) => {
    const body = textOf(one?.['body']);
    if (body !== undefined) return [openNotification(body, { messageId: textOf(one['messageId']) ?? 'preview', sentAt: nowMs })];
    return one?.['Sns'] === undefined ? [] : [openNotification(JSON.stringify(one['Sns']), record)];
  });
}
