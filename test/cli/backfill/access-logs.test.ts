import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { run } from '../../../cli/backfill.ts';
import { loadConfig } from '../../../lib/config/load.ts';
import { accessLogRules } from '../../../lib/config/load-balancers.ts';
import { accessLogFiles } from '../../../local/feed/access-logs.ts';
import { fakeIo } from '../query/helpers.ts';

const NOW = Date.parse('2027-11-21T12:00:00Z');
const KINDS = ['alb', 'nlb', 'cloudfront', 'waf'] as const;
const CONFIG = `version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application }]
loadBalancers:
  logs:
${KINDS.map((kind) => `    - { name: shop-${kind}, cluster: prod, kind: ${kind} }`).join('\n')}
search:
  access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } }
`;

let folder: string;
let search: Server;
let url: string;
const documents = new Map<string, { readonly [name: string]: unknown }>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'backfill-access-logs-'));
  writeFileSync(join(folder, 'test.yaml'), CONFIG);
  search = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (!request.url?.startsWith('/_bulk')) return void response.end('{}');
      const rows = Buffer.concat(chunks).toString('utf8').split('\n').slice(0, -1);
      const items: object[] = [];
      for (let row = 0; row < rows.length; row += 2) {
        const { create } = JSON.parse(rows[row] as string) as { create: { _index: string; _id: string } };
        const name = `${create._index}/${create._id}`;
        items.push({ create: { status: documents.has(name) ? 409 : 201 } });
        if (!documents.has(name)) documents.set(name, JSON.parse(rows[row + 1] as string) as { [name: string]: unknown });
      }
      response.end(JSON.stringify({ errors: false, items }));
    });
  });
  await new Promise<void>((listening) => search.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(search.address() as AddressInfo).port}`;
});
afterAll(async () => {
  search.closeAllConnections();
  await new Promise((closed) => search.close(closed));
  rmSync(folder, { recursive: true });
});

/** The recorded files of every kind in one folder, as one bucket may hold them; the lines of each kind. */
function putFiles(): { readonly [kind: string]: number } {
  const loaded = loadConfig(join(folder, 'test.yaml'));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const rules = accessLogRules(loaded.config);
  const lines: { [kind: string]: number } = {};
  for (const source of rules.sources) {
    for (const file of accessLogFiles(resolve('samples'), { ...rules, sources: [source] })) {
      const path = join(folder, 'bucket', file.key);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.body);
      lines[source.kind] = (lines[source.kind] ?? 0) + file.lines;
    }
  }
  return lines;
}

async function call(name: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd: folder, now: () => NOW });
  const code = await run([name, '--config', join(folder, 'test.yaml'), '--endpoint', url, '--yes', ...args], io);
  return { code, out: io.out(), err: io.err() };
}

test('files of every kind, a year old and in one folder: each source takes its own, every line once, under the index of its day', async () => {
  process.env['AWS_ACCESS_KEY_ID'] = 'AKIDEXAMPLE';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'example';
  const lines = putFiles();
  expect(Object.keys(lines).sort()).toEqual([...KINDS].sort());
  for (const kind of KINDS) {
    documents.clear();
    const count = lines[kind] as number;
    const first = await call(`shop-${kind}`, '--input', join(folder, 'bucket'), '--restart');
    expect([kind, first.code, first.out]).toEqual([
      kind,
      0,
      expect.stringContaining(
        `read ${count.toLocaleString('en-US')} events: indexed ${count.toLocaleString('en-US')}, were there already 0`,
      ),
    ]);
    expect([...new Set([...documents.keys()].map((name) => name.split('/')[0]))]).toEqual([
      expect.stringMatching(/-prod-2026\.11(\.21)?$/),
    ]);
    expect(
      [...documents.values()].filter((document) => (document['parse'] as { error?: unknown } | undefined)?.error !== undefined),
    ).toEqual([]);

    const again = await call(`shop-${kind}`, '--input', join(folder, 'bucket'), '--restart');
    expect(again.out).toContain(`indexed 0, were there already ${count.toLocaleString('en-US')}`);
    expect(documents.size).toBe(count);
  }
});
