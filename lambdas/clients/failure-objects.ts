import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';

/** Objects of an on-failure destination. */
export interface FailureObjects {
  list(prefix: string): Promise<string[]>;
  /** Undefined where there is none. */
  get(key: string): Promise<string | undefined>;
  remove(key: string): Promise<void>;
}

/** Most keys of one listing: more than one redrive could ever send. */
const MAX_KEYS = 100_000;

/** The objects of one bucket. */
export function failureObjects(client: S3Client, bucket: string): FailureObjects {
  return {
    async list(prefix) {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
        if (keys.length >= MAX_KEYS) break;
      }
      return keys;
    },
    async get(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        return (await Body?.transformToString('utf-8')) ?? '';
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
}
