import { matchesWildcard } from '../rules/wildcard.ts';
import { code } from '../slack/escape.ts';
import { durationText } from '../slack/format.ts';
import { TEXTS } from '../slack/texts.ts';
import type { AskedScope, RunCommand } from './command.ts';
import { bindParameters } from './parameters.ts';
import type { ChatQuery, ChatRules } from './rules.ts';
import { readTime } from './span.ts';
import { CHAT_TEXTS } from './texts.ts';

/** A window in ms. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A question for Logs Insights, within all that the config allows. */
export interface Question extends Window {
  /** Name of the saved query. */
  readonly name: string;
  readonly cluster: string;
  readonly query: string;
  readonly logGroups: readonly string[];
  readonly limit: number;
}

/** Something, or why there is none, in words for who asked. */
export type Resolved<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly text: string; readonly reason: string };

const no = (reason: string, text: string): { readonly ok: false; readonly text: string; readonly reason: string } => ({
  ok: false,
  text,
  reason,
});

/** The window of a question, by the run's clock; the end comes first to its limit. */
export function resolveWindow({ since, until }: AskedScope, rules: ChatRules, nowMs: number): Resolved<Window> {
  const texts = CHAT_TEXTS[rules.language];
  const { defaultRangeMs, maxRangeMs } = rules.limits;
  const toMs = until === undefined ? nowMs : readTime(until, nowMs);
  if (toMs === undefined) return no('bad-time', texts.badTime(code(until ?? '', 60)));
  const fromMs = since === undefined ? toMs - Math.min(defaultRangeMs, maxRangeMs) : readTime(since, nowMs);
  if (fromMs === undefined) return no('bad-time', texts.badTime(code(since ?? '', 60)));
  if (fromMs >= toMs || fromMs < 0) return no('bad-range', texts.badRange);
  if (toMs - fromMs > maxRangeMs) return no('range-too-long', texts.rangeTooLong(durationText(maxRangeMs, TEXTS[rules.language])));
  return { ok: true, value: { fromMs, toMs } };
}

/** The cluster that is meant: named, or the only one. */
export function resolveCluster(cluster: string | undefined, rules: ChatRules): Resolved<ChatRules['clusters'][number]> {
  const texts = CHAT_TEXTS[rules.language];
  const names = rules.clusters.map(({ name }) => code(name, 100)).join(' ');
  const [only, ...others] = rules.clusters;
  if (cluster === undefined)
    return only !== undefined && others.length === 0 ? { ok: true, value: only } : no('no-cluster', texts.whichCluster(names));
  const found = rules.clusters.find(({ name }) => name === cluster);
  return found === undefined ? no('unknown-cluster', texts.unknownCluster(code(cluster, 100), names)) : { ok: true, value: found };
}

/** What `run` asks: only a saved query, only of log groups that are listed, only within the longest window. */
export function resolveRun(command: RunCommand, rules: ChatRules, nowMs: number): Resolved<Question> {
  const texts = CHAT_TEXTS[rules.language];
  const saved = findQuery(command.query, rules.queries);
  if (saved === undefined)
    return no(
      'unknown-query',
      texts.unknownQuery(
        code(command.query, 120),
        nearQueries(command.query, rules.queries).map((name) => code(name, 120)),
      ),
    );
  const clusters = Object.keys(saved.logGroups);
  // With one cluster that has the logs there is nothing to choose.
  const cluster = resolveCluster(command.cluster ?? (clusters.length === 1 ? clusters[0] : undefined), rules);
  if (!cluster.ok) return cluster;
  const { name } = cluster.value;
  const logGroups = Object.hasOwn(saved.logGroups, name) ? (saved.logGroups[name] ?? []) : [];
  if (logGroups.length === 0) return no('not-of-cluster', texts.notOfCluster(code(saved.name, 120), code(name, 100)));
  const refused = logGroups.find((group) => !rules.logGroups.some((pattern) => matchesWildcard(pattern, group)));
  if (refused !== undefined) return no('log-group', texts.groupRefused(code(refused, 200)));
  const window = resolveWindow(command, rules, nowMs);
  if (!window.ok) return window;
  const bound = bindParameters(saved, command.values);
  if (!bound.ok) {
    const parameter = code(bound.name, 100);
    if (bound.problem === 'unknown')
      return no('unknown-parameter', texts.parameterUnknown(parameter, saved.parameters.map((each) => code(each.name, 100)).join(' ')));
    if (bound.problem === 'missing')
      return no(
        'missing-parameter',
        texts.parameterMissing(parameter, code(saved.parameters.find((each) => each.name === bound.name)?.description ?? '', 200)),
      );
    return no('parameter-value', texts.parameterValue(parameter));
  }
  const limit = Math.min(command.limit ?? rules.limits.maxRows, rules.limits.maxRows);
  return { ok: true, value: { name: saved.name, cluster: name, query: bound.text.trim(), logGroups, limit, ...window.value } };
}

/** A query by its name, or by the end of it where that is one query's only. */
function findQuery(name: string, queries: readonly ChatQuery[]): ChatQuery | undefined {
  const exact = queries.find((query) => query.name === name);
  if (exact !== undefined) return exact;
  const ending = queries.filter((query) => query.name.endsWith(`/${name}`));
  return ending.length === 1 ? ending[0] : undefined;
}

/** Names that hold a word of the one that was written. */
function nearQueries(name: string, queries: readonly ChatQuery[]): string[] {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length >= 3);
  const score = (query: ChatQuery): number => words.filter((word) => query.name.includes(word.slice(0, 5))).length;
  return queries
    .map((query) => ({ name: query.name, score: score(query) }))
    .filter((each) => each.score > 0)
    .sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map((each) => each.name);
}
