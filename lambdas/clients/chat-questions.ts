import { cleanTable } from '../core/chat/clean-table.ts';
import type { LookCommand, RunCommand, TopCommand } from '../core/chat/command.ts';
import { readSearch, searchOf } from '../core/chat/look.ts';
import { resolveCluster, resolveRun, resolveWindow, type Window } from '../core/chat/question.ts';
import type { Caller } from '../core/chat/request.ts';
import { costOf, outcomeNotes, queryFacts, questionLink, type TableAnswer, tableAnswer, tableText } from '../core/chat/result.ts';
import type { ChatRules } from '../core/chat/rules.ts';
import { type ChatTable, formatCsv } from '../core/chat/table.ts';
import { CHAT_TEXTS } from '../core/chat/texts.ts';
import { readTop, topRequest } from '../core/chat/top.ts';
import { inert } from '../core/slack/escape.ts';
import { redactPair } from '../core/slack/redact-alert.ts';
import { AwsError } from './aws-json.ts';
import { type ChatPorts, type Result, reasonOf, refused } from './chat-ports.ts';
import { type QueryAnswer, runQuery } from './query-run.ts';

/** Kept for the answer, in ms of machine time. */
const RESERVE_MS = 15_000;

/** Runs a saved query. */
export async function answerRun(command: RunCommand, caller: Caller, rules: ChatRules, ports: ChatPorts): Promise<Result> {
  const about = aboutRun(command, ports);
  const resolved = resolveRun(command, rules, ports.now());
  if (!resolved.ok) return refused(resolved.reason, resolved.text, about);
  const question = resolved.value;
  const bounds = {
    maxScanBytes: rules.limits.maxScanBytes,
    timeoutMs: Math.max(1_000, Math.min(rules.limits.timeoutMs, ports.remainingMs() - RESERVE_MS)),
  };
  let found: QueryAnswer;
  try {
    found = await runQuery(ports.logs, question, bounds, { now: ports.machineNow, sleep: ports.sleep });
  } catch (error) {
    // Such as an expression that is none: who wrote it mends it, nobody else.
    if (!(error instanceof AwsError) || error.code !== 'MalformedQueryException') throw error;
    return refused('malformed-query', CHAT_TEXTS[rules.language].queryFailed(error.code), about);
  }
  const table = cleanTable(found.table, ports.redact);
  const cost = costOf(found.scannedBytes, rules);
  const answer = await withFile(
    {
      title: question.name,
      cluster: question.cluster,
      window: question,
      table,
      isShared: command.isShared,
      notes: outcomeNotes(found, rules),
      facts: queryFacts(found, rules),
    },
    { caller, rules, ports, link: questionLink(question, rules, ports.redact) },
  );
  const isWhole = found.status === 'Complete';
  return {
    answer,
    about,
    outcome: isWhole ? 'answered' : found.status === 'scan-limit' || found.status === 'timeout' ? 'stopped' : 'failed',
    ...(isWhole ? {} : { reason: found.status }),
    rows: table.rows.length,
    scannedBytes: found.scannedBytes,
    ...(cost === undefined ? {} : { costUsd: cost }),
  };
}

function aboutRun({ query, since, until, values }: RunCommand, { redact }: ChatPorts): string {
  const given = Object.entries(values).map(([name, value]) => `${name}=${redactPair(name, value, redact)}`);
  return [
    redact(query),
    ...given,
    ...(since === undefined ? [] : [`since=${since}`]),
    ...(until === undefined ? [] : [`until=${until}`]),
  ].join(' ');
}

