import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { BENCH_RULES } from './rules.ts';

/** Every function of the app, by the file in `lambdas/`. */
export const FUNCTIONS = ['log-indexer', 'search-setup', 'control-plane-logging', 'log-group-setup'] as const;

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

/** Bundles a function with the options of lib/constructs/bundled-function.ts. The current directory is the project's. */
export function bundleFunction(name: string, folder: string): Bundle {
  const root = join(folder, name);
  mkdirSync(root, { recursive: true });
  const { metafile } = buildSync({
    absWorkingDir: process.cwd(),
    entryPoints: [`lambdas/${name}.ts`],
    outfile: join(root, 'index.js'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    metafile: true,
  });
  writeFileSync(join(root, 'rules.json'), JSON.stringify(BENCH_RULES));
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
    ACCOUNT_ID: '111122223333',
    METRIC_NAMESPACE: 'EksTelemetry',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'log-indexer',
    // Requests are signed, as in an account; nobody checks the signature here.
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
  };
}
