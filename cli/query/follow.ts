import type { LogEvent } from '../../lambdas/core/insights/stage.ts';
import type { Io } from '../io.ts';
import { chooseLogGroups } from './account-command.ts';
import { connectLogs } from './aws-logs.ts';
import { abortOnInterrupt } from './interrupt.ts';
import { LineTimes } from './line-time.ts';
import { compileForFiles } from './local-run.ts';
import type { QueryOptions } from './options.ts';
import { renderCsv, renderJson } from './render.ts';
import { assertCanFollow, followBatch, followFiles } from './tail.ts';

/** `--tail`: follows files, or log groups by Live Tail, until Ctrl-C; the query itself always runs here. */
export async function followOnFiles(text: string, options: QueryOptions, io: Io): Promise<number> {
  const times = new LineTimes(io.now());
  const query = compileForFiles(text, options.range, io.now(), times);
  assertCanFollow(query, text);
  const interrupt = abortOnInterrupt();
  let isFirst = true;
  const show = (events: readonly LogEvent[]) => {
    const answer = followBatch(query, events);
    if (answer.rows.length === 0) return;
    if (options.output === 'csv') io.stdout.write(isFirst ? renderCsv(answer) : renderCsv(answer).replace(/^[^\n]*\n/, ''));
    else if (options.output === 'json') io.stdout.write(renderJson(answer));
    else for (const row of answer.rows) io.stdout.write(`${row.filter((cell) => cell !== undefined).join('  ')}\n`);
    isFirst = false;
  };
  try {
    if (options.logs !== undefined) {
      for await (const { file, lines } of followFiles(options.logs, io.cwd, interrupt.signal))
        show(lines.map((line) => eventOf(line, file)));
      return 0;
    }
    const api = await connectLogs(options.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION']);
    const groups = await chooseLogGroups(text, options, api);
    const problem =
      typeof groups === 'string'
        ? groups
        : groups.find((group) => !group.startsWith('arn:')) &&
          'Live Tail takes ARNs: --log-group arn:aws:logs:REGION:ACCOUNT:log-group:NAME';
    if (problem) {
      io.stderr.write(`query: ${problem}\n`);
      return 2;
    }
    for await (const batch of api.tail(groups as readonly string[], interrupt.signal)) {
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
