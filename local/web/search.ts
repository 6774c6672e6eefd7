import type { SearchClient } from '../search/client.ts';

/** What the page asks for. */
export interface SearchRequest {
  /** Index pattern, such as `eks-audit-*`. */
  readonly index: string;
  /** Query in OpenSearch's query string syntax; empty: everything. */
  readonly query: string;
  /** Time that is sorted, bounded and counted by: the log's own (default), or its arrival, which no line can forge. */
  readonly timeField?: string;
  /** Bounds of that time, ISO; absent: open. */
  readonly from?: string;
  readonly to?: string;
  readonly size?: number;
  /** Oldest first instead of newest first. */
  readonly ascending?: boolean;
}

/** One event as the page shows it. */
export interface FoundEvent {
  readonly index: string;
  readonly id: string;
  readonly source: { readonly [field: string]: unknown };
}

/** Events and how they spread over time. */
export interface SearchResult {
  readonly total: number;
  readonly tookMs: number;
  readonly events: readonly FoundEvent[];
  /** Width of a bar, such as `10s`. */
  readonly interval: string;
  readonly histogram: readonly { readonly atMs: number; readonly count: number }[];
  readonly levels: readonly { readonly level: string; readonly count: number }[];
}

interface Answer {
  readonly took: number;
  readonly hits: {
    readonly total: { readonly value: number };
    readonly hits: readonly { readonly _index: string; readonly _id: string; readonly _source: { readonly [field: string]: unknown } }[];
  };
  readonly aggregations?: {
    readonly time?: { readonly interval: string; readonly buckets: readonly { readonly key: number; readonly doc_count: number }[] };
    readonly levels?: { readonly buckets: readonly { readonly key: string; readonly doc_count: number }[] };
  };
}

/** Most events of one answer. */
const MAX_SIZE = 500;
/** Bars of the histogram, at most. */
const BARS = 80;

/** Searches events, newest first. Rejects with the engine's words where it does not take the query. */
export async function searchEvents(client: SearchClient, request: SearchRequest): Promise<SearchResult> {
  if (!/^[a-z0-9*][a-z0-9*.,_-]*$/.test(request.index)) throw new Error(`"${request.index}" is not an index pattern`);
  const timeField = request.timeField === 'event.created' ? 'event.created' : '@timestamp';
  const range = { ...(request.from ? { gte: request.from } : {}), ...(request.to ? { lte: request.to } : {}) };
  const filter: object[] = Object.keys(range).length > 0 ? [{ range: { [timeField]: range } }] : [];
  if (request.query.trim() !== '')
    filter.push({ query_string: { query: request.query, lenient: true, default_operator: 'AND', analyze_wildcard: true } });
  const body = {
    size: Math.min(Math.max(request.size ?? 100, 0), MAX_SIZE),
    track_total_hits: true,
    query: { bool: { filter } },
    sort: [{ [timeField]: { order: request.ascending ? 'asc' : 'desc', unmapped_type: 'date' } }],
    aggs: {
      time: { auto_date_histogram: { field: timeField, buckets: BARS } },
      levels: { terms: { field: 'log.level', size: 8 } },
    },
  };
  const path = `/${encodeURIComponent(request.index)}/_search?ignore_unavailable=true`;
  const answer = await client.request<Answer>('POST', path, body).catch((error: unknown) => {
    throw new Error(reasonOf(error));
  });
  return {
    total: answer.hits.total.value,
    tookMs: answer.took,
    events: answer.hits.hits.map(({ _index, _id, _source }) => ({ index: _index, id: _id, source: _source })),
    interval: answer.aggregations?.time?.interval ?? '',
    histogram: (answer.aggregations?.time?.buckets ?? []).map(({ key, doc_count }) => ({ atMs: key, count: doc_count })),
    levels: (answer.aggregations?.levels?.buckets ?? []).map(({ key, doc_count }) => ({ level: key, count: doc_count })),
  };
}

/** Families of indices with their documents: names without the period at their end. */
export async function listIndices(client: SearchClient): Promise<{ readonly family: string; readonly documents: number }[]> {
  const families = new Map<string, number>();
  for (const [index, documents] of await client.documentCounts('*')) {
    const family = index.replace(/-\d{4}\.(?:w?\d{2})(?:\.\d{2})?(?:[-.]\d{2})?$/, '');
    families.set(family, (families.get(family) ?? 0) + documents);
  }
  return [...families].map(([family, documents]) => ({ family, documents }));
}

/** The engine's own reason, without the JSON around it. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reasons = [...text.matchAll(/"reason":"((?:[^"\\]|\\.)*)"/g)].map((match) => JSON.parse(`"${match[1]}"`) as string);
  return reasons[0] ?? text;
}
