import type { Config } from '../lib/config/load.ts';
import type { SourceNames } from './dead-letters/failure.ts';
import type { FailureFilter } from './dead-letters/failures.ts';
import { type Options, parseOptions, UsageError } from './dead-letters/options.ts';
import type { Io } from './io.ts';

export const summary = 'list, show and replay what could not be indexed';
export const usage = `Usage: eks-telemetry dead-letters list   [--reason R] [--source S] [--since 6h] [options]
       eks-telemetry dead-letters show   ID… [--raw] [options]
       eks-telemetry dead-letters replay [ID… | --reason R --source S --since 6h] [--dry-run] [options]

What could not be indexed, from four places of the dead-letter bucket: events that our functions gave up on (dead-letters/),
asynchronous invocations that Lambda gave up on (aws/lambda/async/), batches of a stream (aws/lambda/<mapping>/), and records that
Firehose gave up on (firehose/). With an archive also what Firehose could not bring there (errors/ of the archive bucket).
An ID is <key>#<number> as list prints it; a key alone means all that is in the object.

  list     how many failed, by source and reason
  show     the events, redacted unless --raw (your role must be a reader of the bucket and its key)
  replay   through the same transform as deployed: same _id and index, redacted; what is there already stays as it is.
           An object moves to replayed/ only when everything in it is done. What was on its way to the archive is put into its
           delivery stream again (your role needs firehose:PutRecordBatch); a second time makes a second line there

Where (default: the local run of this folder, where there is one):
  --config FILE     the account and Region of a config; replay needs it for its sources and formats
  --bucket NAME     another bucket   --region R
  --local [DIR]     a local run's folder   (default .eks-telemetry/local; its config is config/local.yaml unless --config)
  --endpoint URL    replay to this OpenSearch instead of the config's domain; http only for this machine

Options:
  --since SPAN|DATE  objects written since: 90m, 6h, 2d, 2026-11-21
  --json             NDJSON on stdout; progress goes to stderr
  --help             this text

Exit codes: 0 done, 1 something failed again or is not there, 2 used wrongly.`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  try {
    return await dispatch(parseOptions(args, io), io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    io.stderr.write(`dead-letters: ${error.message}\nTry: eks-telemetry dead-letters --help\n`);
    return 2;
  }
}

async function dispatch(options: Options, io: Io): Promise<number> {
  const { configOf, storesOf } = await import('./dead-letters/places.ts');
  const config = await configOf(options, io);
  const stores = await storesOf(options, config, io);
  const filter: FailureFilter = {
    only: options.names,
    ...(options.reason === undefined ? {} : { reason: options.reason }),
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.sinceMs === undefined ? {} : { sinceMs: options.sinceMs }),
  };
  const names: SourceNames = (logGroup) => config?.sources.find((source) => source.logGroup === logGroup)?.name;
  const out = { stdout: io.stdout, stderr: io.stderr, json: options.json };
  if (options.action === 'list') return (await import('./dead-letters/list.ts')).list(stores, filter, names, out);
  if (options.action === 'show') {
    const { compileRedaction, NO_REDACTION } = await import('../lambdas/core/redact/redactor.ts');
    const { DEFAULT_REDACTION } = await import('../lambdas/core/redact/rule-names.ts');
    const applications = (config?.applications ?? []).flatMap(({ redaction }) => redaction ?? []);
    const redactor = options.raw
      ? NO_REDACTION
      : compileRedaction(DEFAULT_REDACTION, ...(config ? [config.redaction] : []), ...applications);
    return (await import('./dead-letters/show.ts')).show(stores, filter, names, { ...out, raw: options.raw, redactor });
  }
  if (!config) throw new UsageError('replay needs the config that says how the events are read: --config FILE');
  return startReplay({ options, config, stores, filter, names }, io);
}

async function startReplay(
  what: {
    options: Options;
    config: Config;
    stores: Parameters<typeof import('./dead-letters/replay.ts').replay>[0];
    filter: FailureFilter;
    names: SourceNames;
  },
  io: Io,
): Promise<number> {
  const { options, config, stores, filter, names } = what;
  const { replay } = await import('./dead-letters/replay.ts');
  const { createReplayPorts } = await import('./dead-letters/replay-ports.ts');
  const ports = await createReplayPorts(options, config, io);
  const result = await replay(stores, filter, names, ports, {
    stdout: io.stdout,
    stderr: io.stderr,
    json: options.json,
    dryRun: options.dryRun,
  });
  if (io.isTty) io.stderr.write('\r\x1b[K');
  return result;
}
