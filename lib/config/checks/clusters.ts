import { CONTROL_PLANE_FAMILIES, KIND_FAMILIES } from '../families.ts';
import type { ClusterConfig, Config } from '../resolve.ts';
import { type Check, type CheckReport, reportDuplicates } from './context.ts';

/** Clusters: names, what turns logging on, keys. */
export const checkClusters: Check = ({ config, isIncomplete }, report) => {
  const path = (field: string) => (index: number) => ['clusters', index, field];
  reportDuplicates(config.clusters, { key: ({ name }) => name, path: path('name'), what: 'two clusters have this name' }, report);
  checkIndexNames(config.clusters, report);
  checkEnablement(config.clusters, report);
  for (const [index, cluster] of config.clusters.entries()) {
    const types = cluster.controlPlane.logTypes;
    const what = 'the list names a type twice';
    const typePath = (position: number) => ['clusters', index, 'controlPlane', 'logTypes', position];
    reportDuplicates(types, { key: (type) => type, path: typePath, what }, report);
    if (isIncomplete(['clusters', index])) continue;
    checkRetention(config, cluster, index, report);
    checkProtection(cluster, index, report);
  }
};

function checkIndexNames(clusters: readonly ClusterConfig[], report: CheckReport): void {
  const seen = new Map<string, string>();
  for (const [index, { name, indexName }] of clusters.entries()) {
    const other = seen.get(indexName);
    if (other !== undefined && other !== name) {
      const what = `clusters ${other} and ${name} would share every index; give one of them an indexName of its own`;
      report.problem({ path: ['clusters', index, 'indexName'], what, value: indexName });
    }
    seen.set(indexName, name);
  }
}

/** A telemetry rule reaches every cluster of the account and Region, so it would be a second owner of the others' logging. */
function checkEnablement(clusters: readonly ClusterConfig[], report: CheckReport): void {
  const byRule = clusters.find(({ controlPlane }) => controlPlane.enablement === 'telemetryRule');
  if (!byRule) return;
  for (const [index, cluster] of clusters.entries()) {
    if (cluster.controlPlane.enablement !== 'customResource') continue;
    report.problem({
      path: ['clusters', index, 'controlPlane', 'enablement'],
      what: `the telemetry rule of cluster ${byRule.name} reaches this cluster too: its logging would have two owners that undo each other; use one way for all, or none here`,
      limit: 'telemetryRule or none',
      value: cluster.controlPlane.enablement,
    });
  }
}

/** Retention from which on a log group is evidence rather than a help in trouble, in days. */
const EVIDENCE_DAYS = 365;

/** Stacks never delete a log group; people may. That is worth a word where the group is kept for auditors. */
function checkProtection({ logGroups, retentionDays, controlPlane }: ClusterConfig, index: number, report: CheckReport): void {
  if (logGroups.deletionProtection || retentionDays.controlPlane < EVIDENCE_DAYS || !controlPlane.logTypes.includes('audit')) return;
  const what = `the audit log is kept for ${retentionDays.controlPlane} days, yet anyone with logs:DeleteLogGroup can delete it at once; true refuses that`;
  report.warning({
    path: ['clusters', index, 'logGroups', 'deletionProtection'],
    what,
    limit: 'true',
    value: logGroups.deletionProtection,
  });
}

/** An index that outlives its log group cannot be filled again from it. */
function checkRetention(config: Config, cluster: ClusterConfig, index: number, report: CheckReport): void {
  const kinds = ['controlPlane', 'application', 'host', 'dataplane', 'performance', 'events'] as const;
  for (const kind of kinds) {
    if (!config.sources.some((source) => source.cluster === cluster.name && source.kind === kind && source.route !== 'none')) continue;
    const names: readonly string[] = kind === 'controlPlane' ? Object.values(CONTROL_PLANE_FAMILIES) : [KIND_FAMILIES[kind]];
    const families = config.families.filter(({ name }) => names.includes(name));
    const longest = families.reduce((days, family) => Math.max(days, family.retentionDays), 0);
    const days = cluster.retentionDays[kind];
    if (days >= longest) continue;
    const family = families.find(({ retentionDays }) => retentionDays === longest);
    report.warning({
      path: ['clusters', index, 'retentionDays', kind],
      what: `the log group forgets before the index family ${family?.name} does: after that a lost index cannot be filled again`,
      limit: `${longest} days of the family`,
      value: days,
    });
  }
}
