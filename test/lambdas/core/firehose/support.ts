import { createHmac, hash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type ArchiveRules, ArchiveSets } from '../../../../lambdas/core/firehose/archive-sets.ts';
import type { MarkPorts } from '../../../../lambdas/core/firehose/mark.ts';
import { allocateUncleared, writeUtf8 } from '../../../../lambdas/events/utf8.ts';
import { RULES } from '../index/transform-support.ts';

export const sha256 = (text: string): string => hash('sha256', text);

/** The archive as the function makes it. */
export function archive(rules: Partial<ArchiveRules> = {}): ArchiveSets {
  return new ArchiveSets(
    { ...RULES, byApplication: false, ...rules },
    {
      write: writeUtf8,
      allocate: allocateUncleared,
      hash: sha256,
      readLatin1: (bytes, start, end) => Buffer.prototype.latin1Slice.call(bytes, start, end),
      readUtf8: (bytes, start, end) => Buffer.prototype.utf8Slice.call(bytes, start, end),
    },
  );
}

export const MARK: MarkPorts = {
  mac: (bytes) => createHmac('sha256', 'key of the test').update(bytes).digest(),
  encode: (text) => Buffer.from(text),
  decode: (bytes) => Buffer.from(bytes).toString('utf8'),
};

export interface Envelope {
  readonly messageType?: string;
  readonly logGroup: string;
  readonly logStream: string;
  readonly logEvents: readonly object[];
}

/** A payload as CloudWatch sends it. */
export function payload({ messageType = 'DATA_MESSAGE', logGroup, logStream, logEvents }: Envelope): Buffer {
  return gzipSync(JSON.stringify({ messageType, owner: '111122223333', logGroup, logStream, subscriptionFilters: ['archive'], logEvents }));
}

/** Lines of the archive, read. */
export function linesOf(bytes: Uint8Array): { readonly [column: string]: unknown }[] {
  const text = Buffer.from(bytes).toString('utf8');
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly [column: string]: unknown });
}

export const unpack = (body: Uint8Array, isGzip: boolean): Uint8Array => (isGzip ? gunzipSync(body) : body);
