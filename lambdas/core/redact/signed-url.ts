import type { Findings } from './findings.ts';

const SIGNATURE = /(?:signature|sig)=([\w%+/.~-]{16,1024})/iy;

/**
 * Takes the signature of a signed address: whoever has the address has what it opens. `at` is where `Signature=` or `sig=` starts, as a parameter
 * or at the end of `X-Amz-Signature`.
 */
export function takeSignature(findings: Findings, at: number): void {
  SIGNATURE.lastIndex = at;
  const value = SIGNATURE.exec(findings.text)?.[1];
  if (value !== undefined) findings.add('signedUrl', SIGNATURE.lastIndex - value.length, SIGNATURE.lastIndex);
}
