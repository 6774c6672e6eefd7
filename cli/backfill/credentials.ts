import type { Credentials } from '../../lambdas/clients/aws-signature.ts';

/** The caller's credentials, renewed while a backfill of hours goes on: those of a role or a single sign-on end after one. */
export interface CallerCredentials {
  /** Those that are valid now; undefined where requests are not signed. */
  readonly current: () => Credentials | undefined;
  /** Asked before each piece of work: the SDK's chain gives new ones before the old ones end. */
  readonly refresh: () => Promise<void>;
}

/** For an OpenSearch of this machine that asks for none. */
export const NO_CREDENTIALS: CallerCredentials = { current: () => undefined, refresh: async () => undefined };

/** Credentials by the SDK's usual chain: environment, profile, single sign-on, role of the machine. */
export async function callerCredentials(region: string): Promise<CallerCredentials> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const provide = new S3Client({ region }).config.credentials;
  let current: Credentials | undefined;
  const refresh = async (): Promise<void> => {
    const { accessKeyId, secretAccessKey, sessionToken } = await provide();
    current = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  };
  await refresh().catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `no AWS credentials (${why}): set AWS_PROFILE, sign in (aws sso login), or give AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`,
    );
  });
  return { current: () => current, refresh };
}
