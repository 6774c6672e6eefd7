import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How a process is run. */
export interface NodeRun {
  /** Kills the process. */
  readonly signal: AbortSignal;
  /** @default - the environment of this process */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs Node with these arguments and resolves with what it printed. Rejects with what it complained of. */
export async function runNode(args: readonly string[], { signal, env }: NodeRun): Promise<string> {
  // Asynchronous, so that this process hears a Ctrl-C and the time limit meanwhile.
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    encoding: 'utf8',
    signal,
    killSignal: 'SIGKILL',
    ...(env === undefined ? {} : { env }),
  });
  return stdout;
}
