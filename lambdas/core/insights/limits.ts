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
/**
 * Fields that CloudWatch discovers in one JSON event ("Supported logs and discovered fields"). Which ones of a larger event is not documented; here every
 * field is found, and events where a field of the query lies behind this many others, in the order of the text, are counted.
 */
export const MAX_DISCOVERED_FIELDS = 200;
