import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

/** Where Kubernetes puts a pod's token and the cluster's certificate authority. */
export const ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Port of every kubelet. */
const KUBELET_PORT = 10_250;
/** Longest wait for one answer, ms. */
const TIMEOUT_MS = 15_000;
/** Nodes a page: a list of thousands at once is tens of megabytes. */
const PAGE = 500;
/** Longest answer: a node of a few hundred pods says some 2 MB. */
const MAX_ANSWER_BYTES = 32 << 20;

/** A node with its address. */
export interface NodeAddress {
  readonly name: string;
  readonly address: string;
}

/** The cluster as this program sees it. */
export interface ClusterApi {
  nodes(): Promise<NodeAddress[]>;
  /** `/stats/summary` of a node's kubelet. */
  summary(node: NodeAddress): Promise<unknown>;
}

/** Reads with the pod's own token, which is read anew for each request: the kubelet replaces it every hour. `apiUrl` and `port` are other ones in tests. */
export function createClusterApi(apiUrl: string, accountFolder = ACCOUNT_FOLDER, port = KUBELET_PORT): ClusterApi {
  const get = (url: URL): Promise<unknown> => {
    const token = readFileSync(join(accountFolder, 'token'), 'utf8').trim();
    return getJson(url, token, readFileSync(join(accountFolder, 'ca.crt')));
  };
  return {
    async nodes() {
      const found: NodeAddress[] = [];
      let next = '';
      do {
        const url = new URL('/api/v1/nodes', apiUrl);
        url.searchParams.set('limit', String(PAGE));
        url.searchParams.set('labelSelector', 'eks.amazonaws.com/compute-type!=fargate');
        if (next !== '') url.searchParams.set('continue', next);
        const page = (await get(url)) as NodePage;
        for (const { metadata, status } of page.items ?? []) {
          const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
          if (metadata?.name !== undefined && address !== undefined) found.push({ name: metadata.name, address });
        }
        next = page.metadata?.continue ?? '';
      } while (next !== '');
      return found;
    },
    summary: ({ address }) => get(new URL(`https://${address.includes(':') ? `[${address}]` : address}:${port}/stats/summary`)),
  };
}

interface NodePage {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly status?: { readonly addresses?: readonly { readonly type?: string; readonly address?: string }[] };
  }[];
}

function getJson(url: URL, token: string, ca: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request(url, { ca, headers: { authorization: `Bearer ${token}`, accept: 'application/json' } }, (answer) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) call.destroy(new Error('answer too long'));
        else chunks.push(chunk);
      });
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`HTTP ${answer.statusCode} of ${url.host}${url.pathname}`));
        else {
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          } catch {
            reject(new Error(`no JSON from ${url.host}${url.pathname}`));
          }
        }
      });
    });
    call.setTimeout(TIMEOUT_MS, () => call.destroy(new Error(`no answer from ${url.host} within ${TIMEOUT_MS / 1000} s`)));
    call.once('error', reject);
    call.end();
  });
}
