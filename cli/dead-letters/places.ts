import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../lib/config/load.ts';
import type { Io } from '../io.ts';
import { bucketStore, folderStore, localBuckets, type ObjectStore } from './object-store.ts';
import { type Options, UsageError } from './options.ts';

/** Config of a local run where none is named. */
const LOCAL_CONFIG = 'config/local.yaml';

/** The config that says whose a log group is, how it is read, and where it goes; undefined where none is named or there. */
export async function configOf(options: Options, io: Pick<Io, 'cwd'>): Promise<Config | undefined> {
  const path =
    options.config ?? (options.local !== undefined && existsSync(join(io.cwd, LOCAL_CONFIG)) ? join(io.cwd, LOCAL_CONFIG) : undefined);
  if (path === undefined) return undefined;
  const { loadConfig, formatProblem } = await import('../../lib/config/load.ts');
  const loaded = loadConfig(path);
  if (loaded.ok) return loaded.config;
  const [first] = loaded.problems;
  throw new Error(`${loaded.problems.length} problems in the config (\`check\` shows all): ${first ? formatProblem(first) : path}`);
}

/** The buckets that are meant. */
export async function storesOf(options: Options, config: Config | undefined, io: Pick<Io, 'env' | 'stderr'>): Promise<ObjectStore[]> {
  if (options.local !== undefined) return (await localBuckets(options.local)).map(folderStore);
  const region = options.region ?? config?.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'];
  if (region === undefined) throw new UsageError('name the Region: --region, --config or AWS_REGION');
  if (options.bucket !== undefined) return [await bucketStore(options.bucket, region, io.env)];
  if (!config) throw new UsageError('name the bucket: --bucket or --config');
  const { archiveBucketName, deadLetterBucketName } = await import('../../lib/config/names.ts');
  const letters = await bucketStore(deadLetterBucketName(config), region, io.env);
  if (!config.archive.enabled) return [letters];
  return [letters, readableStore(await bucketStore(archiveBucketName(config), region, io.env), io)];
}

/** A bucket that the caller's role need not be a reader of: where it is not, that is said, and the others are read. */
export function readableStore(store: ObjectStore, { stderr }: Pick<Io, 'stderr'>): ObjectStore {
  let isClosed = false;
  return {
    ...store,
    async *list(prefix) {
      if (isClosed) return;
      try {
        yield* store.list(prefix);
      } catch (error) {
        if ((error as { name?: unknown }).name !== 'AccessDenied') throw error;
        isClosed = true;
        stderr.write(`dead-letters: ${store.title} is left out: your role may not list it (archive.readers)\n`);
      }
    },
  };
}

/** Where a replay sends documents: `--endpoint`, the local run's engine, the config's endpoint, or the managed domain's by AWS's own word. */
export async function endpointOf(
  options: Pick<Options, 'endpoint' | 'local'>,
  config: Config,
  io: Pick<Io, 'env' | 'now'>,
): Promise<string> {
  if (options.endpoint !== undefined) return options.endpoint;
  if (options.local !== undefined) {
    const report = await readFile(join(options.local, 'report.json'), 'utf8').catch(() => '{}');
    const { search } = JSON.parse(report) as { search?: { kind?: string; url?: string } };
    const url = io.env['OPENSEARCH_URL'] ?? (search?.kind === 'engine' ? search.url : undefined);
    if (url === undefined) throw new Error('the local run names no OpenSearch: keep `npm start` running, or name --endpoint URL');
    return url;
  }
  if (config.search.mode === 'none') throw new Error('the config has no search (search.mode is none): name --endpoint URL');
  if (config.search.endpoint !== undefined) return config.search.endpoint;
  return domainEndpoint(config.search.domain.name, config.region, io);
}

/** Asks the OpenSearch Service for a domain's endpoint. https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomain.html */
async function domainEndpoint(name: string, region: string, io: Pick<Io, 'now'>): Promise<string> {
  const { createHttpClient } = await import('../../lambdas/clients/signed-http.ts');
  const credentials = await accountCredentials(region);
  const http = createHttpClient({ service: 'es', region, credentials: () => credentials, now: io.now });
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL(`https://es.${region}.${suffix}/2021-01-01/opensearch/domain/${encodeURIComponent(name)}`);
  const answer = await http({ method: 'GET', url, timeoutMs: 20_000 });
  if (answer.status !== 200) throw new Error(`describing the domain ${name}: HTTP ${answer.status}`);
  const { DomainStatus } = JSON.parse(answer.body.toString('utf8')) as {
    DomainStatus?: { Endpoint?: string; Endpoints?: { vpc?: string } };
  };
  const host = DomainStatus?.Endpoint ?? DomainStatus?.Endpoints?.vpc;
  if (host === undefined) throw new Error(`the domain ${name} has no endpoint yet`);
  return `https://${host}`;
}

/** The caller's credentials by the SDK's usual chain: environment, profile, single sign-on, role of the machine. */
export async function accountCredentials(region: string): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const { accessKeyId, secretAccessKey, sessionToken } = await new S3Client({ region }).config.credentials();
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
