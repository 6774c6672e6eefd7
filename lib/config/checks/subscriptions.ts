import { compileFilterPattern } from '../../../lambdas/core/filter-pattern/compile.ts';
import { excludedLogGroups, MAX_SELECTION_BYTES, selectionCriteria } from '../account-policy.ts';
import type { Config, SourceConfig } from '../resolve.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';

/** Subscription filters on one log group (PutSubscriptionFilter, API reference of 2026), and account-level policies per Region. */
export const MAX_FILTERS_PER_GROUP = 2;
export const MAX_ACCOUNT_POLICIES = 1;

/** Subscription and metric filters of one log group that may hold a regular expression (quotas of CloudWatch Logs, user guide of 2026). */
export const MAX_REGEX_FILTERS_PER_GROUP = 5;

/** Slots of log groups and of the account: CloudWatch refuses one filter too many only in the middle of a deploy. */
export const checkSubscriptions: Check = (context, report) => {
  checkGroups(context, report);
  checkAccountPolicy(context, report);
};

interface Numbered {
  readonly source: SourceConfig;
  readonly index: number;
}

/** Sources that use a log group by a filter of their own, by group. */
export function filtersByGroup(sources: readonly SourceConfig[]): Map<string, Numbered[]> {
  const groups = new Map<string, Numbered[]>();
  for (const [index, source] of sources.entries()) {
    if (source.logGroup === '') continue;
    const users = groups.get(source.logGroup) ?? [];
    users.push({ source, index });
    groups.set(source.logGroup, users);
  }
  return groups;
}

function checkGroups({ config }: CheckContext, report: CheckReport): void {
  for (const [group, users] of filtersByGroup(config.sources)) {
    const ours = users.filter(({ source }) => filtersOf(source) > 0);
    const count = ours.reduce((sum, { source }) => sum + filtersOf(source), 0);
    const foreign = users.reduce((most, { source }) => Math.max(most, source.foreignFilters), 0);
    const last = ours.at(-1);
    if (last && count + foreign > MAX_FILTERS_PER_GROUP) {
      const names = ours.map(({ source }) => `${source.name}${source.archive ? ' with its archive' : ''}`).join(', ');
      report.problem({
        path: ['sources', last.index],
        what: `log group ${group} would have ${count + foreign} subscription filters (${names}${foreign > 0 ? ` and ${foreign} of others` : ''}); remove one, or take subscription: account for one`,
        limit: `${MAX_FILTERS_PER_GROUP} per log group`,
      });
    }
    checkRegexFilters(group, users, report);
    checkSameRoute(group, users, report);
  }
}

/** Subscription filters that a source puts on its group: its route's, and the archive's. */
export function filtersOf({ archive, route, subscription }: SourceConfig): number {
  return (route !== 'none' && subscription === 'perGroup' ? 1 : 0) + (archive ? 1 : 0);
}

/** Whether CloudWatch counts a source's filter among those with a regular expression; how many one pattern may hold, its grammar says. */
function hasRegex({ filterPattern }: SourceConfig): boolean {
  const pattern = compileFilterPattern(filterPattern);
  return pattern.ok && pattern.regexCount > 0;
}

function checkRegexFilters(group: string, users: readonly Numbered[], report: CheckReport): void {
  const ours = users.filter(({ source }) => isDelivered(source) && source.subscription === 'perGroup' && hasRegex(source));
  const foreign = users.reduce((most, { source }) => Math.max(most, source.foreignRegexFilters), 0);
  const last = ours.at(-1);
  if (!last || ours.length + foreign <= MAX_REGEX_FILTERS_PER_GROUP) return;
  report.problem({
    path: ['sources', last.index, 'filterPattern'],
    what: `log group ${group} would have ${ours.length + foreign} filters with a regular expression (${ours.length} of this app, ${foreign} of others); write this pattern without one, or use exclusions`,
    limit: `${MAX_REGEX_FILTERS_PER_GROUP} subscription and metric filters per log group`,
    value: last.source.filterPattern,
  });
}

