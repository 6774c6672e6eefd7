import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Longest key of an S3 object in bytes of UTF-8. */
const MAX_KEY_BYTES = 1024;

/** What S3 keeps beside the bytes. */
export interface ObjectHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

/** An object in a listing. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

/** Buckets as folders: `<root>/<bucket>/<key>`. Other commands read the same files after the run. */
export class BucketStore {
  readonly #root: string;
  readonly #headers = new Map<string, ObjectHeaders>();
  readonly #buckets = new Set<string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Makes a bucket; it is there once its folder is. */
  create(bucket: string): void {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw new Error(`"${bucket}" is not a bucket name`);
    mkdirSync(join(this.#root, bucket), { recursive: true });
    this.#buckets.add(bucket);
  }

  /** Whether the bucket was made. */
  has(bucket: string): boolean {
    return this.#buckets.has(bucket);
  }

  /** All buckets that were made. */
  buckets(): string[] {
    return [...this.#buckets].sort();
  }

  /** Writes an object, over one of the same key. */
  put(bucket: string, key: string, body: Uint8Array, headers: ObjectHeaders = {}): void {
    const file = this.#file(bucket, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
    this.#headers.set(`${bucket}/${key}`, headers);
  }

  /** Reads an object; undefined where there is none. */
  get(bucket: string, key: string): { readonly body: Buffer; readonly headers: ObjectHeaders } | undefined {
    const file = this.#file(bucket, key);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
    return { body: readFileSync(file), headers: this.#headers.get(`${bucket}/${key}`) ?? {} };
  }

  /** Removes an object; removing what is not there is fine, as in S3. */
  delete(bucket: string, key: string): void {
    rmSync(this.#file(bucket, key), { force: true });
    this.#headers.delete(`${bucket}/${key}`);
  }

  /** Objects whose key starts with `prefix`, in the order of their keys' UTF-8 bytes. */
  list(bucket: string, prefix = ''): ListedObject[] {
    const folder = join(this.#root, bucket);
    if (!this.has(bucket)) throw new Error(`no bucket ${bucket}`);
    const found: ListedObject[] = [];
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const key = path.slice(folder.length + 1);
      if (key.startsWith(prefix)) found.push({ key, size: statSync(path).size });
    }
    return found.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }

  #file(bucket: string, key: string): string {
    if (!this.has(bucket)) throw new Error(`no bucket ${bucket}`);
    const parts = key.split('/');
    // S3 takes such keys; as a path they would leave the bucket or mean a folder.
    if (key.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..')) {
      throw new Error(`the local bucket cannot hold the key ${JSON.stringify(key)}`);
    }
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new Error(`a key has at most ${MAX_KEY_BYTES} bytes`);
    return join(this.#root, bucket, ...parts);
  }
}
