// What docs/alarms.md says: made of the catalogue, the table of metrics and a plan, so that it can neither be forgotten nor be wrong.
import { join } from 'node:path';
import { evaluationRange } from '../lambdas/core/alarms/datapoint-state.ts';
import { type CatalogueAlarm, loadCatalogue } from '../lib/alarms/catalogue.ts';
import { kindOfCheck } from '../lib/alarms/check-shape.ts';
import { metricRowOf } from '../lib/alarms/metric-table.ts';
import { pointsOf, secondsOf } from '../lib/alarms/spec.ts';
import type { CheckConfig, MetricConfig } from '../lib/config/schema-alarms.ts';

const GROUP_TITLES: { readonly [group: string]: string } = {
  account: 'Limits of the account',
  'control-plane': 'The control plane',
  'load-balancers': 'Load balancers',
  'log-patterns': 'Lines that should not be there',
  'log-queries': 'Saved queries on a schedule',
  logs: 'Log groups and subscriptions',
  nodes: 'Nodes and the agent',
  pipeline: 'The pipeline itself',
  'search-domain': 'The search domain',
  workloads: 'Pods, workloads and volumes',
};
const EACH: { readonly [each: string]: string } = {
  cluster: 'each cluster',
  source: 'each source',
  subscription: 'each subscription filter',
  indexer: 'each indexing function',
  stream: 'each stream',
  delivery: 'each delivery stream',
  searchDelivery: 'each delivery stream to OpenSearch',
  archiveDelivery: 'each delivery stream to the archive',
  parquetDelivery: 'each delivery stream that makes Parquet',
  deliveryLog: 'each cluster with delivery streams',
  transform: 'each function of a delivery stream',
  loadBalancer: 'each load balancer of the config',
  targetGroup: 'each target group of the config',
  account: 'the account',
  domain: 'the search domain',
};

/** The text of docs/alarms.md. */
export function alarmDocs(): string {
  const { alarms } = loadCatalogue();
  const groups = [...new Set(alarms.map(({ group }) => group))];
  const order = [
    'nodes',
    'workloads',
    'control-plane',
    'log-patterns',
    'log-queries',
    'logs',
    'load-balancers',
    'pipeline',
    'search-domain',
    'account',
  ];
  groups.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  return `${[
    ...intro(alarms.length),
    ...groups.flatMap((group) => {
      const own = alarms.filter((one) => one.group === group);
      return ['', `## ${GROUP_TITLES[group] ?? group}`, '', ...overview(own), ...own.flatMap(section)];
    }),
  ].join('\n')}\n`;
}

function intro(count: number): string[] {
  return [
    '# Alarms',
    '',
    `<!-- Made by \`npm run alarm-docs\` from alarms/catalogue; a test fails where it is out of date. -->`,
    '',
    `${count} alarms come with this app. \`alarms.enabled: true\` deploys those whose metrics and logs a cluster has; \`eks-telemetry alarms list --config FILE\` shows which,`,
    'and why others are left out. Every one may be changed, switched off or replaced in the config, and one of your own has the same shape',
    '(config/example.yaml). `eks-telemetry alarms test` runs the scenarios of alarms/scenarios, or yours, by the rules that CloudWatch evaluates with,',
    'and those of PromQL alarms on a real Prometheus, where promtool is at hand.',
    '',
    '**Missing data.** CloudWatch reads more data points than it evaluates: where some of them are missing, it looks further back first, and only',
    `fills what then still lacks. An alarm on 3 of 3 points looks at ${evaluationRange(3)}: an alarm on silence fires only when all ${evaluationRange(3)} are gone, and one bad point of`,
    'a metric that then stops counts for as long. The choice of each alarm, and its reason, stands below.',
    '',
    '**Who is told.** An alarm publishes to the topic of its severity when it fires and when it is over (a log alarm also when its query',
    'fails, since it is blind then). Its tags severity, team, alarm, cluster,',
    'namespace, query and runbook travel with the message. Some alarms are told by a rule (a composite), so that there is one message and one inhibition.',
  ];
}

/** Cells are padded as the formatter of this repository pads them. */
function overview(alarms: readonly CatalogueAlarm[]): string[] {
  const rows = [
    ['alarm', 'severity', 'says'],
    ...alarms.map(({ name, alarm }) => [`[${name}](#${name})`, `${alarm.severity}${alarm.enabled ? '' : ', off'}`, alarm.title]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)];
}

