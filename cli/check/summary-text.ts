import type { Summary } from '../../lib/config/summary.ts';
import { renderTable, wrapProse } from './table.ts';

/** What a deploy would make, as text. */
export function renderSummary(summary: Summary): string {
  const parts = [
    `Account ${summary.account}, Region ${summary.region}`,
    `Search: ${summary.search}`,
    `Stacks: ${summary.stacks.join(', ')}`,
    ...summary.clusters.map(renderCluster),
    families(summary),
  ];
  if (summary.alarms.length > 0) parts.push(alarms(summary));
  if (summary.slack !== undefined) parts.push(slack(summary.slack));
  if (summary.accessLogs.length > 0) parts.push(accessLogs(summary));
  if (summary.applications.length > 0) parts.push(applications(summary));
  return `${wrapProse(parts.join('\n\n'))}\n`;
}

function slack({ chat, direct, lostInAmazonQ, receivers, repeatIntervalMinutes, routes }: NonNullable<Summary['slack']>): string {
  const more = routes === 0 ? 'all to the first' : `${routes} ${routes === 1 ? 'route' : 'routes'} besides the first`;
  const lines =
    receivers.length === 0
      ? []
      : [`slack: ${receivers.join(', ')}; ${more}; what goes on is told again after ${repeatIntervalMinutes} minutes`];
  if (chat !== undefined) lines.push(chat);
  if (direct.length > 0) lines.push(`straight from the topics: ${direct.join('; ')}`);
  if (lostInAmazonQ.length > 0) lines.push(`lost in Amazon Q: ${lostInAmazonQ.join('; ')}`);
  return lines.join('\n');
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
    ...cluster.byFirehose,
    renderTable(
      titles.map((title) => ({ title })),
      rows,
    ),
    ...renderQueries(cluster.queries),
  ].join('\n');
}

function renderQueries({ deployed, leftOut, indexedFields }: Summary['clusters'][number]['queries']): string[] {
  const folders = countBy(deployed.map((name) => name.split('/').slice(0, -1).join('/') || '/'));
  const lines = [
    `saved queries: ${deployed.length}${deployed.length > 0 ? ` (${folders.map(([name, count]) => `${name} ${count}`).join(', ')})` : ''}`,
  ];
  for (const [reason] of countBy(leftOut.map((query) => query.reason))) {
    const names = leftOut.filter((query) => query.reason === reason).map(({ name }) => name);
    lines.push(`  left out, ${reason}: ${names.join(', ')}`);
  }
  for (const [group, fields] of Object.entries(indexedFields)) lines.push(`field index: ${group}: ${fields.join(', ')}`);
  if (Object.keys(indexedFields).length > 0)
    lines.push(
      '  filterIndex sees events from the first deploy on; only log groups of class Standard have indexes, others are refused by the deploy',
    );
  return lines;
}

function alarms(summary: Summary): string {
  const lines = summary.alarms.map(({ scope, deployed, leftOut }) => {
    const counts = Object.entries(deployed).map(([severity, count]) => `${count} ${severity}`);
    const reasons = countBy(leftOut.map(({ reason }) => reason)).map(([reason]) => {
      const names = leftOut.filter((one) => one.reason === reason).map(({ name }) => name);
      return `  left out, ${reason}: ${names.join(', ')}`;
    });
    return [`alarms, ${scope}: ${counts.join(', ') || 'none'}`, ...reasons].join('\n');
  });
  return lines.join('\n');
}

function countBy(values: readonly string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
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

function accessLogs(summary: Summary): string {
  const rows = summary.accessLogs.map(({ name, kind, files, delivery, to }) => [name, kind, files, delivery, to.join(', ') || '-']);
  return renderTable(
    ['access log', 'kind', 'files', 'delivery', 'to'].map((title) => ({ title })),
    rows,
  );
}

function applications(summary: Summary): string {
  const rows = summary.applications.map(({ name, owner, match, format, family }) => [name, owner ?? '-', match, format, family]);
  return renderTable(
    ['application', 'owner', 'match', 'format', 'index family'].map((title) => ({ title })),
    rows,
  );
}
