import { createHash } from 'node:crypto';
import { AwsError, type CallAws } from '../../lambdas/clients/aws-json.ts';
import type { ChatPorts } from '../../lambdas/clients/chat-ports.ts';
import { runChat } from '../../lambdas/clients/chat-run.ts';
import { responseBody } from '../../lambdas/core/chat/answer.ts';
import type { ChatRecord } from '../../lambdas/core/chat/audit.ts';
import { decideRequest } from '../../lambdas/core/chat/decide.ts';
import { parseCommand } from '../../lambdas/core/chat/parse-command.ts';
import { type Question, resolveRun } from '../../lambdas/core/chat/question.ts';
import type { CommandRequest } from '../../lambdas/core/chat/request.ts';
import type { ChatRules } from '../../lambdas/core/chat/rules.ts';
import { QueryError } from '../../lambdas/core/insights/problem.ts';
import { compileRedaction } from '../../lambdas/core/redact/redactor.ts';
import type { SlackMessage } from '../../lambdas/core/slack/blocks.ts';
import type { Io } from '../io.ts';
import { runOnFiles } from '../query/local-run.ts';

/** What a call would lead to. */
export interface TriedCommand {
  /** Answered within Slack's three seconds. */
  readonly atOnce: SlackMessage;
  /** What chat-worker posts; only where files were given to ask. */
  readonly later: readonly SlackMessage[];
  /** What would be asked in the account. */
  readonly question: Question | undefined;
  /** Why it was refused, in one word. */
  readonly reason: string | undefined;
  /** What is logged of it. */
  readonly record: ChatRecord | undefined;
}

/** Who writes, when, and what a saved query runs on. */
export interface Trial {
  readonly user: string;
  readonly channel: string;
  readonly nowMs: number;
  readonly files: readonly string[];
}

/** Tries a call by the code that is deployed, without Slack and without an account. */
export async function tryCommand(text: string, rules: ChatRules, trial: Trial, io: Io): Promise<TriedCommand> {
  const redactor = compileRedaction(rules.redaction);
  const redact = (raw: string): string => redactor.text(raw);
  const written = text.startsWith(`${rules.command} `) || text === rules.command ? text.slice(rules.command.length).trim() : text;
  const request: CommandRequest = {
    kind: 'command',
    caller: { team: rules.access.workspaces[0] ?? '', userTeam: '', channel: trial.channel, user: trial.user },
    command: rules.command,
    text: written,
    responseUrl: '',
    requestId: '',
  };
  const decision = decideRequest(request, rules, redact);
  const parsed = parseCommand(written);
  const resolved =
    decision.kind === 'work' && parsed.ok && parsed.command.name === 'run' ? resolveRun(parsed.command, rules, trial.nowMs) : undefined;
  const answer = decision.kind === 'answer' ? decision.answer : decision.ack;
  if (answer === undefined) throw new Error('a command is always answered');
  const later: SlackMessage[] = [];
  // A refusal by the worker needs no account either.
  const isWorkedOn = resolved !== undefined && (trial.files.length > 0 || !resolved.ok);
  const record = isWorkedOn ? await runChat(request, rules, portsFor(trial, redact, later, io)) : undefined;
  return {
    atOnce: asMessage(responseBody(answer)),
    later,
    question: resolved?.ok === true ? resolved.value : undefined,
    reason: decision.kind === 'answer' ? decision.reason : record?.reason,
    record,
  };
}

const asMessage = (body: object): SlackMessage => body as SlackMessage;

function portsFor({ files, nowMs }: Trial, redact: (text: string) => string, later: SlackMessage[], io: Io): ChatPorts {
  const nothing: CallAws = () => Promise.reject(new AwsError('account', 'call', 'NotInATrial', 0, ''));
  return {
    respond: async (answer) => {
      later.push(asMessage(responseBody(answer)));
      return { ok: true };
    },
    claim: async () => true,
    table: {
      group: async () => undefined,
      liveAlerts: async () => [],
      async *openGroups() {},
      silences: async () => [],
      putSilence: async () => true,
    },
    logs: logsOfFiles(files, io),
    metrics: nothing,
    pipelines: nothing,
    search: () => Promise.reject(new Error('no search in a trial')),
    redact,
    hash: (text) => createHash('sha256').update(text).digest('hex'),
    now: () => nowMs,
    machineNow: () => performance.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    remainingMs: () => 600_000,
  };
}

/** Logs Insights on files: StartQuery runs the query, GetQueryResults gives what it found. */
function logsOfFiles(files: readonly string[], io: Io): CallAws {
  let state: { readonly [name: string]: unknown } = { status: 'Unknown' };
  return async (action, input) => {
    if (action !== 'StartQuery') return state;
    const { endTime, limit, queryString, startTime } = input as { queryString: string; startTime: number; endTime: number; limit: number };
    try {
      const { bytes, result } = await runOnFiles(queryString, files, { startMs: startTime * 1000, endMs: endTime * 1000 }, io);
      const results = result.rows
        .slice(0, limit)
        .map((row) => result.columns.flatMap(({ name }, at) => (row[at] === undefined ? [] : [{ field: name, value: String(row[at]) }])));
      state = { status: 'Complete', results, statistics: { bytesScanned: bytes, recordsScanned: result.scanned } };
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      throw new AwsError('logs', action, 'MalformedQueryException', 400, error.message);
    }
    return { queryId: 'trial' };
  };
}