function section({ name, alarm }: CatalogueAlarm): string[] {
  const about = [
    `${alarm.severity}, for ${EACH[alarm.each] ?? alarm.each}`,
    ...(alarm.enabled ? [] : [`off unless \`alarms.change: { ${name}: { enabled: true } }\``]),
    ...(alarm.kubernetes === undefined ? [] : [`Kubernetes ${alarm.kubernetes}`]),
    ...(alarm.kinds === undefined ? [] : [`sources of kind ${alarm.kinds.join(', ')}`]),
  ];
  const profiles = (['check', 'classic', 'otel'] as const).flatMap((profile) => {
    const check = alarm[profile];
    if (check === undefined) return [];
    const title = profile === 'check' ? 'Fires' : profile === 'classic' ? 'Fires (metrics: classic)' : 'Fires (metrics: otel)';
    return [`- **${title}**: ${describeCheck(check)}`];
  });
  const missing = [alarm.check, alarm.classic, alarm.otel].find((check) => check?.missing !== undefined);
  const namespaced = [alarm.check, alarm.classic].some((check) => check?.byNamespace !== undefined);
  return [
    '',
    `### ${name}`,
    '',
    `**${alarm.title}** (${about.join('; ')})`,
    '',
    alarm.why.trim(),
    '',
    ...profiles,
    ...(missing === undefined ? [] : [`- **Missing data**: ${missing.missing} - ${missing.because}`]),
    ...(alarm.tellBy === undefined ? [] : [`- **Told by**: [${alarm.tellBy}](#${alarm.tellBy})`]),
    ...(alarm.suppressor === undefined
      ? []
      : [
          `- **Quiet while**: [${alarm.suppressor.alarm}](#${alarm.suppressor.alarm}) fires (waits ${alarm.suppressor.wait} for it, and ${alarm.suppressor.extension} after it)`,
        ]),
    ...(alarm.query === undefined ? [] : [`- **Explained by**: the saved query \`${alarm.query}\` ([queries](queries.md))`]),
    ...(namespaced ? ['- **By namespace**: thresholds may differ (`alarms.change`)'] : []),
    ...notesOf([alarm.check, alarm.classic].filter((check) => check !== undefined)),
    '',
    `**What to do**: ${alarm.do.trim()}`,
  ];
}

/** What people get wrong about the metrics of an alarm. */
function notesOf(checks: readonly CheckConfig[]): string[] {
  const metrics = checks.flatMap(({ metric, metrics: several }): MetricConfig[] => [
    ...(metric === undefined ? [] : [metric]),
    ...Object.values(several ?? {}),
  ]);
  const notes = metrics.flatMap(({ namespace, name }) => {
    const note = metricRowOf(namespace, name)?.note;
    return note === undefined ? [] : [`- **About \`${name}\`**: ${note}`];
  });
  return [...new Set(notes)].slice(0, 2);
}

function describeCheck(check: CheckConfig): string {
  const { when, points, period } = check;
  const span = points === undefined || period === undefined ? '' : `, ${points} points of ${period} (${atLeast(points, period)} at least)`;
  switch (kindOfCheck(check)) {
    case 'metric':
      return `${metricText(check.metric)} ${when}${span}`;
    case 'metrics':
      return `\`${check.expression}\` ${when}${span}, where ${Object.entries(check.metrics ?? {})
        .map(([id, metric]) => `\`${id}\` is ${metricText(metric)}`)
        .join(', ')}`;
    case 'groups':
      return `${check.groups?.aggregate} of \`${check.groups?.namespace} ${check.groups?.name}\` by ${check.groups?.by.join(', ')} ${when}${span}`;
    case 'pattern': {
      const { source, filter, perEvents } = check.pattern ?? { source: '', filter: '', perEvents: false };
      return `${perEvents ? 'share of events in percent' : 'events'} of ${source} that match \`${filter}\` ${when}${span}`;
    }
    case 'logs':
      return `\`${check.logs?.aggregate}\` of the saved query \`${check.logs?.query}\` ${when}, ${points} runs, one every ${check.logs?.every}`;
    case 'promql':
      return `\`${(check.promql ?? '').replaceAll(/\s+/g, ' ').trim()}\` for ${check.pending ?? '0s'}; over ${check.recovery ?? '0s'} after it`;
    default:
      return `\`${check.rule ?? ''}\``;
  }
}

function metricText(metric: MetricConfig | undefined): string {
  if (metric === undefined) return '';
  const dimensions = Object.keys(metric.dimensions);
  return `${metric.statistic} of \`${metric.namespace} ${metric.name}\`${dimensions.length === 0 ? '' : ` {${dimensions.join(', ')}}`}`;
}

function atLeast(points: string, period: string): string {
  const seconds = pointsOf(points).datapointsToAlarm * secondsOf(period);
  return seconds % 3600 === 0 ? `${seconds / 3600} h` : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** Where the text lies. */
export const ALARM_DOCS_FILE = join('docs', 'alarms.md');
