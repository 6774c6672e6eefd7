import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../lib/constructs/bundle-options.ts';

const PROJECT = join(import.meta.dirname, '..');

// One file without dependencies, built like the function itself, so that another harness can time the very code that is deployed.
buildSync({
  ...bundleOptions(PROJECT, 'bench/transform.ts', join(PROJECT, 'bench/out/adapter.mjs')),
  format: 'esm',
  logLevel: 'warning',
});
