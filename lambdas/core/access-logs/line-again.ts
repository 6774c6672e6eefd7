import { emptyCounts } from '../delivery/counts.ts';
import { admit } from '../index/admission.ts';
import { indexName } from '../index/index-name.ts';
import type { BulkBatch } from '../index/types.ts';
import type { LineEnrichment } from '../parse/access-fields.ts';
import type { TimeBounds } from '../rules/rules.ts';
import { FileBody } from './file-body.ts';
import { fileFormat, readFileName } from './file-name.ts';
import type { CompiledAccessLogRules } from './file-rules.ts';
import { FileTransform, type FileTransformPorts } from './file-transform.ts';
import { SLACK } from './line-bytes.ts';
import type { AccessLogSource } from './rules.ts';

/** A line of an access log file that could not be indexed, as its dead letter holds it. */
export interface LineLetter {
  readonly bucket: string;
  readonly key: string;
  /** The line as it stood in the file. */
  readonly message: string;
  /** Time of the file, in ms. */
  readonly timeMs: number;
  /** `_id` of then. By the line alone it could not be told from an equal line of the same file. */
  readonly documentId: string;
}

/** What a line's second attempt needs of the world. */
export interface LineAgainPorts {
  readonly text: FileTransformPorts;
  readonly nowMs: number;
  readonly timeBounds: TimeBounds;
  readonly enrichment: (source: AccessLogSource) => LineEnrichment;
}

/** Makes the document of a line again, under the `_id` that it had; undefined where no source has its file now. */
export function lineAgain(letter: LineLetter, rules: CompiledAccessLogRules, ports: LineAgainPorts): BulkBatch | undefined {
  const { bucket, key, message, timeMs, documentId } = letter;
  const source = rules.sourceOf(bucket, key);
  if (source === undefined) return undefined;
  const format = fileFormat(source.kind, key);
  const { name, family } = rules.familyOf(source, format);
  const counts = { ...emptyCounts(), received: 1 };
  const none: BulkBatch = { body: new Uint8Array(0), documents: [], rejected: [], counts };
  const admission = admit(timeMs, ports.nowMs, ports.timeBounds, family);
  if (admission === 'older-than-retention') {
    counts.excluded[admission] = 1;
    return none;
  }
  if (admission !== 'admitted') return { ...none, rejected: [{ event: 0, reason: admission }] };
  const index = indexName(name, source.clusterIndexName, family.period, timeMs);
  const { account, region, redactor } = rules;
  const { nowMs, text } = ports;
  const transform = new FileTransform(
    {
      ...{ format, index, account, region, cluster: source.cluster, bucket, key, base: readFileName(key).base, timeMs, nowMs, redactor },
      exclusions: source.exclusions,
      enrichment: ports.enrichment(source),
    },
    text,
  );
  const line = new Uint8Array(message.length * 3 + 1 + SLACK);
  const size = text.write(message, line, 0);
  line[size] = 10;
  const body = new FileBody(size * 4 + 4_096);
  transform.transform(line, 0, size + 1, body);
  Object.assign(counts.excluded, transform.counts.excluded);
  if (body.count === 0) return none;
  const written = text.readUtf8(body.bytes, body.startOf(0), body.endOf(0));
  // In the action and in `event.id`; nothing else can hold both hashes.
  const id = /"_id":"([^"]+)"/.exec(written)?.[1] as string;
  const whole = new Uint8Array(written.length * 3 + documentId.length * 2);
  const end = text.write(written.replaceAll(`"${id}"`, `"${documentId}"`), whole, 0);
  return { body: whole.subarray(0, end), documents: [{ start: 0, end, index, id: documentId, event: 0, joined: 0 }], rejected: [], counts };
}
