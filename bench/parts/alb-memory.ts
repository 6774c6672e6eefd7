import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { heapOptions } from '../../local/lambda/heap-options.ts';
import { albLines } from '../alb-lines.ts';
import { bundleFunction } from '../bundles.ts';
import { runNode } from '../run-node.ts';
import { type Part, type Row, rounded } from './part.ts';

const BENCH = join(import.meta.dirname, '..');
/** Size of a function whose heap limits are tried. */
const MEMORY_MB = 256;
const MEMBER_LINES = 50_000;
const GB = 1e9;
const SIZES = [0.01, 0.1, 1];

/** Largest resident set of a process that runs the bundled alb-indexer on one file, by the file's unpacked size: it must not grow with it. */
export const measureAlbMemory: Part = async ({ folder, signal, tell }) => {
  const { root } = bundleFunction('alb-indexer', folder);
  writeFileSync(join(root, 'access-logs.json'), JSON.stringify(rules()));
  const member = albLines(MEMBER_LINES).join('\n');
  const packed = gzipSync(`${member}\n`);
  const rows: Row[] = [];
  for (const gigabytes of SIZES) {
    tell(`${gigabytes} GB`);
    // A file of many members of gzip: the same lines again and again, but none of it in our memory.
    const members = Math.max(1, Math.round((gigabytes * GB) / (member.length + 1)));
    const world = await startWorld(packed, members);
    try {
      const url = `http://127.0.0.1:${(world.address() as AddressInfo).port}`;
      const output = await runNode([...heapOptions(MEMORY_MB), join(BENCH, 'alb-memory-worker.ts'), root, url], { signal });
      const { maxRssMb, cpuSeconds, indexed } = JSON.parse(output.trim().split('\n').at(-1) as string) as { [name: string]: number };
      rows.push({
        'unpacked GB': rounded((members * (member.length + 1)) / GB, 2),
        'packed MB': rounded((members * packed.length) / 1e6),
        lines: members * MEMBER_LINES,
        indexed: indexed ?? 0,
        'largest MB': rounded(maxRssMb ?? 0),
        'CPU s': rounded(cpuSeconds ?? 0, 1),
      });
    } finally {
      world.closeAllConnections();
      world.close();
    }
  }
  return {
    title: `Memory of alb-indexer with the heap limits of a function of ${MEMORY_MB} MB, sending included: largest resident set of the whole process`,
    rows,
  };
};

/** S3 with one file, and a search that takes everything. */
async function startWorld(packed: Buffer, members: number): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(200, { etag: '"e"', 'content-length': packed.length * members });
      let left = members;
      const send = (): void => {
        while (left > 0) {
          left--;
          if (!response.write(packed)) {
            response.once('drain', send);
            return;
          }
        }
        response.end();
      };
      send();
      return;
    }
    let lines = 0;
    request.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++;
    });
    request.on('end', () => {
      const items = Array.from({ length: lines / 2 }, () => ({ create: { status: 201 } }));
      response.end(JSON.stringify({ errors: false, items }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function rules(): object {
  return {
    account: '111122223333',
    region: 'us-east-1',
    sources: [
      {
        ...{ name: 'bench', kind: 'alb', bucket: 'logs', prefix: '', cluster: 'bench', clusterIndexName: 'bench' },
        families: { alb: 'eks-alb', 'alb-connection': 'eks-alb', 'alb-health-check': 'eks-alb' },
        ...{ exclusions: [], search: true, metrics: true, geoIp: false, userAgents: false },
      },
    ],
    families: { 'eks-alb': { period: 'day', retentionDays: 36_500 } },
    redaction: {
      builtin: ['passwordAssignment', 'jwt', 'vendorToken', 'signedUrl', 'authorizationHeader', 'cookie'],
      fields: [],
      patterns: [],
    },
    timeBounds: { backMs: 36_500 * 86_400_000, aheadMs: 36_500 * 86_400_000 },
  };
}
