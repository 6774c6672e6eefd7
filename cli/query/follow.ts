import type { LogEvent } from '../../lambdas/core/insights/stage.ts';
import { containerStream, fluentBitEvent, identityOf } from '../../lambdas/events/fluent-bit.ts';
import { CriJoiner } from '../input/cri.ts';
import type { Io } from '../io.ts';
import { chooseLogGroups, explain } from './account-command.ts';
import { connectLogs } from './aws-logs.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { LineTimes } from './line-time.ts';
import { UNKNOWN_CONTAINER } from './local-events.ts';
import { compileForFiles } from './local-run.ts';
import type { QueryOptions } from './options.ts';
import { renderCsv, renderJson } from './render.ts';
import { type StreamNames, streamNames } from './stream-names.ts';
import { assertCanFollow, followBatch, followFiles } from './tail.ts';
import { printable } from './width.ts';

/** `--tail`: follows files, or log groups by Live Tail, until Ctrl-C; the query itself always runs here. */
export async function followOnFiles(text: string, sources: readonly string[], options: QueryOptions, io: Io): Promise<number> {
  const times = new LineTimes(io.now());
  const query = compileForFiles(text, options.range, io.now(), times);
  assertCanFollow(query, text);
  const interrupt = abortOnInterrupt();
  const containers = new FollowedLines(streamNames(sources, options.logStream, (note) => io.stderr.write(note)));
  let isFirst = true;
  const show = (events: readonly LogEvent[]) => {
    const answer = followBatch(query, events);
    if (answer.rows.length === 0) return;
    if (options.output === 'csv') io.stdout.write(isFirst ? renderCsv(answer) : renderCsv(answer).replace(/^[^\n]*\n/, ''));
    else if (options.output === 'json') io.stdout.write(renderJson(answer));
    else
      for (const row of answer.rows)
        io.stdout.write(`${row.flatMap((cell) => (cell === undefined ? [] : [printable(String(cell))])).join('  ')}\n`);
    isFirst = false;
  };
  try {
    if (options.logs !== undefined) {
      for await (const { file, lines } of followFiles(options.logs, io.cwd, interrupt.signal))
        show(lines.flatMap((line) => containers.eventOf(line, file) ?? []));
      return 0;
    }
    const api = await connectLogs(options.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION']);
    const groups = await chooseLogGroups(text, options, api).catch(explain);
    // Live Tail takes ARNs only.
    const arns = typeof groups === 'string' ? [] : await api.arnsOf(groups).catch(explain);
    const problem = typeof groups === 'string' ? groups : tailProblem(groups, arns);
    if (problem !== undefined) {
      io.stderr.write(`query: ${problem}\n`);
      return 2;
    }
    for await (const batch of api.tail(arns as readonly string[], interrupt.signal)) {
      show(
        batch.map((event) => ({
          ...eventOf(event.message, event.logStream),
          timestampMs: event.timestampMs,
          ingestionMs: event.ingestionMs,
          log: event.logGroup,
        })),
      );
    }
    return 0;
  } finally {
    interrupt.release();
  }
}

/** Most log groups of one Live Tail session. */
const MAX_TAILED_GROUPS = 10;

function tailProblem(groups: readonly string[], arns: readonly (string | undefined)[]): string | undefined {
  if (groups.length === 0) return 'Live Tail needs log groups by name: --log-group';
  if (groups.length > MAX_TAILED_GROUPS) return `Live Tail follows at most ${MAX_TAILED_GROUPS} log groups, these are ${groups.length}`;
  const missing = groups.find((_, at) => arns[at] === undefined);
  return missing === undefined ? undefined : `there is no log group ${missing}`;
}

/** Lines of followed files as events: those in containerd's framing as the records of Fluent Bit, pieces joined. */
class FollowedLines {
  private readonly joiners = new Map<string, CriJoiner>();
  private readonly streams = new Map<string, string>();
  private readonly nameOf: StreamNames;

  constructor(nameOf: StreamNames) {
    this.nameOf = nameOf;
  }

  /** The event that a line makes or ends; undefined for a piece that goes on. */
  eventOf(line: string, file: string): LogEvent | undefined {
    const joiner = this.joiners.get(file) ?? new CriJoiner();
    this.joiners.set(file, joiner);
    const whole = joiner.push(Buffer.from(line));
    if (whole === false) {
      const stream = this.streams.get(file) ?? this.nameOf(file);
      this.streams.set(file, stream);
      return eventOf(line, stream);
    }
    if (whole === undefined) return undefined;
    const identity = identityOf(file);
    const record = fluentBitEvent({ time: whole.time, stream: whole.stream, log: whole.text }, identity ?? UNKNOWN_CONTAINER);
    return { ...eventOf(record.message, identity ? containerStream(identity) : file), timestampMs: Math.floor(record.timestamp) };
  }
}

function eventOf(line: string, stream: string): LogEvent {
  return {
    text: line,
    start: 0,
    end: line.length,
    timestampMs: undefined,
    ingestionMs: undefined,
    logStream: stream,
    log: undefined,
    ptr: undefined,
  };
}
