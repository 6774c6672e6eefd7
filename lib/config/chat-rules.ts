import type { ChatQuery, ChatRules } from '../../lambdas/core/chat/rules.ts';
import { matchesWildcard } from '../../lambdas/core/rules/wildcard.ts';
import { chatWorkerName } from './alert-names.ts';
import { KIND_FAMILIES } from './families.ts';
import { roleName } from './names.ts';
import { priceOf } from './prices.ts';
import { planQueries } from './query-plan.ts';
import { partitionOf } from './regions.ts';
import type { Config } from './resolve.ts';
import { clustersOf } from './search-setup.ts';

/** Whether anybody is answered: the chat stands on the table of alerts. */
export function hasChat({ slack }: Pick<Config, 'slack'>): boolean {
  return slack.enabled && slack.chat.enabled && slack.receivers.length > 0;
}

/** The rules that both functions carry in their assets. A config that passed its checks has a signing secret. */
export function chatRulesFor(config: Config): ChatRules {
  const { account, clusters, collection, redaction, region, slack } = config;
  const { botToken, botTokenKey, channels, command, limits, logGroups, signingSecret, signingSecretKey, silencers, users, workspaces } =
    slack.chat;
  const price = priceOf(config, 'logsInsightsPerGb');
  return {
    account,
    region,
    language: slack.language,
    command,
    signingSecret: { arn: signingSecret ?? '', ...(signingSecretKey === undefined ? {} : { key: signingSecretKey }) },
    ...(botToken === undefined ? {} : { botToken: { arn: botToken, ...(botTokenKey === undefined ? {} : { key: botTokenKey }) } }),
    access: { workspaces, channels, users, silencers, approvers: slack.approvals.approvers },
    pipelines: slack.approvals.pipelines,
    limits: {
      maxScanBytes: Math.round(limits.maxScanGb * 1e9),
      maxRangeMs: limits.maxRangeHours * 3_600_000,
      defaultRangeMs: limits.defaultRangeMinutes * 60_000,
      timeoutMs: limits.timeoutSeconds * 1000,
      maxRows: limits.maxRows,
    },
    logGroups,
    queries: chatQueries(config),
    clusters: clusters.map(({ indexName, name }) => ({ name, indexName })),
    indices: chatFamilies(config),
    hasClassicMetrics: collection.metrics === 'classic',
    ...(price === undefined ? {} : { pricePerGb: price.usd }),
    redaction,
  };
}

/** Saved queries that may be asked, with the log groups of each cluster that has them; those whose groups are not listed are left out. */
function chatQueries(config: Config): ChatQuery[] {
  const { logGroups: allowed, queries: names } = config.slack.chat;
  const found = new Map<string, ChatQuery & { readonly logGroups: { [cluster: string]: readonly string[] } }>();
  for (const cluster of config.clusters) {
    for (const { file, logGroupNames, name } of planQueries(config, cluster).deployed) {
      if (!names.some((pattern) => matchesWildcard(pattern, name))) continue;
      if (!logGroupNames.every((group) => allowed.some((pattern) => matchesWildcard(pattern, group)))) continue;
      const { parameters, query, question } = file;
      const known = found.get(name) ?? { name, question, query: query.trim(), parameters, logGroups: {} };
      known.logGroups[cluster.name] = logGroupNames;
      found.set(name, known);
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Log groups that chat-worker may ask: exactly those of the queries. */
export function chatLogGroups({ queries }: Pick<ChatRules, 'queries'>): string[] {
  return [...new Set(queries.flatMap(({ logGroups }) => Object.values(logGroups).flat()))].sort();
}

/** Families that are open to the channel, by what they hold: only those that get documents. */
function chatFamilies(config: Config): ChatRules['indices'] {
  const { applications, families, search, slack } = config;
  const isOpen = (name: string): boolean => slack.chat.families.includes('*') || slack.chat.families.includes(name);
  const open =
    search.mode === 'none'
      ? []
      : families.filter(({ name }) => isOpen(name) && clustersOf(config, name).length > 0).map(({ name }) => name);
  const holds = new Set<string>([
    ...config.sources.filter(({ kind }) => kind === 'application' || kind === 'dataplane').map(({ family }) => family),
    ...applications.map(({ family }) => family),
  ]);
  const events = new Set<string>([
    KIND_FAMILIES.events,
    ...config.sources.filter(({ kind }) => kind === 'events').map(({ family }) => family),
  ]);
  return { records: open.filter((name) => holds.has(name)), events: open.filter((name) => events.has(name)) };
}

/** Whether the worker searches, and so has a role in the domain and runs where the domain is. */
export function chatSearches(config: Config): boolean {
  if (!hasChat(config)) return false;
  const { events, records } = chatFamilies(config);
  return records.length + events.length > 0;
}

/** What search-setup lets the worker read: its role, and the families. Undefined where it reads none. */
export function chatReader(config: Config): { readonly families: readonly string[]; readonly backendRoles: readonly string[] } | undefined {
  if (!chatSearches(config)) return undefined;
  const { events, records } = chatFamilies(config);
  const role = roleName(config.region, chatWorkerName(config.prefix));
  return {
    families: [...new Set([...records, ...events])],
    backendRoles: [`arn:${partitionOf(config.region)}:iam::${config.account}:role/${role}`],
  };
}
