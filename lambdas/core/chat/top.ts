import type { TopCommand } from './command.ts';
import type { Window } from './question.ts';
import type { ChatTable } from './table.ts';
import type { ChatTexts } from './text-shape.ts';

/** Metrics of Container Insights in its classic form, and the dimensions that they have besides ClusterName. */
const METRICS: { readonly [what in TopCommand['what']]: { readonly prefix: 'pod' | 'node'; readonly dimensions: readonly string[] } } = {
  pods: { prefix: 'pod', dimensions: ['Namespace', 'PodName'] },
  namespaces: { prefix: 'pod', dimensions: ['Namespace'] },
  nodes: { prefix: 'node', dimensions: ['InstanceId', 'NodeName'] },
};

/** Rows of a top list. */
const MAX_TOP = 20;
/** What Metrics Insights looks at, at most, in ms: three hours. */
const MAX_WINDOW_MS = 3 * 3_600_000;

/** Name of the metric and its dimensions: what the table of metrics must have. */
export function topMetric({ by, what }: Pick<TopCommand, 'by' | 'what'>): {
  readonly name: string;
  readonly dimensions: readonly string[];
} {
  const { dimensions, prefix } = METRICS[what];
  return { name: `${prefix}_${by}_utilization`, dimensions: ['ClusterName', ...dimensions] };
}

/** The request of GetMetricData that answers `top`: one query of Metrics Insights, which is paid by the metric and not by the GB. */
export function topRequest(command: TopCommand, cluster: string, window: Window): object {
  const { dimensions, name } = topMetric(command);
  const own = dimensions.filter((dimension) => dimension !== 'ClusterName');
  const limit = Math.min(command.limit ?? 10, MAX_TOP);
  const Expression =
    `SELECT AVG(${name}) FROM SCHEMA("ContainerInsights", ${dimensions.join(', ')}) WHERE ClusterName = '${cluster.replaceAll("'", '')}' ` +
    `GROUP BY ${own.join(', ')} ORDER BY AVG() DESC LIMIT ${limit}`;
  const fromMs = Math.max(window.fromMs, window.toMs - MAX_WINDOW_MS);
  const periodSeconds = Math.max(60, Math.ceil((window.toMs - fromMs) / 60_000) * 60);
  return {
    StartTime: Math.floor(fromMs / 1000),
    EndTime: Math.ceil(window.toMs / 1000),
    MetricDataQueries: [{ Id: 'top', Expression, Period: periodSeconds, ReturnData: true }],
  };
}

/** The answer as a table, the greatest first. A label is the values of the grouping, with a blank between them. */
export function readTop({ by, what }: TopCommand, answer: { readonly [name: string]: unknown }, { columns }: ChatTexts): ChatTable {
  const results = (answer['MetricDataResults'] ?? []) as readonly { readonly Label?: string; readonly Values?: readonly number[] }[];
  const head = { pods: [columns.namespace, columns.pod], namespaces: [columns.namespace], nodes: ['instance', columns.node] }[what];
  const rows = results
    .map(({ Label = '', Values = [] }) => ({ names: Label.split(' '), value: mean(Values) }))
    .filter((each): each is { names: string[]; value: number } => each.value !== undefined)
    .sort((a, b) => b.value - a.value)
    .map(({ names, value }) => [
      ...head.map((_, at) => (at === head.length - 1 ? names.slice(at).join(' ') : names[at])),
      value.toFixed(1),
    ]);
  return { columns: [...head, columns[by]], rows };
}

function mean(values: readonly number[]): number | undefined {
  const finite = values.filter(Number.isFinite);
  return finite.length === 0 ? undefined : finite.reduce((sum, value) => sum + value, 0) / finite.length;
}
