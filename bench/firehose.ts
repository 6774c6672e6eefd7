import { hash } from 'node:crypto';
import { ArchiveSets } from '../lambdas/core/firehose/archive-sets.ts';
import { openForArchive } from '../lambdas/events/firehose.ts';
import { allocateUncleared, writeUtf8 } from '../lambdas/events/utf8.ts';
import { openEnvelope } from './reference.ts';
import { BENCH_RULES } from './rules.ts';

const sets = new ArchiveSets(
  { ...BENCH_RULES, byApplication: false },
  {
    write: writeUtf8,
    allocate: allocateUncleared,
    hash: (text) => hash('sha256', text, 'hex'),
    readLatin1: (bytes, start, end) => Buffer.prototype.latin1Slice.call(bytes, start, end),
    readUtf8: (bytes, start, end) => Buffer.prototype.utf8Slice.call(bytes, start, end),
  },
);

/** What firehose-transform does with the base64 text of a subscription payload on its way to the archive: base64 text of its lines. */
export function transformFirehose(data: string): { readonly bulk: string; readonly count: number } {
  const opened = openForArchive(Buffer.from(data, 'base64'));
  if (opened.kind !== 'spans' && opened.kind !== 'data') throw new Error(opened.kind);
  const nowMs = opened.kind === 'spans' ? (opened.batch.spans.timestamps[0] as number) : Date.now();
  const made = sets.of(opened.batch, { arrivedMs: nowMs, nowMs }) ?? [];
  let text = '';
  let count = 0;
  for (const { lines, ends } of made) {
    text += Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString('base64');
    count += ends.length;
  }
  return { bulk: text, count };
}

/** The floor: the messages alone, joined by line breaks, as AWS's blueprint of a transform gives them back. It keeps no id, time, group or stream. */
export function firehoseFloor(data: string): { readonly bulk: string; readonly count: number } {
  const { logEvents } = openEnvelope(data);
  const text = `${logEvents.map(({ message }) => message).join('\n')}\n`;
  return { bulk: Buffer.from(text, 'utf8').toString('base64'), count: logEvents.length };
}
