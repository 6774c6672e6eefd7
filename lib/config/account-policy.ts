import type { Config } from './resolve.ts';

/** Longest selection criteria of an account-level subscription policy, in bytes (PutAccountPolicy, 2026). */
export const MAX_SELECTION_BYTES = 25_000;

/** Groups that the account policy must leave out, sorted: fed with our own functions' logs it would feed itself without end. */
export function excludedLogGroups(config: Config, ownGroups: readonly string[] = ownLogGroups(config)): string[] {
  return [...new Set([...ownGroups, ...config.accountSubscription.excludeLogGroups])].sort();
}

/** The policy's selection criteria: the only form that CloudWatch takes. `ownGroups`: groups of the functions that are deployed. */
export function accountSelection(config: Config, ownGroups?: readonly string[]): string {
  return `LogGroupName NOT IN ${JSON.stringify(excludedLogGroups(config, ownGroups))}`;
}

/** Groups of our own functions as far as the config tells; the stacks pass the exact list. */
function ownLogGroups(config: Config): string[] {
  const functions = [
    'search-setup',
    'search-setup-provider',
    'control-plane-logging',
    'control-plane-logging-provider',
    'log-group-setup',
    'log-group-setup-provider',
  ];
  const indexers = config.clusters.flatMap(({ name }) => [`${name}-log-indexer-direct`, `${name}-log-indexer-stream`]);
  return [...functions, ...indexers].map((name) => `/aws/lambda/${config.prefix}-${name}`);
}
