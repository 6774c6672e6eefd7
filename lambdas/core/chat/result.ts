import { insightsLink } from '../alerts/console-links.ts';
import { type Block, context, linkButton, preformatted, section } from '../slack/blocks.ts';
import { code, inert } from '../slack/escape.ts';
import { dateMark, numberText } from '../slack/format.ts';
import { redactLinks } from '../slack/redact-alert.ts';
import type { RedactText } from '../slack/settings.ts';
import { type ChatAnswer, messageOf } from './answer.ts';
import { bytesText } from './bytes-text.ts';
import type { Question, Window } from './question.ts';
import type { ChatRules } from './rules.ts';
import { type ChatTable, layOutTable, liftShared, type TableText } from './table.ts';
import { CHAT_TEXTS } from './texts.ts';

/** How a query ended. */
export interface QueryOutcome {
  /** CloudWatch's word, or what stopped it here. */
  readonly status: 'Complete' | 'scan-limit' | 'timeout' | string;
  readonly scannedBytes: number;
  readonly scannedEvents: number;
  readonly tookMs: number;
}

/** What an answer with a table is made of. */
export interface TableAnswer {
  /** Such as the query's name: our own text or text of the config. */
  readonly title: string;
  readonly cluster: string;
  readonly window: Window;
  /** Without secrets. */
  readonly table: ChatTable;
  readonly isShared: boolean;
  /** Remarks under the title, in words of ours. */
  readonly notes: readonly string[];
  /** Small text under the table. */
  readonly facts: readonly string[];
  /** Where to see the same, besides. */
  readonly link?: { readonly url: string; readonly text: string };
}

/** A table as it is shown. */
export interface LaidOut extends TableText {
  /** What every row says alike, as a line of Markdown; empty where nothing is. */
  readonly shared: string;
}

/** Lays an answer's table out, once: whether all of it is shown decides about a file. */
export function tableText(whole: ChatTable): LaidOut {
  const { shared, table } = liftShared(whole);
  const line = shared.slice(0, 8).map(({ name, value }) => `${inert(name, 60)} ${code(value, 60)}`);
  return { ...layOutTable(table), shared: line.join('  ·  ') };
}

/** The message of an answer with a table. */
export function tableAnswer(answer: TableAnswer, laidOut: LaidOut, rules: ChatRules): ChatAnswer {
  const texts = CHAT_TEXTS[rules.language];
  const { cluster, facts, link, notes, table, title, window } = answer;
  const count = table.rows.length;
  const rows = count === 0 ? '' : laidOut.shownRows < count ? texts.shownRows(laidOut.shownRows, count) : texts.rows(count);
  // In which zone somebody reads it is not known: a window of half a day may end on another day.
  const isLong = window.toMs - window.fromMs > 12 * 3_600_000;
  const head = `*${inert(title, 150)}*  ·  ${code(cluster, 100)}  ·  ${dateMark(window.fromMs)} – ${isLong ? dateMark(window.toMs) : dateMark(window.toMs, '{time}')}`;
  const blocks: Block[] = [section([head, ...notes, laidOut.shared].filter((line) => line !== '').join('\n'))];
  blocks.push(count === 0 ? section(texts.noRows) : preformatted(laidOut.text));
  const small = [rows, ...facts].filter((fact) => fact !== '').join('  ·  ');
  if (small !== '') blocks.push(context([small]));
  if (link !== undefined) blocks.push({ type: 'actions', elements: [linkButton('link:logs:0', link.text, link.url)] });
  return { message: messageOf(`${inert(title, 150)}: ${count === 0 ? texts.noRows : rows}`, blocks), isPublic: answer.isShared };
}

/** What a query cost, in USD; undefined where nobody knows the price. */
export function costOf(scannedBytes: number, { pricePerGb }: Pick<ChatRules, 'pricePerGb'>): number | undefined {
  return pricePerGb === undefined ? undefined : (scannedBytes / 1e9) * pricePerGb;
}

/** A smaller cost is not worth its digits, in USD. */
const LEAST_COST = 0.0001;

/** Facts under the answer of a query: what was scanned, what that costs, how long it took. */
export function queryFacts(outcome: QueryOutcome, rules: ChatRules): string[] {
  const texts = CHAT_TEXTS[rules.language];
  const cost = costOf(outcome.scannedBytes, rules);
  return [
    texts.scanned(bytesText(outcome.scannedBytes), numberText(outcome.scannedEvents)),
    ...(cost === undefined
      ? []
      : [cost < LEAST_COST ? texts.costUnder(String(LEAST_COST)) : texts.cost(String(Number(cost.toPrecision(2))))]),
    texts.took((outcome.tookMs / 1000).toFixed(1)),
  ];
}

/** Why a query is not complete, in words; nothing where it is. */
export function outcomeNotes({ status }: QueryOutcome, rules: ChatRules): string[] {
  const texts = CHAT_TEXTS[rules.language];
  if (status === 'Complete') return [];
  if (status === 'scan-limit') return [texts.stoppedByScan(bytesText(rules.limits.maxScanBytes))];
  if (status === 'timeout') return [texts.stoppedByTime(Math.round(rules.limits.timeoutMs / 1000))];
  return [texts.queryFailed(code(status, 60))];
}

/** The console with the question filled in; absent where it would hold a secret, or be too long. */
export function questionLink(question: Question, rules: ChatRules, redact: RedactText): TableAnswer['link'] {
  const url = insightsLink({ region: rules.region, ...question });
  const [link] = url === undefined ? [] : redactLinks([{ kind: 'logs', url }], redact);
  return link === undefined || redact(question.query) !== question.query
    ? undefined
    : { url: link.url, text: CHAT_TEXTS[rules.language].openInsights };
}
