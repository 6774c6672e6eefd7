import { recordDocumentId } from '../index/document-id.ts';
import { withoutLineEnd } from '../index/group.ts';
import type { SourceBatch, SourceEvent } from '../index/types.ts';
import { openContainerRecord } from '../parse/container-record.ts';
import type { CompiledRules, CompiledSource } from '../rules/compile.ts';
import type { Rules } from '../rules/rules.ts';

/** Log stream of records that came without CloudWatch. */
export const PLAIN_STREAM = 'firehose';

/** The log group whose source reads plain records: the first of kind application; undefined where the rules have none. */
export function plainLogGroup(rules: Pick<Rules, 'sources'>): string | undefined {
  const source = rules.sources.find(({ kind }) => kind === 'application') ?? rules.sources.find(({ kind }) => kind !== 'controlPlane');
  return source?.logGroups[0];
}

/**
 * Records that an agent put into the delivery stream itself, one a line, as the events that CloudWatch would have made of them. Their time is the runtime's,
 * their id the one by which log-indexer names such a record's document, so a record that comes by both ways is one and the same.
 */
export function plainBatch(
  text: string,
  logGroup: string,
  rules: CompiledRules,
  { arrivedMs, hash }: { readonly arrivedMs: number; readonly hash: (text: string) => string },
): SourceBatch {
  const source = rules.sourceOf(logGroup);
  const events: SourceEvent[] = [];
  for (const line of text.split('\n')) if (line.trim() !== '') events.push(plainEvent(withoutCarriage(line), source, arrivedMs, hash));
  return { owner: rules.account, logGroup, logStream: PLAIN_STREAM, events };
}

function plainEvent(message: string, source: CompiledSource | undefined, arrivedMs: number, hash: (text: string) => string): SourceEvent {
  const record = openContainerRecord(message);
  const timeMs = record?.time === undefined ? Number.NaN : Date.parse(record.time);
  const timestamp = Number.isFinite(timeMs) ? timeMs : arrivedMs;
  if (record?.containerId === undefined || record.time === undefined || source === undefined)
    return { id: `h${hash(message).slice(0, 48)}`, timestamp, message };
  const { containerId, time, stream = '', namespace, pod, container } = record;
  const { redactor } = source.readerOf(`${containerId} ${namespace}/${pod}/${container}`, record);
  const id = recordDocumentId(
    { cluster: source.rule.cluster, containerId, stream, time, text: redactor.text(withoutLineEnd(record.log)) },
    hash,
  );
  return { id, timestamp, message };
}

function withoutCarriage(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
