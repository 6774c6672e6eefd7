import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RenderedFile } from '../../collector/types.ts';
import { type LoopbackPorts, onLoopback } from './loopback.ts';

/** Where the engine is; undefined without it. */
export const FLUENT_BIT = process.env['FLUENT_BIT_BIN'];

/** A Fluent Bit of a test, with a node of its own: a folder in place of `/`. */
export class Agent {
  readonly folder: string;
  readonly configFolder: string;
  /** Everything it wrote. */
  output = '';
  #process: ChildProcess | undefined;
  #ended: Promise<number | undefined> = Promise.resolve(undefined);

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'fluent-bit-'));
    this.configFolder = join(this.folder, 'etc');
    for (const path of ['etc', 'state', 'var/log/containers', 'var/log/journal']) mkdirSync(join(this.folder, path), { recursive: true });
    writeFileSync(join(this.folder, 'token'), 'token');
  }

  /** Folder of container files. */
  get containers(): string {
    return join(this.folder, 'var/log/containers');
  }

  /** Writes a configuration, its paths and endpoints led to this folder and to loopback ports. */
  install(files: readonly RenderedFile[], ports: LoopbackPorts): void {
    for (const { path, text } of onLoopback(files, this.folder, ports)) writeFileSync(join(this.configFolder, path), text);
  }

  /** What `--dry-run` says; it reads the files and makes nothing. */
  dryRun(): { readonly status: number | null; readonly output: string } {
    const { status, stdout, stderr } = spawnSync(binary(), ['--dry-run', '-c', join(this.configFolder, 'fluent-bit.conf')], {
      encoding: 'utf8',
      env: ENVIRONMENT,
      timeout: 20_000,
    });
    return { status, output: `${stdout}${stderr}` };
  }

  /** Starts it; resolves when it runs, rejects when it ends before. */
  async start(): Promise<void> {
    const child = spawn(binary(), ['-c', join(this.configFolder, 'fluent-bit.conf')], {
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const read = (part: Buffer) => {
      this.output += part.toString('utf8');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    let hasEnded = false;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code) => {
        hasEnded = true;
        resolve(code ?? undefined);
      });
    });
    await waitFor(() => hasEnded || existsSync(`/proc/${child.pid}/status`), 5000);
    await sleep(300);
    if (hasEnded) throw new Error(`Fluent Bit ended at its start:\n${this.output}`);
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Ends it in order (SIGTERM), or at once (SIGKILL); resolves when it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | undefined> {
    this.#process?.kill(signal);
    const code = await this.#ended;
    this.#process = undefined;
    return code;
  }

  /** Lines of its log that a start without a fault does not have. */
  complaints(): string[] {
    return this.output
      .split('\n')
      .filter((line) => /\[\s*(?:error|warn)\]/.test(line) && !EXPECTED.some((expected) => line.includes(expected)));
  }

  /** Removes its folder. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What it says of every stop, and of running outside of a pod: that file's place cannot be changed. */
const EXPECTED = ['service will shutdown', 'cannot open /var/run/secrets/kubernetes.io/serviceaccount/namespace'];

/** Credentials that no service knows: without any the agent would ask the instance's metadata. */
const ENVIRONMENT = {
  PATH: process.env['PATH'] ?? '',
  HOST_NAME: 'node-1.example.com',
  HOME: '/nonexistent',
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example',
};

function binary(): string {
  if (FLUENT_BIT === undefined) throw new Error('FLUENT_BIT_BIN names no Fluent Bit');
  return FLUENT_BIT;
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** Resolves after some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves to whether a condition came true in time. */
export async function waitFor(condition: () => boolean, withinMs: number): Promise<boolean> {
  const end = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > end) return false;
    await sleep(50);
  }
  return true;
}
