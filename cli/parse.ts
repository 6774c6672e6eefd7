import { parseArgs } from 'node:util';
import { joinRule } from '../lambdas/core/parse/registry.ts';
import { controlPlaneKind, formatOfKind } from '../lambdas/core/parse/stream-kind.ts';
import type { ParsedLine, Parser } from '../lambdas/core/parse/types.ts';
import { InputError } from './input/byte-source.ts';
import { HeldError } from './input/held-error.ts';
import { type InputEvent, readEvents } from './input/read-events.ts';
import type { Io } from './io.ts';
import { type ChosenFormat, chooseFormat } from './parse/choose-format.ts';
import { recordJson } from './parse/record-json.ts';
import { type JoinedRecord, RecordQueue } from './parse/record-queue.ts';
import { countRecord, emptyStats, formatStats, type ParseStats } from './parse/stats.ts';
import { TextWriter } from './parse/text-writer.ts';

export const summary = 'parse log files with the deployed parsers, one JSON line per event';

export const usage = `Usage: eks-telemetry parse [--format NAME] [--config F [--application NAME]] [FILE…|-] [--stats] [--strict]

Prints one JSON line per record: {"ok":true,"format":…,"record":{…}}, or {"ok":false,"reason":…,"raw":…}.
Lines that belong together (stack traces, klog blocks, XML bodies) are one record.

  --format NAME       auto (the default), audit, klog, zap, logrus, json, logfmt, nginx-access, nginx-error, java, python, pipe, alb,
                      text, or regex:NAME with NAME in the config's patterns
  --config F          a config file: its patterns
  --application NAME  with --config: the format, pattern and typed fields of that application
  --stats             counts per format, level and failure, and the speed, on stderr
  --strict            exit 1 if any record failed

FILE may be plain lines, containerd's (CRI) framing, CloudWatch events (JSON lines, or an object with events or logEvents),
a collector's JSON records; each of these may be gzipped. Without FILE, or for -, stdin is read.
Exit codes: 0 ok, 1 a record failed and --strict is given, or a file could not be read, 2 used wrongly.
`;

/** Reads the inputs and prints their records. */
export async function run(args: string[], io: Io): Promise<number> {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments(args);
  } catch (error) {
    return wrongUse(io, error instanceof Error ? error.message : String(error));
  }
  const chosen = await chooseFormat(options.values, io.cwd);
  if ('problem' in chosen) return wrongUse(io, chosen.problem);
  const stats = emptyStats();
  const startMs = io.now();
  const out = new TextWriter(io.stdout);
  const files = options.positionals.length === 0 ? ['-'] : options.positionals;
  let isUnreadable = false;
  for (const file of files) {
    try {
      await parseFile(file, { io, chosen, stats, out });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      await out.flush();
      io.stderr.write(`eks-telemetry parse: ${error.message}\n`);
      isUnreadable = true;
    }
  }
  await out.flush();
  if (options.values.stats === true) io.stderr.write(formatStats(stats, io.now() - startMs));
  return isUnreadable || (options.values.strict === true && stats.failed > 0) ? 1 : 0;
}

function readArguments(args: string[]) {
  return parseArgs({
    args,
    allowPositionals: true,
    options: {
      format: { type: 'string' },
      config: { type: 'string' },
      application: { type: 'string' },
      stats: { type: 'boolean' },
      strict: { type: 'boolean' },
      json: { type: 'boolean' },
    },
  });
}

function wrongUse(io: Io, problem: string): number {
  io.stderr.write(`eks-telemetry parse: ${problem}\n`);
  return 2;
}

interface Work {
  readonly io: Io;
  readonly chosen: ChosenFormat;
  readonly stats: ParseStats;
  readonly out: TextWriter;
}

async function parseFile(file: string, work: Work): Promise<void> {
  const { chosen, io, out } = work;
  const kinds = new StreamFormats(chosen);
  const queue = new RecordQueue((event) => kinds.of(event).rule);
  // A plain file carries no time: klog's year is that of the machine's clock.
  const nowMs = io.now();
  const write = (records: readonly JoinedRecord[]): void => {
    for (const record of records) out.add(parseRecord(record, kinds.of(record.first), nowMs, work));
  };
  const failure = new HeldError();
  for await (const events of failure.until(readEvents(file, io))) {
    for (const event of events) queue.push(event);
    write(queue.take());
    await out.flushIfFull();
  }
  write(queue.flush());
  failure.release();
}

interface StreamFormat {
  readonly rule: ReturnType<typeof joinRule>;
  readonly parse: Parser;
}

/** With `auto`, a stream whose name EKS gives is read as what it is; what does not fit is found out as everywhere. */
class StreamFormats {
  readonly #chosen: ChosenFormat;
  readonly #byName = new Map<string, StreamFormat>();

  constructor(chosen: ChosenFormat) {
    this.#chosen = chosen;
  }

  of(event: InputEvent): StreamFormat {
    const known = this.#byName.get(event.streamName);
    if (known !== undefined) return known;
    const kind = this.#chosen.format === 'auto' && event.stream === undefined ? controlPlaneKind(event.streamName) : undefined;
    const format: StreamFormat = { rule: kind === undefined ? this.#chosen.rule : joinRule(formatOfKind(kind)), parse: this.#chosen.parse };
    this.#byName.set(event.streamName, format);
    return format;
  }
}

function parseRecord(record: JoinedRecord, format: StreamFormat, nowMs: number, { chosen, stats }: Work): string {
  const { timeMs } = record.first;
  const eventTimeMs = timeMs === undefined || Number.isNaN(timeMs) ? nowMs : timeMs;
  const parsed: ParsedLine | undefined = format.parse(record.text, { eventTimeMs });
  if (parsed === undefined) {
    const reason = `not ${chosen.format}`;
    countRecord(stats, record, { reason });
    return `{"ok":false,"reason":${JSON.stringify(reason)},"raw":${JSON.stringify(record.text)}}\n`;
  }
  const name = parsed.format === 'regex' ? chosen.format : parsed.format;
  countRecord(stats, record, { format: name, level: parsed.level });
  return `{"ok":true,"format":${JSON.stringify(name)},"record":${recordJson(parsed, record)}}\n`;
}
