/** Settings of log-indexer, as its environment gives them. */
export interface IndexerSettings {
  /** `https://host`; `http` only for this machine. */
  readonly endpoint: string;
  readonly deadLetterBucket: string;
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  readonly maxBytes: number;
  readonly maxDocuments: number;
  readonly gzip: boolean;
  readonly namespace: string;
  readonly route: 'direct' | 'stream';
  /** Folder that holds `rules.json`. */
  readonly root: string;
  /** `AWS_ENDPOINT_URL_S3`: another S3. */
  readonly s3Endpoint?: string;
}

type Environment = { readonly [name: string]: string | undefined };

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

function positive(env: Environment, name: string): number {
  const text = required(env, name);
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a whole number from 1, got ${text}`);
  return value;
}

/** Reads and checks the environment; the error names the variable. */
export function readSettings(env: Environment): IndexerSettings {
  const route = required(env, 'SOURCE_ROUTE');
  if (route !== 'direct' && route !== 'stream') throw new Error(`SOURCE_ROUTE must be direct or stream, got ${route}`);
  const s3Endpoint = env['AWS_ENDPOINT_URL_S3'];
  return {
    endpoint: required(env, 'SEARCH_ENDPOINT'),
    deadLetterBucket: required(env, 'DEAD_LETTER_BUCKET'),
    account: required(env, 'ACCOUNT_ID'),
    region: required(env, 'AWS_REGION'),
    functionName: required(env, 'AWS_LAMBDA_FUNCTION_NAME'),
    maxBytes: positive(env, 'BULK_MAX_BYTES'),
    maxDocuments: positive(env, 'BULK_MAX_DOCUMENTS'),
    gzip: env['BULK_GZIP'] === '1',
    namespace: required(env, 'METRIC_NAMESPACE'),
    route,
    root: required(env, 'LAMBDA_TASK_ROOT'),
    ...(s3Endpoint ? { s3Endpoint } : {}),
  };
}

/** Processing time in ms: the system's, or `EKS_TELEMETRY_NOW_MS` where `EKS_TELEMETRY_LOCAL` is 1 (the local run has a clock of its own). */
export function processingTimeMs(env: Environment, systemMs: number): number {
  const given = env['EKS_TELEMETRY_LOCAL'] === '1' ? Number(env['EKS_TELEMETRY_NOW_MS']) : Number.NaN;
  return Number.isFinite(given) ? given : systemMs;
}
