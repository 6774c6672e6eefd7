import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export interface RunOptions {
  readonly once: boolean;
  /** Config file as it was given. */
  readonly config: string;
  /** The user's own files. */
  readonly input: readonly string[];
  /** Format of the user's own files. */
  readonly format: string;
  /** A folder of samples/scenarios that is sent beside the samples. @default - none */
  readonly scenario?: string;
  /** Folder that keeps the objects of all buckets as files. @default - they go with the next run */
  readonly archive?: string;
  /** Whether named queries are asked on a real Trino after the report. @default false */
  readonly athena?: boolean;
  /** Run seconds per machine second; undefined: as fast as possible. */
  readonly speed: number | undefined;
  /** Port of the page; 0: a free one. */
  readonly port: number;
}

/** Options, or what the user has to know instead: help, or what was wrong. */
export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: RunOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string };

/** Shown by `npm start -- --help`. */
export const USAGE = `The whole pipeline on this machine: the templates that a deploy would send, the bundled functions, a real OpenSearch.

Usage: npm start -- [options]

  --once            end after the report: exit 0 if every event is accounted for, else 1
  --config F        config file (default config/local.yaml)
  --input FILE...   your own log files beside the samples, as an application named "input": plain lines, containerd framing, CloudWatch
                    events as JSON, each also gzipped; without --once new lines are followed
  --format F        their format: ${'audit klog zap logrus json logfmt nginx-access nginx-error java python pipe alb regex:NAME text auto'} (default auto)
  --scenario NAME   a folder of samples/scenarios beside the samples, such as oom: containers that run out of memory for an hour
  --archive DIR     keeps the objects of the buckets (archive, access logs, dead letters) as files DIR/<bucket>/<key>; DIR must be new or empty
  --athena          after the report: named Athena queries on a real Trino (Java 24 or newer; fetched once by Maven, 452 MB) over those objects
  --speed N         N seconds of the run per second of the machine (default: as fast as possible)
  --port N          port of the page on 127.0.0.1 (default: a free one)

Environment: OPENSEARCH_URL uses a cluster that is there instead of starting one; JAVA_HOME names the Java to start one with,
OPENSEARCH_VERSION (3 or 2.19) the version.
`;

/** Reads the arguments. Several files may follow one `--input`. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  let values: { [name: string]: string | boolean | (string | boolean)[] | undefined };
  let positionals: string[];
  try {
    const parsed = parseArgs({
      args: spreadInputs(args),
      options: {
        once: { type: 'boolean', default: false },
        config: { type: 'string', default: 'config/local.yaml' },
        input: { type: 'string', multiple: true, default: [] },
        format: { type: 'string' },
        scenario: { type: 'string' },
        archive: { type: 'string' },
        athena: { type: 'boolean', default: false },
        speed: { type: 'string' },
        port: { type: 'string', default: '0' },
        help: { type: 'boolean', short: 'h', default: false },
      },
      allowPositionals: true,
    });
    values = parsed.values;
    positionals = parsed.positionals;
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  if (values['help']) return { kind: 'help' };
  if (positionals.length > 0) return wrong(`"${positionals[0]}" is not an option; files follow --input`);
  const input = values['input'] as string[];
  const format = values['format'] as string | undefined;
  if (format !== undefined && input.length === 0) return wrong('--format says how to read the files of --input, and there are none');
  const speed = values['speed'] === undefined ? undefined : Number(values['speed']);
  if (speed !== undefined && !(speed > 0 && Number.isFinite(speed)))
    return wrong(`--speed must be a number above 0, got "${values['speed']}"`);
  const scenario = values['scenario'] as string | undefined;
  if (scenario !== undefined && !/^[a-z0-9][a-z0-9-]*$/.test(scenario))
    return wrong(`--scenario is a folder of samples/scenarios, got "${scenario}"`);
  const port = Number(values['port']);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return wrong(`--port must be 0 to 65535, got "${values['port']}"`);
  return {
    kind: 'run',
    options: {
      once: values['once'] === true,
      config: String(values['config']),
      input,
      format: format ?? 'auto',
      ...(scenario === undefined ? {} : { scenario }),
      ...(values['archive'] === undefined ? {} : { archive: String(values['archive']) }),
      ...(values['athena'] === true ? { athena: true } : {}),
      speed,
      port,
    },
  };
}

/** `--input a b` becomes `--input a --input b`: a shell's `*.log` is many words. */
function spreadInputs(args: readonly string[]): string[] {
  const spread: string[] = [];
  let isInput = false;
  for (const arg of args) {
    if (arg.startsWith('-') && arg !== '-') {
      isInput = arg === '--input' || arg.startsWith('--input=');
      spread.push(arg);
    } else if (isInput && spread.at(-1) !== '--input') {
      spread.push('--input', arg);
    } else {
      spread.push(arg);
    }
  }
  return spread;
}

function wrong(problem: string): ParsedOptions {
  return { kind: 'wrong', problem };
}
