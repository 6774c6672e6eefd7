import { Stack, Tokenization } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Lambda's limit for all names and values together, in bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_ENVIRONMENT_BYTES = 4096;
/** What a value counts that is known at deploy time only: a long ARN. */
const UNRESOLVED_BYTES = 200;

/** Size of an environment as Lambda counts it, in bytes; a part that is only known at deploy time counts as 200. */
export function environmentBytes(environment: { readonly [name: string]: string }): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(environment)) {
    const withoutTokens = Tokenization.reverseString(value).mapTokens({ mapToken: () => 'x'.repeat(UNRESOLVED_BYTES) });
    const length = withoutTokens.join({ join: (left, right) => `${left ?? ''}${right ?? ''}` });
    bytes += Buffer.byteLength(name) + Buffer.byteLength(String(length ?? ''));
  }
  return bytes;
}

/** Fails at synth where a deploy would fail later. */
export function checkEnvironment(scope: IConstruct, functionName: string, environment: { readonly [name: string]: string }): void {
  const bytes = environmentBytes(environment);
  if (bytes <= MAX_ENVIRONMENT_BYTES) return;
  const longest = Object.entries(environment).sort((a, b) => b[1].length - a[1].length)[0]?.[0];
  throw new Error(
    `${Stack.of(scope).stackName}: the environment of ${functionName} has ${bytes} bytes, Lambda allows ${MAX_ENVIRONMENT_BYTES}; ` +
      `longest is ${longest}. Lists belong into the function's rules.json, the environment holds scalars and ARNs`,
  );
}
