import { setTimeout as pause } from 'node:timers/promises';
import { createS3Reader } from '../../lambdas/clients/s3-reader.ts';
import type { CallerCredentials } from './credentials.ts';
import type { FileStore, ListedFile } from './file-store.ts';

/** A bucket in the account. The SDK lists, which it is loaded for when it is needed; objects are read by the functions' own reader, which survives broken connections. */
export async function s3Files(
  bucket: string,
  region: string,
  credentials: CallerCredentials,
  env: { readonly [name: string]: string | undefined },
): Promise<FileStore> {
  const sdk = await import('@aws-sdk/client-s3');
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'];
  // Another endpoint has no names for buckets.
  const client = new sdk.S3Client({ region, forcePathStyle: Boolean(endpoint) });
  const open = createS3Reader(
    { region, ...(endpoint ? { endpoint } : {}) },
    {
      credentials: credentials.current,
      now: () => Date.now(),
      sleep: async (ms) => {
        await pause(ms);
      },
    },
  );
  return {
    title: `s3://${bucket}`,
    bucket,
    async list(prefix) {
      const folders: string[] = [];
      const files: ListedFile[] = [];
      for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix, Delimiter: '/' })) {
        for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix !== undefined) folders.push(Prefix);
        for (const { Key, Size, LastModified } of page.Contents ?? [])
          if (Key !== undefined) files.push({ key: Key, bytes: Size ?? 0, changedMs: LastModified?.getTime() ?? 0 });
      }
      return { folders, files };
    },
    async open(key) {
      await credentials.refresh();
      return open(bucket, key);
    },
  };
}
