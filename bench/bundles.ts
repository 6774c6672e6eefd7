import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/constructs/bundle-options.ts';
import { BENCH_RULES } from './rules.ts';

const PROJECT = join(import.meta.dirname, '..');

/** Every function of the app: a file in `lambdas/` is one. The one that is invoked by every payload comes first. */
export const FUNCTIONS: readonly string[] = readdirSync(join(PROJECT, 'lambdas'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => parse(file).name)
  .sort((a, b) => Number(b === 'log-indexer') - Number(a === 'log-indexer') || a.localeCompare(b));

/** A function as it would lie in Lambda's task root. */
export interface Bundle {
  /** Folder with `index.js` and `rules.json`. */
  readonly root: string;
  readonly bytes: number;
  /** Source files in it, from the project's folder. */
  readonly inputs: readonly string[];
  /** Modules of Node itself that it loads. */
  readonly builtins: readonly string[];
}

/** Bundles a function as a deploy does, with the rules of the bench beside it. */
export function bundleFunction(name: string, folder: string): Bundle {
  const root = join(folder, name);
  mkdirSync(root, { recursive: true });
  const { metafile } = buildSync({ ...bundleOptions(PROJECT, `lambdas/${name}.ts`, join(root, 'index.js')), metafile: true });
  writeFileSync(join(root, 'rules.json'), JSON.stringify(BENCH_RULES));
  writeFileSync(join(root, 'streams.json'), JSON.stringify({ families: [], byApplication: false }));
  const [output] = Object.values(metafile.outputs);
  const builtins = new Set((output?.imports ?? []).filter(({ external }) => external).map(({ path }) => path));
  return { root, bytes: output?.bytes ?? 0, inputs: Object.keys(metafile.inputs), builtins: [...builtins].sort() };
}

/** What Lambda's environment of log-indexer holds. */
export function indexerEnvironment(to: {
  readonly root: string;
  readonly endpoint: string;
  readonly route: 'direct' | 'stream';
  readonly bulkBytes?: number;
  readonly gzip?: boolean;
}): { readonly [name: string]: string } {
  return {
    LAMBDA_TASK_ROOT: to.root,
    SEARCH_ENDPOINT: to.endpoint,
    SOURCE_ROUTE: to.route,
    BULK_MAX_BYTES: String(to.bulkBytes ?? 5 << 20),
    BULK_MAX_DOCUMENTS: '100000',
    BULK_GZIP: to.gzip ? '1' : '0',
    DEAD_LETTER_BUCKET: 'dead-letters',
    TRANSFORM_MODE: 'archive',
    MARK_KEY_ARN: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:mark',
    ACCOUNT_ID: '111122223333',
    METRIC_NAMESPACE: 'EksTelemetry',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'log-indexer',
    // Requests are signed, as in an account; nobody checks the signature here.
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
  };
}
