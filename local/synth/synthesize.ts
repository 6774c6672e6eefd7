import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, listAt, objectAt } from '../template/json.ts';
import { fingerprint } from './fingerprint.ts';
import { takeLock } from './lock.ts';
import { chooseOutput } from './outputs.ts';

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
  /** Hears at once of what ends the synth, or the wait for another process's. */
  readonly onChild?: (child: { kill(): void }) => void;
  /** Ends it, too. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of a wait for another process's synth, once. @default - it is written to stderr */
  readonly onWait?: ((what: string) => void) | undefined;
}

/**
 * Synthesizes the app as `cdk synth` does, into `<state>/cdk.out`, or takes what is there when nothing that it is made of has changed. Processes do it one
 * after the other, and none changes an assembly that another one uses.
 * Rejects with the app's own words (config problems have their file, line and column).
 */
export async function synthesize(options: SynthOptions): Promise<Synthesized> {
  const began = performance.now();
  const { root, configFile, stateDirectory, onChild, onWait = (what) => process.stderr.write(`${what}\n`) } = options;
  const ending = new AbortController();
  const signal = options.signal === undefined ? ending.signal : AbortSignal.any([ending.signal, options.signal]);
  onChild?.({ kill: () => ending.abort(new Error('the synth was ended')) });
  mkdirSync(stateDirectory, { recursive: true });
  const release = await takeLock(join(stateDirectory, 'synth.lock'), {
    signal,
    onWait: (pid) => onWait(`waiting for process ${pid}, which synthesizes the app`),
  });
  try {
    // The bundles are CommonJS and lie inside of a package of ES modules; in Lambda nothing lies above them.
    writeFileSync(join(stateDirectory, 'package.json'), '{ "type": "commonjs" }\n');
    const { directory, isCached, finish } = chooseOutput(stateDirectory, fingerprint(root, configFile));
    if (!isCached) {
      await runApp(options, directory, signal);
      checkContext(directory);
      finish();
    }
    return { directory, isCached, machineMs: performance.now() - began };
  } finally {
    release();
  }
}

function runApp(options: SynthOptions, directory: string, signal: AbortSignal): Promise<void> {
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
    const kill = (): void => void child.kill();
    signal.addEventListener('abort', kill, { once: true });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString('utf8');
      });
    }
    child.once('error', reject);
    child.once('close', (code, ended) => {
      signal.removeEventListener('abort', kill);
      if (code === 0) resolve();
      else if (signal.aborted) reject(signal.reason);
      else reject(new Error(`the app could not be synthesized (${ended ?? `exit ${code}`}):\n${output.trim()}`));
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
