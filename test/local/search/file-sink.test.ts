import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type FileSink, startFileSink } from '../../../local/search/file-sink.ts';

let directory: string;
let sink: FileSink;
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sink-'));
  sink = await startFileSink(directory);
});
afterEach(async () => {
  await sink.close();
  rmSync(directory, { recursive: true });
});

const BODY = '{"create":{"_index":"eks-audit-x-2026.11.21","_id":"1"}}\n{"message":"a"}\n';

test('a document is kept once; its second delivery is a 409, as in the engine', async () => {
  const send = async (body: string | Uint8Array<ArrayBuffer>, headers = {}) =>
    (await fetch(`${sink.url}/_bulk`, { method: 'POST', body, headers })).json();

  expect(await send(BODY)).toMatchObject({ errors: false, items: [{ create: { status: 201 } }] });
  expect(await send(new Uint8Array(gzipSync(BODY)), { 'content-encoding': 'gzip' })).toMatchObject({
    errors: true,
    items: [{ create: { status: 409 } }],
  });
  expect([...sink.counts()]).toEqual([['eks-audit-x-2026.11.21', 1]]);
  expect(readFileSync(join(directory, 'eks-audit-x-2026.11.21.ndjson'), 'utf8')).toBe('{"_id":"1","_source":{"message":"a"}}\n');
});

test('a longer record takes the place of a shorter one, and never the other way round', async () => {
  const send = async (version: number) => {
    const action =
      version === 1
        ? '{"create":{"_index":"eks-x","_id":"1"}}'
        : `{"index":{"_index":"eks-x","_id":"1","version":${version},"version_type":"external"}}`;
    const answer = await fetch(`${sink.url}/_bulk`, { method: 'POST', body: `${action}\n{"lines":${version}}\n` });
    const { items } = (await answer.json()) as { items: { [action: string]: { status: number } }[] };
    return Object.values(items[0] ?? {})[0]?.status;
  };

  expect([await send(1), await send(3), await send(2), await send(3), await send(1)]).toEqual([201, 200, 409, 409, 409]);
  expect([...sink.counts()]).toEqual([['eks-x', 1]]);
  expect(readFileSync(join(directory, 'eks-x.ndjson'), 'utf8').trim().split('\n').at(-1)).toBe('{"_id":"1","_source":{"lines":3}}');
});

test('it claims nothing that it is not: other requests fail', async () => {
  expect((await fetch(`${sink.url}/_search`)).status).toBe(404);
});

test('an index name cannot leave its folder', async () => {
  const answer = await fetch(`${sink.url}/_bulk`, { method: 'POST', body: BODY.replace('eks-audit-x-2026.11.21', '../outside') });

  expect(answer.status).toBe(400);
});
