import type { Config } from './resolve.ts';

/** Name of the bucket that keeps what could not be indexed. S3 names are global, so account and Region are part of it. */
export function deadLetterBucketName(config: Pick<Config, 'prefix' | 'account' | 'region'>): string {
  return `${config.prefix}-dead-letters-${config.account}-${config.region}`;
}
