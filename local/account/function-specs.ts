import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FunctionSpec } from '../lambda/function-host.ts';
import { resourceArn, resourceName } from '../template/attributes.ts';
import { numberAt, objectAt, textAt } from '../template/json.ts';
import type { Resource } from '../template/resolver.ts';

/** Where the functions find the world. */
export interface Endpoints {
  /** OpenSearch, or what stands in for it. */
  readonly search: string;
  readonly s3: string;
  /** Lambda's own API, by which a function invokes another. @default - no function can */
  readonly lambda?: string;
  /** Every other AWS API. */
  readonly aws: string;
}

/** A function that can run here, or why it cannot. */
export type FunctionPlan = { readonly ok: true; readonly spec: FunctionSpec } | { readonly ok: false; readonly reason: string };

/**
 * Reads a function from its resource. Its environment is the template's, with three changes: the search's endpoint is the one of this machine, and
 * the setup is told that the engine of this machine has neither index state management nor security (the jars do not hold these plugins).
 */
export function planFunction(resource: Resource, assets: ReadonlyMap<string, string>, endpoints: Endpoints): FunctionPlan {
  const { properties } = resource;
  const runtime = textAt(properties, 'Runtime') ?? '';
  if (!runtime.startsWith('nodejs'))
    return { ok: false, reason: `runtime ${runtime || '(container image)'} does not run here, only Node.js does` };
  const key = textAt(objectAt(properties, 'Code'), 'S3Key');
  const assetDirectory = key === undefined ? undefined : assets.get(basename(key));
  const handler = textAt(properties, 'Handler') ?? '';
  if (assetDirectory === undefined) return { ok: false, reason: 'its code is no asset of the assembly' };
  if (!existsSync(join(assetDirectory, `${handler.split('.')[0]}.js`)))
    return { ok: false, reason: `its asset holds no ${handler.split('.')[0]}.js` };
  const environment: { [name: string]: string } = {};
  for (const [name, value] of Object.entries(objectAt(objectAt(properties, 'Environment'), 'Variables'))) environment[name] = String(value);
  if (environment['SEARCH_ENDPOINT'] !== undefined) environment['SEARCH_ENDPOINT'] = endpoints.search;
  for (const name of ['SEARCH_HAS_ISM', 'SEARCH_HAS_SECURITY']) {
    if (environment[name] !== undefined) environment[name] = '0';
  }
  return {
    ok: true,
    spec: {
      name: resourceName(resource),
      arn: resourceArn(resource) ?? '',
      assetDirectory,
      handler,
      environment,
      timeoutSeconds: numberAt(properties, 'Timeout') ?? 3,
      memoryMb: numberAt(properties, 'MemorySize') ?? 128,
    },
  };
}

/** What Lambda itself puts into a function's environment, with endpoints of this machine and credentials that are worth nothing. */
export function runtimeEnvironment(resource: Resource, endpoints: Endpoints): { [name: string]: string } {
  const name = resourceName(resource);
  return {
    AWS_REGION: resource.region,
    AWS_DEFAULT_REGION: resource.region,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(numberAt(resource.properties, 'MemorySize') ?? 128),
    AWS_LAMBDA_LOG_GROUP_NAME: textAt(objectAt(resource.properties, 'LoggingConfig'), 'LogGroup') ?? `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_EXECUTION_ENV: `AWS_Lambda_${textAt(resource.properties, 'Runtime')}`,
    AWS_ACCESS_KEY_ID: 'AKIALOCALRUN00000000',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_ENDPOINT_URL: endpoints.aws,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    ...(endpoints.lambda === undefined ? {} : { AWS_ENDPOINT_URL_LAMBDA: endpoints.lambda }),
    AWS_EC2_METADATA_DISABLED: 'true',
    EKS_TELEMETRY_LOCAL: '1',
    TZ: 'UTC',
    LANG: 'en_US.UTF-8',
    PATH: process.env['PATH'] ?? '',
  };
}
