/** Longest query, in characters (StartQuery's own limit). */
export const MAX_QUERY_CHARACTERS = 10_000;
/** `stats` commands in one query (documentation of `stats`, 2026; two until 2024). */
export const MAX_STATS = 10;
/** Rows that a query without `limit` returns. */
export const DEFAULT_LIMIT = 10_000;
/** The largest `limit`. */
export const MAX_LIMIT = 100_000;
/** Branches of `case()`. */
export const MAX_CASE_BRANCHES = 10;
