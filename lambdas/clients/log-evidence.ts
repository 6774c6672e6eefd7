import type { Notice } from '../core/alerts/chat.ts';
import { type Explain, questionOf } from '../core/alerts/explanation.ts';
import type { Evidence } from '../core/slack/settings.ts';
import { type AwsPorts, type CallAws, createAwsClient, LOGS } from './aws-json.ts';

/** Longest wait for the lines of one message, in ms: a message that comes late helps nobody. */
const WAIT_MS = 8_000;
const POLL_MS = 500;
const MAX_LINES = 10;

/** Looks up what explains a notice; resolves whatever happens. */
export type LookUpLogs = (notice: Notice, explain: Explain) => Promise<Evidence>;

/** Runs the query that explains an alert over the alert's window and gives its last lines; nothing where there is none, or where it takes too long. */
export function createLogLookup(region: string, ports: AwsPorts, onFlaw: (reason: string) => void): LookUpLogs {
  let call: CallAws | undefined;
  return async (notice, explain) => {
    const [alert, ...others] = notice.firing;
    if (!alert?.window || others.length > 0) return {};
    const explanation = explain(alert.labels);
    const question = explanation?.showsLines === true ? questionOf(alert, { ...explanation, ...explanation.lines }) : undefined;
    if (!question || ports.remainingMs() < 2 * WAIT_MS) return {};
    call ??= createAwsClient(LOGS, { region, maxSockets: 2 }, ports);
    try {
      return { lines: await ask(call, { ...question, ...alert.window }, ports) };
    } catch (error) {
      onFlaw(`log lines: ${error instanceof Error ? error.message.slice(0, 200) : 'not read'}`);
      return {};
    }
  };
}

interface Asked {
  readonly logGroups: readonly string[];
  readonly query: string;
  readonly fromMs: number;
  readonly toMs: number;
}

async function ask(call: CallAws, { logGroups, query, fromMs, toMs }: Asked, { now, sleep }: AwsPorts): Promise<string[]> {
  const started = await call('StartQuery', {
    logGroupNames: logGroups,
    queryString: query,
    startTime: Math.floor(fromMs / 1000),
    endTime: Math.ceil(toMs / 1000),
    limit: MAX_LINES,
  });
  const { queryId } = started;
  const until = now() + WAIT_MS;
  while (now() < until) {
    await sleep(POLL_MS);
    const answer = await call('GetQueryResults', { queryId });
    if (answer['status'] === 'Complete') return linesOf((answer['results'] ?? []) as Row[]);
    if (answer['status'] !== 'Running' && answer['status'] !== 'Scheduled')
      throw new Error(`the query ended as ${String(answer['status'])}`);
  }
  await call('StopQuery', { queryId });
  throw new Error(`the query took more than ${WAIT_MS / 1000} s`);
}

type Row = readonly { readonly field?: string; readonly value?: string }[];

/** A row is its time and its text, whatever the text's column is called. Events come newest first and are read oldest first; sums keep their order. */
function linesOf(rows: readonly Row[]): string[] {
  const shown = rows.slice(0, MAX_LINES);
  const lines = shown.map((row) => {
    const text = row.filter(({ field }) => field !== '@timestamp' && field !== '@ptr').map(({ value = '' }) => value);
    return [timeOf(row)?.slice(11, 19), ...text].filter((part) => part !== undefined && part !== '').join(' ');
  });
  const [first] = shown;
  const isNewestFirst = first !== undefined && (timeOf(first) ?? '') > (timeOf(shown.at(-1) ?? first) ?? '');
  return isNewestFirst ? lines.reverse() : lines;
}

const timeOf = (row: Row): string | undefined => row.find(({ field }) => field === '@timestamp')?.value;