/** Answers from our own indices. */
export async function answerLook(command: LookCommand, caller: Caller, rules: ChatRules, ports: ChatPorts): Promise<Result> {
  const texts = CHAT_TEXTS[rules.language];
  const { container, level, name, namespace, object, reason, text } = command;
  const about = ports.redact([namespace, object, container, level, reason, text].filter((part) => part !== undefined).join(' '));
  const cluster = resolveCluster(command.cluster, rules);
  if (!cluster.ok) return refused(cluster.reason, cluster.text, about);
  const window = resolveWindow(command, rules, ports.now());
  if (!window.ok) return refused(window.reason, window.text, about);
  const request = searchOf(command, cluster.value, window.value, rules);
  if (request === undefined) return refused('no-indices', texts.noIndices(name), about);
  const began = ports.machineNow();
  let table: ChatTable;
  try {
    table = cleanTable(readSearch(command, await ports.search(request), texts), ports.redact);
  } catch (error) {
    const why = reasonOf(error);
    return { ...refused(why, texts.searchFailed(inert(why, 200)), about), outcome: 'failed' };
  }
  const answer = await withFile(
    {
      title: [name, ...(object === undefined ? [] : [ports.redact(object)])].join(' '),
      cluster: cluster.value.name,
      window: window.value,
      table,
      isShared: command.isShared,
      notes: [],
      facts: [texts.took(((ports.machineNow() - began) / 1000).toFixed(1))],
    },
    { caller, rules, ports, link: undefined },
  );
  return { answer, about, outcome: 'answered', rows: table.rows.length };
}

/** Asks CloudWatch who uses most. */
export async function answerTop(command: TopCommand, rules: ChatRules, ports: ChatPorts): Promise<Result> {
  const texts = CHAT_TEXTS[rules.language];
  const about = `${command.what} ${command.by}`;
  if (!rules.hasClassicMetrics) return refused('no-classic-metrics', texts.noTop, about);
  const cluster = resolveCluster(command.cluster, rules);
  if (!cluster.ok) return refused(cluster.reason, cluster.text, about);
  const window = resolveWindow(command, rules, ports.now());
  if (!window.ok) return refused(window.reason, window.text, about);
  const answer = await ports.metrics('GetMetricData', topRequest(command, cluster.value.name, window.value));
  const table = cleanTable(readTop(command, answer, texts), ports.redact);
  const shown: TableAnswer = {
    title: `top ${command.what} ${command.by}`,
    cluster: cluster.value.name,
    window: window.value,
    table,
    isShared: command.isShared,
    notes: table.rows.length === 0 ? [texts.noData] : [],
    facts: [],
  };
  return { answer: tableAnswer(shown, tableText(table), rules), about, outcome: 'answered', rows: table.rows.length };
}

interface FileContext {
  readonly caller: Caller;
  readonly rules: ChatRules;
  readonly ports: ChatPorts;
  readonly link: TableAnswer['link'];
}

/** An answer that does not fit goes into a file besides, where there is a token; else the link leads to all of it. */
async function withFile(answer: TableAnswer, { caller, link, ports, rules }: FileContext): Promise<Result['answer']> {
  const texts = CHAT_TEXTS[rules.language];
  const laidOut = tableText(answer.table);
  const linked = link === undefined ? answer : { ...answer, link };
  const isLong = laidOut.shownRows < answer.table.rows.length || laidOut.isCut;
  if (!isLong || ports.sendFile === undefined) return tableAnswer(linked, laidOut, rules);
  const failure = await ports.sendFile({
    name: fileName(answer.title, answer.window),
    title: inert(answer.title, 100),
    text: formatCsv(answer.table),
    isShared: answer.isShared,
    channel: caller.channel,
    user: caller.user,
  });
  const note = failure === undefined ? (answer.isShared ? texts.fileHere : texts.fileToYou) : texts.fileFailed(inert(failure, 100));
  return tableAnswer({ ...linked, notes: [...answer.notes, note] }, laidOut, rules);
}

function fileName(title: string, { toMs }: Window): string {
  const name =
    title
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 60) || 'answer';
  return `${name}-${new Date(toMs).toISOString().slice(0, 16).replaceAll(':', '')}.csv`;
}
