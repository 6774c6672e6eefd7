import { resolve } from 'node:path';
import type { BuildOptions } from 'esbuild';

/**
 * How a function is bundled: one CommonJS file, nothing left outside, since the SDK that Lambda brings along is older, slower to load and not ours
 * to test. A plain module without CDK, so that what the bench measures is what a deploy sends. `entry` is named from the project's root.
 */
export function bundleOptions(projectRoot: string, entry: string, outfile: string): BuildOptions {
  return {
    absWorkingDir: resolve(projectRoot),
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  };
}
