import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, listAt, objectAt } from '../template/json.ts';
import { fingerprint } from './fingerprint.ts';

/** An assembly on disk. */
export interface Synthesized {
  readonly directory: string;
  /** Whether nothing had to be done. */
  readonly isCached: boolean;
  readonly machineMs: number;
}

/** Settings of a synth. */
export interface SynthOptions {
  readonly root: string;
  /** Config file of the app, absolute. */
  readonly configFile: string;
  /** Directory of everything local, `.eks-telemetry`. */
  readonly stateDirectory: string;
  /** Hears of the child process, so that it can be ended with the run. */
  readonly onChild?: (child: { kill(): void }) => void;
}

/**
 * Synthesizes the app as `cdk synth` does, into `<state>/cdk.out`, or takes what is there when nothing that it is made of has changed.
 * Rejects with the app's own words (config problems have their file, line and column).
 */
export async function synthesize(options: SynthOptions): Promise<Synthesized> {
  const began = performance.now();
  const { root, configFile, stateDirectory } = options;
  const directory = join(stateDirectory, 'cdk.out');
  const mark = join(stateDirectory, 'cdk.out.fingerprint');
  const wanted = fingerprint(root, configFile);
  mkdirSync(stateDirectory, { recursive: true });
  // The bundles are CommonJS and lie inside of a package of ES modules; in Lambda nothing lies above them.
  writeFileSync(join(stateDirectory, 'package.json'), '{ "type": "commonjs" }\n');
  const isCached = existsSync(join(directory, 'manifest.json')) && existsSync(mark) && readFileSync(mark, 'utf8') === wanted;
  if (!isCached) {
    rmSync(mark, { force: true });
    rmSync(directory, { recursive: true, force: true });
    await runApp(options, directory);
    checkContext(directory);
    writeFileSync(mark, wanted);
  }
  return { directory, isCached, machineMs: performance.now() - began };
}

function runApp(options: SynthOptions, directory: string): Promise<void> {
  const { root, configFile } = options;
  const settings: unknown = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const context = {
    ...objectAt(isObject(settings) ? settings : {}, 'context'),
    // What the CDK command adds by itself.
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:version-reporting': false,
    config: configFile,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['bin/app.ts'], {
      cwd: root,
      env: { ...process.env, CDK_OUTDIR: directory, CDK_CONTEXT_JSON: JSON.stringify(context) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    options.onChild?.(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString('utf8');
      });
    }
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the app could not be synthesized (${signal ?? `exit ${code}`}):\n${output.trim()}`));
    });
  });
}

/** Values that the CDK command would look up in the account; here nobody may be asked. */
function checkContext(directory: string): void {
  const manifest: unknown = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
  const missing = listAt(isObject(manifest) ? manifest : {}, 'missing');
  if (missing.length === 0) return;
  const keys = missing.map((entry) => (isObject(entry) ? String(entry['key']) : String(entry)));
  throw new Error(`the app asks the account for ${keys.join(', ')}, which the local run cannot do`);
}
