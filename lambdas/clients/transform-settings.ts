/** Settings of firehose-transform, as its environment gives them. */
export interface TransformSettings {
  /** `search`: one document a record. `archive`: lines with their envelope. */
  readonly mode: 'search' | 'archive';
  readonly deadLetterBucket: string;
  readonly account: string;
  readonly region: string;
  readonly functionName: string;
  readonly namespace: string;
  /** ARN of the secret by which records that were put again are known. */
  readonly markSecretArn: string;
  /** Folder that holds `rules.json` and `streams.json`. */
  readonly root: string;
  readonly s3Endpoint?: string;
  readonly firehoseEndpoint?: string;
}

type Environment = { readonly [name: string]: string | undefined };

function required(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

/** Reads and checks the environment; the error names the variable. */
export function readTransformSettings(env: Environment): TransformSettings {
  const mode = required(env, 'TRANSFORM_MODE');
  if (mode !== 'search' && mode !== 'archive') throw new Error(`TRANSFORM_MODE must be search or archive, got ${mode}`);
  const s3Endpoint = env['AWS_ENDPOINT_URL_S3'];
  const firehoseEndpoint = env['AWS_ENDPOINT_URL_FIREHOSE'] || env['AWS_ENDPOINT_URL'];
  return {
    mode,
    deadLetterBucket: required(env, 'DEAD_LETTER_BUCKET'),
    account: required(env, 'ACCOUNT_ID'),
    region: required(env, 'AWS_REGION'),
    functionName: required(env, 'AWS_LAMBDA_FUNCTION_NAME'),
    namespace: required(env, 'METRIC_NAMESPACE'),
    markSecretArn: required(env, 'MARK_KEY_ARN'),
    root: required(env, 'LAMBDA_TASK_ROOT'),
    ...(s3Endpoint ? { s3Endpoint } : {}),
    ...(firehoseEndpoint ? { firehoseEndpoint } : {}),
  };
}
