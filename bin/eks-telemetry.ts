#!/usr/bin/env node
// The operator's command: names a file of `cli/` and passes the world in. Commands load when they are called, so `--help` stays quick.
import type { Command, Io } from '../cli/io.ts';
import { guardTerminal } from '../cli/terminal.ts';

const COMMANDS: { readonly [name: string]: { readonly summary: string; readonly load: () => Promise<Command> } } = {
  check: {
    summary: 'validate a config: every problem with its place, else what would be deployed and its cost',
    load: () => import('../cli/check.ts'),
  },
  parse: { summary: 'parse log files with the deployed parsers, one JSON line per event', load: () => import('../cli/parse.ts') },
  match: { summary: "the events that a CloudWatch filter pattern matches, by CloudWatch's grammar", load: () => import('../cli/match.ts') },
  query: { summary: 'run a saved Logs Insights query on files here, or in the account', load: () => import('../cli/query.ts') },
  athena: { summary: 'run a named Athena query in the account, or here on a real Trino', load: () => import('../cli/athena.ts') },
  render: { summary: 'write what would be installed in a cluster, for GitOps or to read it first', load: () => import('../cli/render.ts') },
  slack: { summary: 'the message that an event would post to Slack, and why; or post it', load: () => import('../cli/slack.ts') },
  'dead-letters': { summary: 'list, show and replay what could not be indexed', load: () => import('../cli/dead-letters.ts') },
  alarms: {
    summary: 'test alarms on scenarios, by the rules that CloudWatch evaluates with, or list them',
    load: () => import('../cli/alarms.ts'),
  },
  backfill: {
    summary: 'read a log group, the archive or access log files again into the search',
    load: () => import('../cli/backfill.ts'),
  },
  reconcile: { summary: 'check that every received event is accounted for', load: () => import('../cli/reconcile.ts') },
};

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'eks-telemetry: logs, metrics and alarms of Amazon EKS clusters',
    '',
    'Usage: eks-telemetry COMMAND [options]',
    '',
    'Commands:',
    ...lines,
    '',
    'eks-telemetry COMMAND --help   what a command takes',
    'Exit codes: 0 ok, 1 the answer is no, 2 used wrongly. --json prints NDJSON on stdout; progress goes to stderr.',
    '',
  ].join('\n');
}

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? process.stderr : process.stdout).write(help());
    return name === undefined ? 2 : 0;
  }
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!entry) {
    process.stderr.write(`eks-telemetry: no command "${name}"; commands are ${Object.keys(COMMANDS).join(', ')}\n`);
    return 2;
  }
  const command = await entry.load();
  if (rest.includes('--help') || rest[0] === '-h') {
    process.stdout.write(`${command.usage.trimEnd()}\n`);
    return 0;
  }
  const io: Io = {
    stdin: process.stdin,
    stdout: guardTerminal(process.stdout),
    stderr: guardTerminal(process.stderr),
    env: process.env,
    isTty: process.stderr.isTTY === true,
    cwd: process.cwd(),
    now: () => Date.now(),
  };
  return command.run(rest, io);
}

// `| head` closes the pipe early: that is a reader who has seen enough, not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`eks-telemetry: ${error instanceof Error ? error.message : String(error)}\n`);
    if (process.env['DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : ''}\n`);
    process.exitCode = 1;
  },
);
