/** Largest event in bytes of UTF-8: 1 MB with its 26 bytes of overhead. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
export const MAX_EVENT_BYTES = 1_048_576 - 26;
/** What an event counts in a batch besides its text. */
export const EVENT_OVERHEAD_BYTES = 26;
/** PutLogEvents: bytes of a batch, overhead included. */
export const MAX_BATCH_BYTES = 1_048_576;
/** PutLogEvents: events of a batch. */
export const MAX_BATCH_EVENTS = 10_000;
/** PutLogEvents: time between the first and the last event of a batch. */
export const MAX_BATCH_SPAN_MS = 24 * 3_600_000;
/** PutLogEvents: how old an event may be … */
export const MAX_AGE_MS = 14 * 24 * 3_600_000;
/** … and how far ahead. */
export const MAX_AHEAD_MS = 2 * 3_600_000;
/** Size that a subscription payload's gzip stays under, where one event alone does not exceed it: about what CloudWatch sends. */
export const MAX_PAYLOAD_BYTES = 256 * 1024;

/** Cuts a text so that it has at most `maxBytes` in UTF-8, never inside a character. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  // A byte of the form 10xxxxxx goes on a character that began before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
