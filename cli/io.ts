import type { Readable, Writable } from 'node:stream';

/** What a command may touch of the world outside; tests pass their own. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  /** Progress and errors; never data. */
  readonly stderr: Writable;
  readonly env: { readonly [name: string]: string | undefined };
  /** Whether stderr is a terminal: progress bars are drawn only there. */
  readonly isTty: boolean;
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** A command of `eks-telemetry`: its file's exports. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string;
  /** Printed by `--help` of the command. */
  readonly usage: string;
  /** Runs it; resolves to the exit code: 0 ok, 1 the answer is no, 2 used wrongly. */
  run(args: string[], io: Io): Promise<number>;
}
