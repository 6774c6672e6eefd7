import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/** An object in a listing. */
export interface StoredObject {
  readonly key: string;
  /** Last change in ms since the epoch. */
  readonly changedMs: number;
}

/** The bucket of what failed: in the account or in the folder of a local run. */
export interface ObjectStore {
  /** What it is called in messages. */
  readonly title: string;
  /** Objects whose key starts with the prefix, by key. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Whole object; undefined where there is none. */
  get(key: string): Promise<Buffer | undefined>;
  /** Moves an object; done when the new one is written and the old one is gone. */
  move(from: string, to: string): Promise<void>;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** A bucket as a folder whose paths are keys, as the local run keeps it. */
export function folderStore(folder: string): ObjectStore {
  const pathOf = (key: string): string => {
    const path = join(folder, ...key.split('/'));
    if (relative(folder, path).startsWith('..')) throw new Error(`the key ${JSON.stringify(key)} leaves the bucket`);
    return path;
  };
  return {
    title: folder,
    async *list(prefix) {
      const keys = (await filesBelow(folder))
        .map((path) => relative(folder, path).split(sep).join('/'))
        .filter((key) => key.startsWith(prefix));
      for (const key of keys.sort()) yield { key, changedMs: (await stat(pathOf(key))).mtimeMs };
    },
    get: (key) =>
      readFile(pathOf(key)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'EISDIR') return undefined;
        throw error;
      }),
    async move(from, to) {
      await mkdir(dirname(pathOf(to)), { recursive: true });
      await writeFile(pathOf(to), await readFile(pathOf(from)));
      await rm(pathOf(from));
    },
  };
}

/** Buckets of a local run: the folders below `<dir>/buckets`; only those for dead letters, where their names tell which these are. */
export async function localBuckets(dir: string): Promise<string[]> {
  const root = join(dir, 'buckets');
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const ours = names.filter((name) => /-(?:dead-letters|archive)-\d{12}-/.test(name));
  return (ours.length > 0 ? ours : names).map((name) => join(root, name)).sort();
}

/** A bucket in the account. The SDK is loaded here, because it costs a tenth of a second that `--help` must not pay. */
export async function bucketStore(
  bucket: string,
  region: string,
  env: { readonly [name: string]: string | undefined },
): Promise<ObjectStore> {
  const s3 = await import('@aws-sdk/client-s3');
  // Another endpoint has no names for buckets.
  const forcePathStyle = Boolean(env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL']);
  const client = new s3.S3Client({ region, forcePathStyle });
  return {
    title: `s3://${bucket}`,
    async *list(prefix) {
      for await (const page of s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key, LastModified } of page.Contents ?? [])
          if (Key !== undefined) yield { key: Key, changedMs: LastModified?.getTime() ?? 0 };
      }
    },
    async get(key) {
      try {
        const { Body } = await client.send(new s3.GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body ? Buffer.from(await Body.transformToByteArray()) : Buffer.alloc(0);
      } catch (error) {
        if (error instanceof s3.NoSuchKey) return undefined;
        throw error;
      }
    },
    async move(from, to) {
      // Copied inside S3, then deleted: the original text never passes this machine again, and a break in between leaves both.
      await client.send(
        new s3.CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}` }),
      );
      await client.send(new s3.DeleteObjectCommand({ Bucket: bucket, Key: from }));
    },
  };
}
