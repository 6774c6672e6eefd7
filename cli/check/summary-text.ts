import type { Summary } from '../../lib/config/summary.ts';
import { renderTable } from './table.ts';

/** What a deploy would make, as text. */
export function renderSummary(summary: Summary): string {
  const parts = [
    `Account ${summary.account}, Region ${summary.region}`,
    `Search: ${summary.search}`,
    `Stacks: ${summary.stacks.join(', ')}`,
    ...summary.clusters.map(renderCluster),
    families(summary),
  ];
  if (summary.applications.length > 0) parts.push(applications(summary));
  return `${parts.join('\n\n')}\n`;
}

function renderCluster(cluster: Summary['clusters'][number]): string {
  const rows = cluster.sources.map(({ name, logGroup, retentionDays, route, slots, exclusions }) => [
    name,
    logGroup,
    retentionDays === undefined ? 'not ours' : `${retentionDays} d`,
    route,
    slots,
    exclusions.join(', ') || '-',
  ]);
  const titles = ['source', 'log group', 'kept', 'route', 'filters', 'exclusions'];
  return [
    `Cluster ${cluster.name}`,
    `control-plane logging: ${cluster.logging}`,
    `functions: ${cluster.functions.join(', ') || 'none'}`,
    renderTable(
      titles.map((title) => ({ title })),
      rows,
    ),
  ].join('\n');
}

function families(summary: Summary): string {
  const rows = summary.families.map(({ name, period, retentionDays, warmAfterDays, shards, replicas, examples, fields }) => [
    name,
    period,
    `${retentionDays} d`,
    warmAfterDays === undefined ? '-' : `${warmAfterDays} d`,
    `${shards}+${replicas}`,
    examples.join(', '),
    fields.join(', ') || '-',
  ]);
  const titles = ['index family', 'period', 'kept', 'warm', 'shards+copies', 'an index now', 'declared fields'];
  const note =
    'Other free-form JSON is flat_object: searched for equality by path; no ranges, numbers, sorting or grouping. Declare a field for those.';
  return rows.length === 0
    ? 'No index families'
    : `${renderTable(
        titles.map((title) => ({ title })),
        rows,
      )}\n${note}`;
}

function applications(summary: Summary): string {
  const rows = summary.applications.map(({ name, owner, match, format, family }) => [name, owner ?? '-', match, format, family]);
  return renderTable(
    ['application', 'owner', 'match', 'format', 'index family'].map((title) => ({ title })),
    rows,
  );
}
