import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { Credentials } from '../../../lambdas/clients/aws-signature.ts';

/** Credentials are asked for anew when they have so long to live, ms. */
const MARGIN_MS = 300_000;
const TIMEOUT_MS = 5_000;

/** Credentials with their end. */
export interface PodCredentials {
  /** Credentials that hold for some minutes yet. Rejects where the agent does not give any. */
  refresh(): Promise<Credentials>;
  /** Those of the last refresh. */
  current(): Credentials | undefined;
}

/** Credentials of EKS Pod Identity: the agent on the node hands them out for the token that EKS mounts. `env` is the pod's environment. */
export function createPodCredentials(env: { readonly [name: string]: string | undefined }, now: () => number): PodCredentials {
  let held: { readonly credentials: Credentials; readonly endMs: number } | undefined;
  return {
    async refresh() {
      if (held !== undefined && held.endMs - now() > MARGIN_MS) return held.credentials;
      const address = env['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
      const tokenFile = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'];
      if (!address || !tokenFile)
        throw new Error('EKS gave this pod no role: it needs a Pod Identity association of its service account, and a restart after it');
      const answer = JSON.parse(await get(new URL(address), readFileSync(tokenFile, 'utf8').trim())) as Answer;
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Token: sessionToken, Expiration } = answer;
      if (!accessKeyId || !secretAccessKey || !sessionToken) throw new Error('the agent of EKS Pod Identity answered without credentials');
      const endMs = Date.parse(Expiration ?? '');
      held = { credentials: { accessKeyId, secretAccessKey, sessionToken }, endMs: Number.isNaN(endMs) ? now() : endMs };
      return held.credentials;
    },
    current: () => held?.credentials,
  };
}

interface Answer {
  readonly AccessKeyId?: string;
  readonly SecretAccessKey?: string;
  readonly Token?: string;
  readonly Expiration?: string;
}

function get(url: URL, authorization: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(url, { headers: { authorization }, timeout: TIMEOUT_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(text);
        // The body is the agent's words on why; it holds no secret, but nothing says that it never will.
        else reject(new Error(`the agent of EKS Pod Identity answered HTTP ${answer.statusCode}`));
      });
    });
    call.once('timeout', () => call.destroy(new Error('the agent of EKS Pod Identity does not answer')));
    call.once('error', reject);
    call.end();
  });
}
