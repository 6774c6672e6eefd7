import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

// One file without dependencies, built like the function itself, so that another harness can time the very code that is deployed.
buildSync({
  entryPoints: [`${here}transform.ts`],
  outfile: `${here}out/adapter.mjs`,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  logLevel: 'warning',
});
