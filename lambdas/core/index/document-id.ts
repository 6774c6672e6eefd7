/** OpenSearch refuses a whole bulk request with an `_id` over 512 bytes; ours stay far below. */
export const MAX_ID_LENGTH = 200;

/** Whether an event id can be written as it is: CloudWatch's are 56 digits, a test's or an import's may be letters too. */
export function isPlainId(id: string): boolean {
  if (id === '' || id.length > 100) return false;
  for (let i = 0; i < id.length; i++) {
    const c = id.charCodeAt(i);
    if (!((c >= 48 && c <= 58) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 45 || c === 46 || c === 95)) return false;
  }
  return true;
}

/** `_id` of a CloudWatch event: account, Region and CloudWatch's own event id, the same on every delivery. */
export function eventDocumentId(account: string, region: string, eventId: string, hash: (text: string) => string): string {
  if (isPlainId(eventId)) return `${account}-${region}-${eventId}`;
  return `${account}-${region}-h${hash(eventId)}`;
}

/** What makes a container's record the same record, however often the collector sends it. */
export interface RecordIdentity {
  readonly cluster: string;
  readonly containerId: string;
  readonly stream: string;
  /** CRI time as text, with nanoseconds. */
  readonly time: string;
  readonly text: string;
}

/**
 * `_id` of a record of our own collector. A chunk that Fluent Bit sends again gets new CloudWatch ids, so the record itself decides.
 * Parts are joined by a line break, which none of the first four can hold.
 */
export function recordDocumentId(record: RecordIdentity, hash: (text: string) => string): string {
  return `r${hash(`${record.cluster}\n${record.containerId}\n${record.stream}\n${record.time}\n${record.text}`)}`;
}
