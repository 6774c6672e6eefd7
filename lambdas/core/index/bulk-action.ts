const CREATE = '{"create"';

/**
 * Action line of a document, without its line feed. A record of one event is created: a redelivery is a 409. A record that events were joined to is
 * written with their number as its external version: the same or a shorter reading of it is a 409 too, and only a longer one takes its place
 * (docs/decisions/0006-a-longer-record-replaces-a-shorter-one.md).
 *
 * @param createStart `{"create":{"_index":"…","_id":"`
 * @param joined Events that were joined to the first one.
 */
export function bulkAction(createStart: string, id: string, joined: number): string {
  if (joined === 0) return `${createStart}${id}"}}`;
  return `{"index"${createStart.slice(CREATE.length)}${id}","version":${joined + 1},"version_type":"external"}}`;
}
