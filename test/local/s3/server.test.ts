import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { RunningServer } from '../../../local/http/server.ts';
import { BucketStore } from '../../../local/s3/bucket-store.ts';
import { serveBuckets } from '../../../local/s3/server.ts';

const Bucket = 'dead-letters-111122223333';
let directory: string;
let server: RunningServer;
let client: S3Client;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'buckets-'));
  const store = new BucketStore(directory);
  store.create(Bucket);
  server = await serveBuckets(store);
  client = new S3Client({
    endpoint: server.url,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIALOCALRUN00000000', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(directory, { recursive: true });
});

test("AWS's own client puts, reads, copies, lists and deletes", async () => {
  const Key = 'dead-letters/source=a b/dt=2026-11-21/hr=08/ü & <x>.ndjson.gz';
  await client.send(new PutObjectCommand({ Bucket, Key, Body: 'hello', ContentType: 'text/plain', ContentEncoding: 'gzip' }));

  const read = await client.send(new GetObjectCommand({ Bucket, Key }));
  expect(await read.Body?.transformToString()).toBe('hello');
  expect(read).toMatchObject({ ContentType: 'text/plain', ContentEncoding: 'gzip' });
  expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ContentLength: 5 });
  expect(readFileSync(join(directory, Bucket, Key), 'utf8')).toBe('hello');

  await client.send(new CopyObjectCommand({ Bucket, Key: 'replayed/x', CopySource: `${Bucket}/${encodeURIComponent(Key)}` }));
  const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(Contents?.map((object) => object.Key)).toEqual([Key, 'replayed/x']);

  await client.send(new DeleteObjectCommand({ Bucket, Key }));
  await expect(client.send(new GetObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NoSuchKey' });
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'replayed/x' }] } }));
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
});

test('listings come in pages, by prefix and delimiter', async () => {
  for (const Key of ['p/a/1', 'p/a/2', 'p/b/1', 'p/c', 'q']) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));

  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page: ListObjectsV2CommandOutput = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'p/', MaxKeys: 2, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }),
    );
    keys.push(...(page.Contents ?? []).map(({ Key }) => Key ?? ''));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  expect(keys).toEqual(['p/a/1', 'p/a/2', 'p/b/1', 'p/c']);

  const folders = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'p/', Delimiter: '/' }));
  expect(folders.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['p/a/', 'p/b/']);
  expect(folders.Contents?.map(({ Key }) => Key)).toEqual(['p/c']);
});

test('an unsigned request, a body that was not signed and an unknown bucket are refused', async () => {
  const put = (headers: { [name: string]: string }, bucket = Bucket) =>
    fetch(`${server.url}/${bucket}/k`, { method: 'PUT', body: 'x', headers });
  const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=x' };

  expect((await put({})).status).toBe(403);
  expect((await put({ ...signed, 'x-amz-content-sha256': '0'.repeat(64) })).status).toBe(400);
  expect((await put(signed, 'nobodys-bucket')).status).toBe(404);
});

test.each(['../outside', 'a/../../b', 'a//b', 'a/', '.'])('the key %j cannot leave its folder', (key) => {
  const store = new BucketStore(directory);
  store.create(Bucket);

  expect(() => store.put(Bucket, key, Buffer.from('x'))).toThrow('cannot hold the key');
});
