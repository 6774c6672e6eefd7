import { appendFileSync, mkdirSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { listen, type RunningServer, readBody } from '../http/server.ts';

/** Stands in for the search where no Java is found: keeps documents as files and searches nothing. */
export interface FileSink extends RunningServer {
  /** Documents by index. */
  counts(): ReadonlyMap<string, number>;
}

/** Takes `_bulk` requests of `create` actions and appends the documents to `<directory>/<index>.ndjson`; an `_id` that is there is a 409, as in the engine. */
export async function startFileSink(directory: string): Promise<FileSink> {
  mkdirSync(directory, { recursive: true });
  const ids = new Map<string, Set<string>>();
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => handle(directory, ids, request, body))
      .catch((error: unknown) => ({ status: 400, body: { error: String(error) } }))
      .then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  const running = await listen(server, 0);
  return { ...running, counts: () => new Map([...ids].map(([index, known]) => [index, known.size])) };
}

function handle(directory: string, ids: Map<string, Set<string>>, request: IncomingMessage, raw: Buffer): { status: number; body: object } {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  if (request.method !== 'POST' || path !== '/_bulk')
    return { status: 404, body: { error: `the file sink knows POST /_bulk only, not ${request.method} ${path}` } };
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  const lines = body.toString('utf8').split('\n');
  const items: object[] = [];
  const files = new Map<string, string>();
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const { create } = JSON.parse(lines[at] ?? '') as { readonly create: { readonly _index: string; readonly _id: string } };
    const known = ids.get(create._index) ?? new Set();
    ids.set(create._index, known);
    const isNew = !known.has(create._id);
    if (isNew) {
      known.add(create._id);
      files.set(create._index, `${files.get(create._index) ?? ''}{"_id":${JSON.stringify(create._id)},"_source":${lines[at + 1]}}\n`);
    }
    const error = { type: 'version_conflict_engine_exception', reason: 'document already exists' };
    items.push({
      create: { _index: create._index, _id: create._id, status: isNew ? 201 : 409, ...(isNew ? { result: 'created' } : { error }) },
    });
  }
  for (const [index, text] of files) {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(index)) throw new Error(`"${index}" is not an index name`);
    appendFileSync(join(directory, `${index}.ndjson`), text);
  }
  const errors = items.some((item) => (item as { create: { status: number } }).create.status >= 400);
  return { status: 200, body: { took: 0, errors, items } };
}
