/** How a log alarm makes numbers of its query's rows. */
export interface Aggregation {
  readonly call: 'count' | 'avg' | 'sum' | 'min' | 'max';
  /** What is counted or summed; `*` for all rows. */
  readonly of: string;
  /** Fields that make a contributor each; empty for one number. */
  readonly by: readonly string[];
  readonly order: 'asc' | 'desc' | undefined;
}

/** Fields behind `by`, groups of one run, contributors kept in ALARM (user guide, "Log alarms"). */
export const MAX_AGGREGATION_FIELDS = 5;
export const MAX_LOG_GROUPS_OF_RESULT = 500;
export const MAX_LOG_CONTRIBUTORS = 100;
/** Longest aggregation in characters (ScheduledQueryConfiguration; a page of the guide says 256). */
export const MAX_AGGREGATION_LENGTH = 2048;

const SHAPE = /^\s*(count|avg|sum|min|max)\s*\(\s*(\*|[^()]+?)\s*\)(?:\s+by\s+(.+?))?(?:\s*\|\s*sort(?:\s+by)?\s+(asc|desc))?\s*$/i;

/** Reads an aggregation, or says what is wrong with it. */
export function parseAggregation(
  text: string,
): { readonly ok: true; readonly aggregation: Aggregation } | { readonly ok: false; readonly reason: string } {
  const fail = (reason: string) => ({ ok: false, reason }) as const;
  if (text.length > MAX_AGGREGATION_LENGTH) return fail(`an aggregation has at most ${MAX_AGGREGATION_LENGTH} characters`);
  const match = SHAPE.exec(text);
  if (match === null)
    return fail('an aggregation is count(*), avg(f), sum(f), min(f) or max(f), then perhaps `by field, …` and `| sort desc`');
  const call = (match[1] ?? '').toLowerCase() as Aggregation['call'];
  const of = match[2] ?? '*';
  const by = (match[3] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (of === '*' && call !== 'count') return fail(`${call} takes a field; only count takes *`);
  if (by.length > MAX_AGGREGATION_FIELDS) return fail(`at most ${MAX_AGGREGATION_FIELDS} fields stand behind by, not ${by.length}`);
  if (by.some((name) => /\bbin\s*\(/i.test(name))) return fail('bin() cannot stand behind by: each run is one point already');
  return { ok: true, aggregation: { call, of, by, order: match[4]?.toLowerCase() as 'asc' | 'desc' | undefined } };
}

/** Name of the column that holds the number. */
export const AGGREGATE_COLUMN = 'alarmValue';

/** The query that a run asks: the rows of the alarm's query, made numbers. Without an order the groups come by their names. */
export function aggregatedQuery(query: string, { call, of, by, order }: Aggregation): string {
  const groups = by.length === 0 ? '' : ` by ${by.join(', ')}`;
  const sort = by.length === 0 ? '' : `\n| sort ${order === undefined ? `${by[0]} asc` : `${AGGREGATE_COLUMN} ${order}`}`;
  return `${query.trim()}\n| stats ${call}(${of}) as ${AGGREGATE_COLUMN}${groups}${sort}\n| limit ${MAX_LOG_GROUPS_OF_RESULT}`;
}
