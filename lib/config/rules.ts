import type {
  ApplicationRule,
  ExclusionCondition,
  ExclusionRule,
  IndexFamily,
  RegexPattern,
  Rules,
  SourceRule,
} from '../../lambdas/core/rules/rules.ts';
import { matchesWildcard } from '../../lambdas/core/rules/wildcard.ts';
import { accountSources } from './account-policy.ts';
import { redactionRules } from './redaction-rules.ts';
import type { ApplicationConfig, Config, SourceConfig } from './resolve.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** PutLogEvents takes events from 14 days back to 2 hours ahead (API reference); nothing live can be outside. */
const TIME_BOUNDS = { backMs: 14 * DAY_MS, aheadMs: 2 * HOUR_MS } as const;

export interface RulesOptions {
  /** Only sources of this route: two functions that read one log group then know their own source. */
  readonly route?: SourceConfig['route'];
  /** Only sources that are archived, whatever their route. */
  readonly archived?: boolean;
}

/** What the functions of one cluster need to know, as plain data for `rules.json`. */
export function rulesFor(config: Config, clusterName: string, options: RulesOptions = {}): Rules {
  const cluster = config.clusters.find(({ name }) => name === clusterName);
  if (!cluster)
    throw new Error(`no cluster "${clusterName}" in the config; clusters: ${config.clusters.map(({ name }) => name).join(', ')}`);
  const sources = config.sources.filter(
    (source) =>
      source.cluster === clusterName &&
      (options.archived === true
        ? source.archive
        : source.route !== 'none' && (options.route === undefined || source.route === options.route)),
  );
  const families: { [name: string]: IndexFamily } = {};
  for (const { name, period, retentionDays, warmAfterDays } of config.families)
    families[name] = { period, retentionDays, ...defined({ warmAfterDays }) };
  return {
    account: config.account,
    region: config.region,
    sources: sources.map((source) => sourceRule(source, cluster.indexName, config)),
    applications: config.applications
      .filter(({ match }) => match.cluster === undefined || matchesWildcard(match.cluster, clusterName))
      .map((application) => applicationRule(application, config)),
    families,
    redaction: redactionRules(config.redaction),
    timeBounds: TIME_BOUNDS,
    // The account policy selects by NOT IN only: groups that nobody named arrive as well, and are no errors.
    ...(options.archived !== true && accountSources({ search: config.search, sources }).length > 0
      ? { unknownLogGroups: 'exclude' as const }
      : {}),
  };
}

function sourceRule(source: SourceConfig, clusterIndexName: string, config: Config): SourceRule {
  const pattern = patternOf(source.format, config);
  return {
    name: source.name,
    kind: source.kind,
    cluster: source.cluster,
    clusterIndexName,
    logGroups: [source.logGroup],
    family: source.family,
    ...(source.controlPlaneFamilies ? { controlPlaneFamilies: source.controlPlaneFamilies } : {}),
    format: source.format,
    ...(pattern ? { pattern } : {}),
    ...(Object.keys(source.fields).length > 0 ? { fields: source.fields } : {}),
    exclusions: source.exclusions.map(exclusionRule),
  };
}

function applicationRule(application: ApplicationConfig, config: Config): ApplicationRule {
  const pattern = patternOf(application.format, config);
  return {
    name: application.name,
    ...defined({ owner: application.owner }),
    match: defined(application.match),
    format: application.format,
    ...(pattern ? { pattern } : {}),
    fields: application.fields,
    family: application.family,
    exclusions: application.exclusions.map(exclusionRule),
    ...(application.redaction ? { redaction: redactionRules(application.redaction) } : {}),
  };
}

function patternOf(format: string, config: Config): RegexPattern | undefined {
  if (!format.startsWith('regex:')) return undefined;
  const pattern = config.patterns[format.slice('regex:'.length)];
  return pattern && defined(pattern);
}

function exclusionRule(exclusion: SourceConfig['exclusions'][number]): ExclusionRule {
  return {
    name: exclusion.name,
    when: exclusion.when.map((condition): ExclusionCondition => defined(condition)),
    ...(exclusion.countOnly ? { countOnly: true } : {}),
  };
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without members that are undefined: JSON has none, and types that are exact about optional members refuse them. */
function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
