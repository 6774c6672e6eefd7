import { ownLogGroups } from './own-log-groups.ts';
import type { Config, SourceConfig } from './resolve.ts';

/** Longest selection criteria of an account-level subscription policy, in bytes: "up to 25 KB" (PutAccountPolicy, API reference of 2026), the smaller kind of KB. */
export const MAX_SELECTION_BYTES = 25_000;

/** Sources that ride on the account-level policy, in the file's order: `check` makes sure that they share cluster, route, pattern and stream. */
export function accountSources({ search, sources }: Pick<Config, 'search' | 'sources'>): SourceConfig[] {
  if (search.mode === 'none') return [];
  return sources.filter(({ subscription, route }) => subscription === 'account' && route !== 'none');
}

/**
 * Groups that the account policy leaves out besides this app's own, sorted: those that the config names, those with a filter of their own
 * (they would be delivered twice) and those with route none. A group that a source of the policy names itself stays in.
 */
export function groupsLeftOut(config: Config): string[] {
  const wanted = new Set(accountSources(config).map(({ logGroup }) => logGroup));
  const others = config.sources.filter(({ subscription, route }) => subscription === 'perGroup' || route === 'none');
  const left = others.map(({ logGroup }) => logGroup).filter((group) => !wanted.has(group) && !group.endsWith('*'));
  return [...new Set([...config.accountSubscription.excludeLogGroups, ...left])].sort();
}

/** Every group that the policy leaves out, sorted: fed with our own functions' logs it would feed itself without end. */
export function excludedLogGroups(config: Config): string[] {
  return [...new Set([...ownLogGroups(config), ...groupsLeftOut(config)])].sort();
}

/** Selection criteria of an account policy: the only form that CloudWatch Logs takes for subscriptions. */
export function selectionCriteria(logGroupNames: readonly string[]): string {
  return `LogGroupName NOT IN ${JSON.stringify(logGroupNames)}`;
}
