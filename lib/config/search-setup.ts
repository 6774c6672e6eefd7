import type { SearchFamily, SearchSetup } from '../../lambdas/core/index/search-setup.ts';
import { matchesWildcard } from '../../lambdas/core/rules/wildcard.ts';
import type { FamilyConfig } from './families.ts';
import type { ApplicationConfig, ClusterConfig, Config, SourceConfig } from './resolve.ts';

/** What search-setup installs, as plain data for `search-setup.json`. The functions' roles are added at deploy time. */
export function searchSetupFor(config: Config): SearchSetup {
  const { admins, readers } = config.search.access;
  return {
    prefix: config.prefix,
    families: config.families.map((family) => searchFamily(config, family)).filter(({ clusters }) => clusters.length > 0),
    access: {
      admins: [...admins.roles, ...admins.samlGroups],
      readers: mergedReaders(readers),
      writers: [],
    },
  };
}

/** One entry per family: each becomes one role, and a second mapping of the same role would replace the first. */
function mergedReaders(readers: Config['search']['access']['readers']): { family: string; backendRoles: string[] }[] {
  const byFamily = new Map<string, Set<string>>();
  for (const { family, roles, samlGroups } of readers) {
    const backendRoles = byFamily.get(family) ?? new Set();
    for (const name of [...roles, ...samlGroups]) backendRoles.add(name);
    byFamily.set(family, backendRoles);
  }
  return [...byFamily].map(([family, backendRoles]) => ({ family, backendRoles: [...backendRoles] }));
}

function searchFamily(config: Config, family: FamilyConfig): SearchFamily {
  const { name, period, retentionDays, warmAfterDays, coldAfterDays, shards, replicas, refreshSeconds, fields } = family;
  return {
    name,
    kind: isAuditFamily(config, name) ? 'audit' : 'records',
    clusters: clustersOf(config, name).map(({ indexName }) => indexName),
    period,
    retentionDays,
    ...(warmAfterDays === undefined ? {} : { warmAfterDays }),
    ...(coldAfterDays === undefined ? {} : { coldAfterDays }),
    shards,
    replicas,
    refreshSeconds,
    fields,
  };
}

/** Clusters whose sources or applications write to a family, in the file's order. */
export function clustersOf(config: Config, family: string): ClusterConfig[] {
  return config.clusters.filter((cluster) => {
    const sources = config.sources.filter((source) => source.cluster === cluster.name && source.route !== 'none');
    if (sources.some((source) => familiesOf(source).includes(family))) return true;
    if (config.loadBalancers.logs.some((log) => log.cluster === cluster.name && log.search && log.family === family)) return true;
    return config.applications.some((application) => application.family === family && canOccur(application, cluster, sources));
  });
}

/** Families in which a source's records end up where no application claims them. */
export function familiesOf(source: SourceConfig): string[] {
  return source.controlPlaneFamilies ? [...new Set([...Object.values(source.controlPlaneFamilies), source.family])] : [source.family];
}

/** Container records come by sources of kind application, and by groups of the user's own that hold such records. */
function canOccur({ match }: ApplicationConfig, cluster: ClusterConfig, sources: readonly SourceConfig[]): boolean {
  const brings = sources.some(({ kind }) => kind !== 'controlPlane' && kind !== 'performance');
  return brings && (match.cluster === undefined || matchesWildcard(match.cluster, cluster.name));
}

/** Audit events have a mapping of their own; a family that holds nothing else gets it. */
function isAuditFamily(config: Config, family: string): boolean {
  const isBuiltin = config.sources.some((source) => source.controlPlaneFamilies?.audit === family);
  const others = config.sources.filter((source) => !source.controlPlaneFamilies && source.family === family);
  const isOnlyAudit = others.length > 0 && others.every(({ format }) => format === 'audit');
  return (
    (isBuiltin && others.every(({ format }) => format === 'audit')) ||
    (isOnlyAudit && !config.applications.some((app) => app.family === family))
  );
}