/** Two sources that share a group, a cluster and a route share a function too, which then cannot tell whose events it reads. */
function checkSameRoute(group: string, users: readonly Numbered[], report: CheckReport): void {
  for (const [position, { source, index }] of users.entries()) {
    const twin = users.slice(0, position).find((other) => other.source.cluster === source.cluster && other.source.route === source.route);
    if (twin) {
      const what = `source ${twin.source.name} already takes log group ${group} by route ${source.route}; one group is one source per route`;
      report.problem({ path: ['sources', index], what, value: source.name });
      continue;
    }
    const double = users.slice(0, position).find((other) => isDelivered(other.source) && isDelivered(source));
    if (double && double.source.filterPattern === source.filterPattern) {
      const what = `source ${double.source.name} takes the same events of ${group}: each is delivered and paid twice, and the second counts as duplicate`;
      report.warning({ path: ['sources', index], what, value: source.name });
    }
  }
}

function isDelivered(source: SourceConfig): boolean {
  return source.route !== 'none';
}

function checkAccountPolicy(context: CheckContext, report: CheckReport): void {
  const { config } = context;
  const users = config.sources
    .map((source, index) => ({ source, index }))
    .filter(({ source }) => source.subscription === 'account' && isDelivered(source));
  const [first, ...others] = users;
  if (!first) return;
  const foreign = config.accountSubscription.foreignPolicies;
  if (foreign + 1 > MAX_ACCOUNT_POLICIES) {
    report.problem({
      path: ['sources', first.index, 'subscription'],
      what: 'the account already has a subscription policy of others (accountSubscription.foreignPolicies); use perGroup',
      limit: `${MAX_ACCOUNT_POLICIES} account-level policy per Region`,
      value: 'account',
    });
  }
  for (const { source, index } of others) {
    checkSamePolicy(first.source, source, index, report);
    checkSameStream(context, first.source, source, index, report);
  }
  checkLeftOut(config, report);
  if (!users.some(({ source }) => source.logGroup === '*')) {
    report.warning({
      path: ['sources', first.index, 'subscription'],
      what: 'the account policy sends every log group of the Region; events of groups that no source names are paid for, counted as excluded under unknown-log-group and dropped. To index them add a source with logGroup: "*"; to pay less list them in accountSubscription.excludeLogGroups',
      value: 'account',
    });
  }
  const bytes = Buffer.byteLength(selectionCriteria(excludedLogGroups(config)));
  if (bytes > MAX_SELECTION_BYTES) {
    report.problem({
      path: ['accountSubscription', 'excludeLogGroups'],
      what: `the selection of the account policy would have ${bytes} bytes, our own groups and those with a filter of their own included; exclude fewer groups`,
      limit: `${MAX_SELECTION_BYTES} bytes`,
    });
  }
}

/** There is one policy with one destination and one pattern, so its sources cannot differ in them. */
function checkSamePolicy(first: SourceConfig, source: SourceConfig, index: number, report: CheckReport): void {
  for (const field of ['cluster', 'route', 'filterPattern'] as const) {
    if (source[field] === first[field]) continue;
    const what = `there is one account policy, and source ${first.name} already says ${field} ${JSON.stringify(first[field])}; say the same, or use perGroup`;
    report.problem({ path: ['sources', index, field], what, limit: JSON.stringify(first[field]), value: source[field] });
  }
}

/** All sources of the policy share one stream, which the first one describes. */
function checkSameStream({ isGiven }: CheckContext, first: SourceConfig, source: SourceConfig, index: number, report: CheckReport): void {
  if (source.route !== 'stream' || first.route !== 'stream') return;
  for (const field of Object.keys(source.stream) as (keyof SourceConfig['stream'])[]) {
    const path = ['sources', index, 'stream', field];
    if (!isGiven(path) || source.stream[field] === first.stream[field]) continue;
    const what = `the sources of the account policy share one stream, and source ${first.name} describes it; say the same, or leave it out here`;
    report.problem({ path, what, limit: String(first.stream[field] ?? 'none'), value: source.stream[field] });
  }
}

/** The criteria compare whole names. */
function checkLeftOut(config: Config, report: CheckReport): void {
  for (const [index, name] of config.accountSubscription.excludeLogGroups.entries()) {
    if (!name.endsWith('*')) continue;
    const what = 'the account policy leaves out groups by their whole names; a prefix would leave out nothing';
    report.problem({ path: ['accountSubscription', 'excludeLogGroups', index], what, limit: 'a whole name', value: name });
  }
}
