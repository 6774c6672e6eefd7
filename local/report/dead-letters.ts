import { gunzipSync } from 'node:zlib';
import { DEAD_LETTER_PREFIX, type DeadLetter } from '../../lambdas/core/delivery/dead-letter.ts';
import type { BucketStore } from '../s3/bucket-store.ts';

/** A dead letter without the event's text: the originals stay in the bucket. */
export type LetterSummary = Pick<DeadLetter, 'reason' | 'source' | 'logGroup' | 'logStream' | 'id' | 'timestamp'> & {
  readonly index?: string;
  readonly key: string;
  readonly bytes: number;
};

/** Reads the dead letters of the run, in the order of their keys. */
export function readDeadLetters(store: BucketStore): LetterSummary[] {
  const letters: LetterSummary[] = [];
  for (const bucket of store.buckets()) {
    for (const { key } of store.list(bucket, DEAD_LETTER_PREFIX)) {
      const text = gunzipSync(store.get(bucket, key)?.body ?? Buffer.alloc(0)).toString('utf8');
      for (const line of text.split('\n')) {
        if (line === '') continue;
        const { reason, source, logGroup, logStream, id, timestamp, index, message } = JSON.parse(line) as DeadLetter;
        const summary = { reason, source, logGroup, logStream, id, timestamp, key, bytes: Buffer.byteLength(message ?? '') };
        letters.push(index === undefined ? summary : { ...summary, index });
      }
    }
  }
  return letters;
}
