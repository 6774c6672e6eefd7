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

test('it claims nothing that it is not: other requests fail', async () => {
  expect((await fetch(`${sink.url}/_search`)).status).toBe(404);
});

test('an index name cannot leave its folder', async () => {
  const answer = await fetch(`${sink.url}/_bulk`, { method: 'POST', body: BODY.replace('eks-audit-x-2026.11.21', '../outside') });

  expect(answer.status).toBe(400);
});
