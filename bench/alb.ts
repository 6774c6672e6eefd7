import { gunzipSync } from 'node:zlib';
import { FileBody } from '../lambdas/core/access-logs/file-body.ts';
import { FileTransform } from '../lambdas/core/access-logs/file-transform.ts';
import { SLACK } from '../lambdas/core/access-logs/line-bytes.ts';
import { type AlbRecord, readAlbRecord } from '../lambdas/core/parse/alb-record.ts';
import { compileRedaction } from '../lambdas/core/redact/redactor.ts';
import { DEFAULT_REDACTION } from '../lambdas/core/redact/rule-names.ts';
import { chunkSize } from '../lambdas/events/gzip.ts';
import { writeUtf8 } from '../lambdas/events/utf8.ts';

const LINE_FEED = 10;
const TIME_MS = Date.UTC(2026, 10, 21, 8, 30);
const redactor = compileRedaction(DEFAULT_REDACTION);
const ports = {
  write: writeUtf8,
  readLatin1: (bytes: Uint8Array, start: number, end: number): string => Buffer.prototype.latin1Slice.call(bytes, start, end),
  readUtf8: (bytes: Uint8Array, start: number, end: number): string => Buffer.prototype.utf8Slice.call(bytes, start, end),
};
// Memory of a part is used again by the function as well.
const body = new FileBody(1 << 20);

/**
 * What alb-indexer does with an ALB's access log file before it sends, with default redaction: the whole `_bulk` body, how many documents are in it, and how
 * many of them are lines that no parser understood. The body is valid until the next call.
 */
export function transformAlb(gzip: Buffer): { readonly bulk: Uint8Array; readonly count: number; readonly failed: number } {
  const unpacked = gunzipSync(gzip, { chunkSize: chunkSize(gzip) + SLACK });
  const lines = withSlack(unpacked);
  body.clear();
  const transform = new FileTransform(
    {
      format: 'alb',
      index: 'eks-alb-bench-2026.11.21',
      account: '111122223333',
      region: 'us-east-1',
      cluster: 'bench',
      bucket: 'access-logs',
      key: 'alb/AWSLogs/111122223333/elasticloadbalancing/us-east-1/2026/11/21/bench.log.gz',
      base: 'bench.log.gz',
      timeMs: TIME_MS,
      nowMs: TIME_MS,
      redactor,
      exclusions: [],
      enrichment: {},
    },
    ports,
  );
  transform.transform(lines, 0, lines.length - SLACK, body);
  return { bulk: body.compact(), count: body.count, failed: transform.counts.failed };
}

/** The lines, the last one ended by a line break, with room behind them: in the same memory where it has that. */
function withSlack(unpacked: Buffer): Uint8Array {
  const isEnded = unpacked.length === 0 || unpacked.at(-1) === LINE_FEED;
  const size = unpacked.length + (isEnded ? 0 : 1);
  const hasRoom = unpacked.buffer.byteLength >= unpacked.byteOffset + size + SLACK;
  const lines = hasRoom ? new Uint8Array(unpacked.buffer, unpacked.byteOffset, size + SLACK) : new Uint8Array(size + SLACK);
  if (!hasRoom) lines.set(unpacked);
  if (!isEnded) lines[size - 1] = LINE_FEED;
  return lines;
}

/** One line of an ALB's access log as an object; null where it is none. */
export function parseAlb(line: string): AlbRecord | null {
  return readAlbRecord(line) ?? null;
}
