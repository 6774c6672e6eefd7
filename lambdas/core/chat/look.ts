import { indexPattern } from '../index/index-name.ts';
import type { LookCommand } from './command.ts';
import type { Window } from './question.ts';
import type { ChatCluster, ChatRules } from './rules.ts';
import type { ChatTable } from './table.ts';
import type { ChatTexts } from './text-shape.ts';

/** One search: path and body of `_search`. */
export interface SearchRequest {
  readonly path: string;
  readonly body: object;
}

/** As much of an answer of `_search` as is read. */
export interface SearchAnswer {
  readonly hits?: { readonly hits?: readonly { readonly _source?: unknown }[] };
  readonly aggregations?: {
    readonly pods?: {
      readonly buckets?: readonly {
        readonly key?: readonly unknown[];
        readonly doc_count?: number;
        readonly last?: { readonly value?: number | null };
        readonly errors?: { readonly doc_count?: number };
      }[];
    };
  };
}

const MAX_HITS = 200;
const ERROR_LEVELS = ['error', 'fatal'];
/** The engine gives up after this: a question from a channel must not hold up the index. */
const ENGINE_TIMEOUT = '8s';

/** The search that answers `pods`, `events` or `logs`; undefined where no index of that kind is open. Values are terms and phrases: nothing in them is a query. */
export function searchOf(
  command: LookCommand,
  cluster: ChatCluster,
  { fromMs, toMs }: Window,
  { indices, limits }: ChatRules,
): SearchRequest | undefined {
  const families = command.name === 'events' ? indices.events : indices.records;
  if (families.length === 0) return undefined;
  const patterns = families.map((family) => encodeURIComponent(indexPattern(family, cluster.indexName)).replaceAll('%2A', '*')).join(',');
  const path = `/${patterns}/_search?ignore_unavailable=true&allow_no_indices=true`;
  const size = Math.min(command.limit ?? 50, limits.maxRows, MAX_HITS);
  const filter = [{ range: { '@timestamp': { gte: fromMs, lte: toMs, format: 'epoch_millis' } } }, ...filtersOf(command)];
  const common = { timeout: ENGINE_TIMEOUT, query: { bool: { filter } } };
  if (command.name === 'pods')
    return { path, body: { ...common, size: 0, track_total_hits: false, aggs: { pods: podsAggregation(size) } } };
  return { path, body: { ...common, size, track_total_hits: false, sort: [{ '@timestamp': 'desc' }], _source: sourceOf(command) } };
}

function filtersOf({ container, level, name, namespace, object, reason, text }: LookCommand): object[] {
  if (name === 'events') {
    return [
      ...(namespace === undefined ? [] : [{ term: { 'json.involvedObject.namespace': namespace } }]),
      ...(object === undefined ? [] : [{ prefix: { 'json.involvedObject.name': object } }]),
      ...(reason === undefined ? [] : [{ term: { 'json.reason': reason } }]),
    ];
  }
  return [
    { exists: { field: 'kubernetes.pod_name' } },
    ...(namespace === undefined ? [] : [{ term: { 'kubernetes.namespace_name': namespace } }]),
    ...(object === undefined ? [] : [{ prefix: { 'kubernetes.pod_name': object } }]),
    ...(container === undefined ? [] : [{ term: { 'kubernetes.container_name': container } }]),
    ...(level === undefined ? [] : [{ term: { 'log.level': level.toLowerCase() } }]),
    ...(text === undefined ? [] : [{ match_phrase: { message: text } }]),
  ];
}

function podsAggregation(size: number): object {
  return {
    multi_terms: {
      terms: [{ field: 'kubernetes.namespace_name' }, { field: 'kubernetes.pod_name' }],
      size,
      order: { last: 'desc' },
    },
    aggs: { last: { max: { field: '@timestamp' } }, errors: { filter: { terms: { 'log.level': ERROR_LEVELS } } } },
  };
}

function sourceOf({ name }: LookCommand): string[] {
  return name === 'events'
    ? ['@timestamp', 'message', 'json.type', 'json.reason', 'json.count', 'json.involvedObject', 'json.series']
    : ['@timestamp', 'message', 'log.level', 'kubernetes.namespace_name', 'kubernetes.pod_name', 'kubernetes.container_name'];
}

/** The answer as a table, newest first. */
export function readSearch({ name }: LookCommand, { aggregations, hits }: SearchAnswer, { columns }: ChatTexts): ChatTable {
  if (name === 'pods') {
    return {
      columns: [columns.namespace, columns.pod, columns.lines, columns.errors, columns.last],
      rows: (aggregations?.pods?.buckets ?? []).map(({ doc_count, errors, key, last }) => [
        ...[0, 1].map((at) => textOf(key?.[at])),
        textOf(doc_count),
        textOf(errors?.doc_count),
        typeof last?.value === 'number' ? timeText(new Date(last.value).toISOString()) : undefined,
      ]),
    };
  }
  const sources = (hits?.hits ?? []).map(({ _source }) => _source);
  if (name === 'logs') {
    return {
      columns: [columns.time, columns.pod, columns.container, columns.level, columns.message],
      rows: sources.map((source) => [
        timeText(textOf(at(source, '@timestamp'))),
        textOf(at(source, 'kubernetes', 'pod_name')),
        textOf(at(source, 'kubernetes', 'container_name')),
        textOf(at(source, 'log', 'level')),
        textOf(at(source, 'message')),
      ]),
    };
  }
  return {
    columns: [columns.time, columns.type, columns.reason, columns.object, columns.count, columns.message],
    rows: sources.map((source) => {
      const [kind, namespace, object] = ['kind', 'namespace', 'name'].map((member) => textOf(at(source, 'json', 'involvedObject', member)));
      return [
        timeText(textOf(at(source, '@timestamp'))),
        textOf(at(source, 'json', 'type')),
        textOf(at(source, 'json', 'reason')),
        [kind, [namespace, object].filter((part) => part !== undefined && part !== '').join('/')]
          .filter((part) => part !== undefined && part !== '')
          .join(' '),
        textOf(at(source, 'json', 'series', 'count') ?? at(source, 'json', 'count')),
        textOf(at(source, 'message')),
      ];
    }),
  };
}

/** A time of an index without its zone, which is UTC, to the second. */
function timeText(iso: string | undefined): string | undefined {
  return iso?.slice(0, 19).replace('T', ' ');
}

/** A member by its path, whether objects are nested or a name holds dots. */
function at(value: unknown, ...path: readonly string[]): unknown {
  if (path.length === 0) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  for (let taken = path.length; taken > 0; taken--) {
    const name = path.slice(0, taken).join('.');
    if (Object.hasOwn(value, name)) return at((value as { readonly [name: string]: unknown })[name], ...path.slice(taken));
  }
  return undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
