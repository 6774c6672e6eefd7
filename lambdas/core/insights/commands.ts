/** A command and whether it can run on files. */
export interface CommandInfo {
  readonly name: string;
  /** Why only CloudWatch can run it. */
  readonly accountOnly?: string;
}

/** Commands that run on files as they do in the account, by lower-case word. */
export const LOCAL_COMMANDS: ReadonlySet<string> = new Set([
  'fields',
  'display',
  'filter',
  'where',
  'filterindex',
  'parse',
  'json',
  'stats',
  'sort',
  'limit',
  'dedup',
  'unnest',
  'expand',
  'addtotals',
  'filldown',
  'fillmissing',
  'accum',
  'autoregress',
  'countfrequent',
  'count_frequent',
]);

/** Commands that are known and refused on files, with the reason. */
export const ACCOUNT_COMMANDS: { readonly [name: string]: string } = {
  pattern: "its clustering is CloudWatch's own",
  anomaly: "its model is CloudWatch's own",
  diff: 'it needs the time range before this one',
  logcompare: 'it needs a second time range',
  join: 'it needs a second log group',
  appendcols: 'it needs a second query',
  lookup: 'it needs a lookup table of the account',
  cidrlookup: 'it needs a lookup table of the account',
  source: 'it chooses log groups of the account',
  unmask: 'masking is done by data protection policies of the account',
  outlier: 'the documentation does not say how it counts quartiles',
  sessionize: 'the documentation does not say how it names a session',
  relevantfields: "its choice is CloudWatch's own",
};
