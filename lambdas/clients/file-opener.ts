import type { FilePart } from '../core/access-logs/file-part.ts';
import type { OpenedFile, ReadEnd } from '../core/access-logs/file-task.ts';
import { FileError, fileParts } from './file-parts.ts';
import { ReadError } from './s3-reader.ts';

/** An object's parts; what can go wrong becomes a value. `open` rejects with a `ReadError` where there is none. */
export async function openFileParts(
  open: () => Promise<{ readonly etag: string; readonly chunks: AsyncIterable<Buffer> }>,
  key: string,
): Promise<OpenedFile | Exclude<ReadEnd, { kind: 'end' }>> {
  let object: Awaited<ReturnType<typeof open>>;
  try {
    object = await open();
  } catch (error) {
    return endOf(error);
  }
  const parts = fileParts(object.chunks, key);
  return {
    etag: object.etag,
    async next(): Promise<FilePart | ReadEnd> {
      try {
        const { value, done } = await parts.next();
        return done ? { kind: 'end' } : value;
      } catch (error) {
        return endOf(error);
      }
    },
    async close() {
      await parts.return(undefined);
    },
  };
}

function endOf(error: unknown): Exclude<ReadEnd, { kind: 'end' }> {
  if (error instanceof FileError) return { kind: 'bad', reason: error.reason, detail: error.message };
  if (!(error instanceof ReadError)) throw error;
  if (error.reason === 'gone') return { kind: 'bad', reason: 'file-gone', detail: error.message };
  // Replaced while it was read: the new version has an event of its own, and this message starts from its beginning.
  return { kind: 'later', reason: `file-${error.reason}` };
}
