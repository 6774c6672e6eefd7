import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file in a listing. */
export interface ListedFile {
  readonly key: string;
  readonly bytes: number;
  /** Last change in ms since the epoch. */
  readonly changedMs: number;
}

/** One level of a listing, each part in any order. */
export interface Level {
  /** Prefixes that end in `/`. */
  readonly folders: readonly string[];
  readonly files: readonly ListedFile[];
}

/** Files of a bucket or a folder. */
export interface FileStore {
  /** What it is called in messages, without a slash at its end. */
  readonly title: string;
  /** Bucket that documents name. */
  readonly bucket: string;
  list(prefix: string): Promise<Level>;
  /** The file's bytes; rejects where it cannot be opened. */
  open(key: string): Promise<{ readonly etag: string; readonly chunks: AsyncIterable<Buffer> }>;
}

/** A folder on this machine, whose paths are keys. `bucket` is what the documents of its files say. */
export function localFiles(folder: string, bucket: string): FileStore {
  return {
    title: folder,
    bucket,
    async list(prefix) {
      const path = join(folder, prefix);
      const folders: string[] = [];
      const files: ListedFile[] = [];
      for (const entry of await readdir(path, { withFileTypes: true })) {
        const key = prefix + entry.name;
        // A link may lead to either.
        const found = entry.isSymbolicLink() ? await stat(join(path, entry.name)).catch(() => undefined) : entry;
        if (found?.isDirectory()) folders.push(`${key}/`);
        else if (found?.isFile()) {
          const { size, mtimeMs } = await stat(join(path, entry.name));
          files.push({ key, bytes: size, changedMs: mtimeMs });
        }
      }
      return { folders, files };
    },
    async open(key) {
      const path = join(folder, key);
      const { size, mtimeMs } = await stat(path);
      return { etag: `${size}-${Math.round(mtimeMs)}`, chunks: createReadStream(path, { highWaterMark: 256 * 1024 }) };
    },
  };
}
