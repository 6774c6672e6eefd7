import type { Matcher } from '../alerts/matchers.ts';
import type { Intent } from './access.ts';

/** A window as somebody wrote it. */
export interface AskedRange {
  /** Such as `15m` or a time; absent: the default. */
  readonly since?: string;
  /** A time, or so long ago; absent: now. */
  readonly until?: string;
}

/** What is common to questions. */
export interface AskedScope extends AskedRange {
  /** Absent: the only one, or all where a question takes all. */
  readonly cluster?: string;
  /** Rows; absent: as many as are shown. */
  readonly limit?: number;
  /** Whether everybody in the channel sees the answer. */
  readonly isShared: boolean;
}

export interface RunCommand extends AskedScope {
  readonly name: 'run';
  readonly query: string;
  readonly values: { readonly [parameter: string]: string };
}

/** What is shown of our own indices. */
export interface LookCommand extends AskedScope {
  readonly name: 'pods' | 'events' | 'logs';
  readonly namespace?: string;
  /** Pod or object, or how its name begins. */
  readonly object?: string;
  readonly container?: string;
  readonly level?: string;
  /** Reason of an event. */
  readonly reason?: string;
  /** Words of a line, in their order. */
  readonly text?: string;
}

export interface TopCommand extends AskedScope {
  readonly name: 'top';
  readonly what: 'pods' | 'nodes' | 'namespaces';
  readonly by: 'cpu' | 'memory';
}

export interface SilenceCommand {
  readonly name: 'silence';
  readonly matchers: readonly Matcher[];
  readonly spanMs: number;
  readonly reason: string;
}

/** One call, understood. */
export type Command =
  | { readonly name: 'ping' | 'config' }
  | { readonly name: 'help'; readonly topic: string }
  | { readonly name: 'list' | 'status'; readonly text: string }
  | { readonly name: 'unsilence'; readonly target: string }
  | { readonly name: 'kubectl'; readonly verb: string }
  | RunCommand
  | LookCommand
  | TopCommand
  | SilenceCommand;

export type CommandName = Command['name'];

/** Commands that people may write, in the order of the help; `kubectl` is understood, and refused. */
export const COMMAND_NAMES = [
  'ping',
  'help',
  'list',
  'run',
  'logs',
  'events',
  'pods',
  'top',
  'status',
  'silence',
  'unsilence',
  'config',
] as const satisfies readonly CommandName[];

/** Commands that need nothing but the rules: they are answered at once. */
export function isImmediate({ name }: Command): boolean {
  return name === 'ping' || name === 'help' || name === 'list' || name === 'config' || name === 'kubectl';
}

/** What a command wants to do. */
export function intentOf({ name }: Command): Intent {
  return name === 'silence' || name === 'unsilence' ? 'silence' : 'ask';
}
