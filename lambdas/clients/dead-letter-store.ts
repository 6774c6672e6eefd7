import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type DeadLetter, formatDeadLetters } from '../core/delivery/dead-letter.ts';
import type { HttpClient } from './signed-http.ts';

/** Where dead letters go. */
export interface DeadLetterPlace {
  readonly bucket: string;
  readonly region: string;
  /** `AWS_ENDPOINT_URL_S3`: another S3 endpoint, addressed with the bucket in the path. */
  readonly endpoint?: string;
}

/** Writes one object; rejects where it is not certain that it was written. */
export type KeepDeadLetters = (key: string, letters: readonly DeadLetter[]) => Promise<void>;

/** The world as the store sees it. */
export interface StorePorts {
  readonly http: HttpClient;
  readonly sleep: (ms: number) => Promise<void>;
  /** Time that the invocation has left, in ms. */
  readonly remainingMs: () => number;
}

/** S3 answers 503 for a moment when a prefix gets busy; more attempts would eat the time to answer. */
const ATTEMPTS = 3;
const PAUSE_MS = 200;
const TIMEOUT_MS = 10_000;

/** Address of an object. Bucket names with dots break the certificate of a virtual host, so they go into the path. */
export function objectUrl(place: DeadLetterPlace, key: string): URL {
  const path = key
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`))
    .join('/');
  if (place.endpoint !== undefined) return new URL(`${place.endpoint.replace(/\/+$/, '')}/${place.bucket}/${path}`);
  const suffix = place.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  if (place.bucket.includes('.')) return new URL(`https://s3.${place.region}.${suffix}/${place.bucket}/${path}`);
  return new URL(`https://${place.bucket}.s3.${place.region}.${suffix}/${path}`);
}

/** Makes the function that writes dead letters. Encryption is the bucket's default, its own KMS key. */
export function createDeadLetterStore(place: DeadLetterPlace, ports: StorePorts): KeepDeadLetters {
  return async (key, letters) => {
    const body = await promisify(gzip)(formatDeadLetters(letters));
    const url = objectUrl(place, key);
    let last = 'no time left';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const timeoutMs = Math.min(TIMEOUT_MS, ports.remainingMs() - PAUSE_MS);
      if (timeoutMs <= 0) break;
      try {
        const answer = await ports.http({ method: 'PUT', url, headers: { 'content-type': 'application/gzip' }, body: [body], timeoutMs });
        if (answer.status === 200) return;
        last = `HTTP ${answer.status}`;
        if (answer.status < 500 && answer.status !== 429) break;
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
      }
      if (attempt < ATTEMPTS) await ports.sleep(PAUSE_MS * attempt);
    }
    throw new Error(`dead letters not written to ${place.bucket}: ${last}`);
  };
}
