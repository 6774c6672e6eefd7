/** What Slack's signature is computed over and with. */
export interface SignedRequest {
  /** Header `X-Slack-Request-Timestamp`. */
  readonly timestamp: string | undefined;
  /** Header `X-Slack-Signature`. */
  readonly signature: string | undefined;
  /** The body as it came, before anything is decoded from it. */
  readonly body: string;
}

/** HMAC-SHA256 of a text by a key, in lower-case hex. */
export type Hmac = (key: string, text: string) => string;

/** Why a request is not Slack's. */
export type SignatureFlaw = 'no-signature' | 'too-old' | 'wrong-signature';

/** How far the signed time may lie from ours, in seconds, before and after: Slack's advice. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const MAX_SKEW_SECONDS = 300;

/** Says what is wrong with a signature of version 0; undefined where it is Slack's. `nowMs` is ours. */
export function signatureFlaw(
  { body, signature, timestamp }: SignedRequest,
  { hmac, nowMs, secret }: { readonly secret: string; readonly nowMs: number; readonly hmac: Hmac },
): SignatureFlaw | undefined {
  if (timestamp === undefined || signature === undefined) return 'no-signature';
  if (!/^\d{1,12}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature) || secret === '') return 'no-signature';
  if (Math.abs(nowMs / 1000 - Number(timestamp)) > MAX_SKEW_SECONDS) return 'too-old';
  return isSameText(signature, `v0=${hmac(secret, `v0:${timestamp}:${body}`)}`) ? undefined : 'wrong-signature';
}

/** Headers of a request signed as Slack signs: for the local run and for tests. */
export function signatureHeaders(body: string, secret: string, nowMs: number, hmac: Hmac): { readonly [name: string]: string } {
  const timestamp = String(Math.floor(nowMs / 1000));
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${hmac(secret, `v0:${timestamp}:${body}`)}` };
}

/** Compares every character whatever the first ones are: the time taken tells nothing about how much was guessed. */
export function isSameText(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at++) difference |= a.charCodeAt(at) ^ b.charCodeAt(at);
  return difference === 0;
}
