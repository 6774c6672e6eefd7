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

/**
 * Takes `_bulk` requests and appends the documents to `<directory>/<index>.ndjson`. An `_id` that is there is a 409, as in the engine, unless the action
 * is `index` with a higher version: then the last line with that `_id` is the document.
 */
export async function startFileSink(directory: string): Promise<FileSink> {
  mkdirSync(directory, { recursive: true });
  const ids: Ids = new Map();
  const server = createServer((request, response) => {
    readBody(request)
      .then((body) => handle(directory, ids, request, body))
      .catch((error: unknown) => ({ status: 400, body: { error: String(error) } }))
      .then(({ status, body }) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  const running = await listen(server, 0);
  return { ...running, counts: () => new Map([...ids].map(([index, known]) => [index, known.size])) };
}

/** Versions of documents by index and `_id`. */
type Ids = Map<string, Map<string, number>>;

interface Target {
  readonly _index: string;
  readonly _id: string;
  readonly version?: number;
}

interface Answer extends Target {
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string };
}

function handle(directory: string, ids: Ids, request: IncomingMessage, raw: Buffer): { status: number; body: object } {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  if (request.method !== 'POST' || path !== '/_bulk')
    return { status: 404, body: { error: `the file sink knows POST /_bulk only, not ${request.method} ${path}` } };
  const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
  const lines = body.toString('utf8').split('\n');
  const items: { readonly [action: string]: Answer }[] = [];
  const files = new Map<string, string>();
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [action, target] = Object.entries(JSON.parse(lines[at] ?? '') as { readonly [action: string]: Target })[0] as [string, Target];
    const { _index, _id, version = 1 } = target;
    const known = ids.get(_index) ?? new Map<string, number>();
    ids.set(_index, known);
    const before = known.get(_id);
    if (before !== undefined && (action === 'create' || version <= before)) {
      items.push({
        [action]: { ...target, status: 409, error: { type: 'version_conflict_engine_exception', reason: 'document already exists' } },
      });
      continue;
    }
    known.set(_id, version);
    files.set(_index, `${files.get(_index) ?? ''}{"_id":${JSON.stringify(_id)},"_source":${lines[at + 1]}}\n`);
    items.push({ [action]: { ...target, status: before === undefined ? 201 : 200 } });
  }
  for (const [index, text] of files) {
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(index)) throw new Error(`"${index}" is not an index name`);
    appendFileSync(join(directory, `${index}.ndjson`), text);
  }
  const errors = items.some((item) => Object.values(item).some(({ status }) => status >= 400));
  return { status: 200, body: { took: 0, errors, items } };
}
