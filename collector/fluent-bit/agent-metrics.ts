import { changed, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { aliasEntry } from './tail.ts';

/** CloudWatch namespace of the agents' own metrics. */
export const AGENT_NAMESPACE = 'EksTelemetry/FluentBit';

/** `Type` of the agents' own events in the performance group, beside Container Insights' Node, Pod and Container. */
export const AGENT_EVENT_TYPE = 'FluentBit';

/** A count of Fluent Bit that becomes a metric. */
export interface AgentMetric {
  /** Name in CloudWatch. */
  readonly name: string;
  /** Name in Fluent Bit's Prometheus page; values of all its labels are added up. */
  readonly source: string;
  /** Counters become the difference to the minute before, gauges stay. */
  readonly kind: 'counter' | 'gauge';
}

/** What is sent each minute and for each node; dimension ClusterName alone, since each name and dimension is a paid metric. */
export const AGENT_METRICS: readonly AgentMetric[] = [
  { name: 'RecordsRead', source: 'fluentbit_input_records_total', kind: 'counter' },
  { name: 'RecordsSent', source: 'fluentbit_output_proc_records_total', kind: 'counter' },
  { name: 'Retries', source: 'fluentbit_output_retries_total', kind: 'counter' },
  { name: 'RetriesFailed', source: 'fluentbit_output_retries_failed_total', kind: 'counter' },
  { name: 'RecordsDropped', source: 'fluentbit_output_dropped_records_total', kind: 'counter' },
  { name: 'SendErrors', source: 'fluentbit_output_errors_total', kind: 'counter' },
  { name: 'RecordsFiltered', source: 'fluentbit_filter_drop_records_total', kind: 'counter' },
  { name: 'ChunksOnDisk', source: 'fluentbit_storage_fs_chunks', kind: 'gauge' },
  { name: 'ChunksInMemory', source: 'fluentbit_storage_fs_chunks_up', kind: 'gauge' },
  { name: 'LongLinesCut', source: 'fluentbit_input_long_line_truncated_total', kind: 'counter' },
  { name: 'LongLinesSkipped', source: 'fluentbit_input_long_line_skipped_total', kind: 'counter' },
];

const END_MARK = '#end';

/** Aliases of what counts: lines of the counts themselves are not counted. Those of applications begin with in-, out- and the like. */
export const SELF = 'self';

/**
 * The agent reads its own metrics page each minute and sends one event in CloudWatch's embedded metric format. Its output could do so by itself, but with the
 * unit "Counter", which CloudWatch refuses, with totals since the start instead of differences, and one event per number.
 */
export function agentMetricSections({ config, cluster }: RenderContext): Section[] {
  const { selfMetrics, httpPort } = config.collection.fluentBit;
  if (!selfMetrics) return [];
  return [
    {
      name: 'INPUT',
      about: 'The agent’s own counts, read from its own page.',
      entries: [
        changed('Name', 'exec', 'officially nothing tells that records were retried or dropped.'),
        aliasEntry(`${SELF}-in`),
        changed('Tag', 'agent.metrics', 'into the performance group.'),
        changed(
          'Command',
          `curl -s -m 5 http://127.0.0.1:${httpPort}/api/v2/metrics/prometheus; echo '${END_MARK}'`,
          'the image has curl; the mark says that all lines of a reading were there.',
        ),
        changed('Interval_Sec', 60, 'one event a minute.'),
        changed('Buf_Size', '64k', 'longest line of the page.'),
        changed('storage.type', 'memory', 'a count that is late is worth nothing; records have the disk for themselves.'),
        changed('Mem_Buf_Limit', '2M', 'some hours of counts.'),
      ],
    },
    {
      name: 'FILTER',
      entries: [
        changed('Name', 'lua', 'lines become one event in the embedded metric format.'),
        aliasEntry(`${SELF}-count`),
        changed('Match', 'agent.metrics', 'nothing else.'),
        changed('call', 'count', 'the function below.'),
        changed('code', metricsCode(cluster.name), 'adds up over inputs and outputs; counters become the difference to the minute before.'),
        changed('time_as_table', 'On', 'the event’s time stays exact.'),
      ],
    },
  ];
}

/** One line of Lua. Braces stand apart: two in a row would be a template of the add-on's chart. */
function metricsCode(clusterName: string): string {
  const names = AGENT_METRICS.map(({ name, source, kind }) => `${source} = { '${name}', ${kind === 'counter'} }`).join(', ');
  return [
    `local wanted = { ${names} }`,
    'local now, last = { }, { }',
    'function count(tag, ts, r)',
    'local line = r.exec',
    `if line ~= '${END_MARK}' then`,
    "local name, value = string.match(line or '', '^([%w_]+)[^ ]* ([%d%.e+-]+)')",
    `if name ~= nil and wanted[name] ~= nil and not string.find(line, '"${SELF}-', 1, true) then now[name] = (now[name] or 0) + tonumber(value) end`,
    'return -1, ts, r end',
    // A process begins to count at nothing, so its first reading is a difference too.
    'local before, current = last, now',
    'if next(current) == nil then return -1, ts, r end',
    'last, now = current, { }',
    `local event = { Type = '${AGENT_EVENT_TYPE}', Version = '0', ClusterName = '${clusterName}', NodeName = os.getenv('HOST_NAME') }`,
    'local metrics = { }',
    'for source, metric in pairs(wanted) do if current[source] ~= nil then',
    'local value = current[source]',
    'if metric[2] then value = math.max(0, value - (before[source] or 0)) end',
    "event[metric[1]] = value table.insert(metrics, { Name = metric[1], Unit = 'Count' }) end end",
    `event._aws = { Timestamp = ts.sec * 1000, CloudWatchMetrics = { { Namespace = '${AGENT_NAMESPACE}', Dimensions = { { 'ClusterName' } }, Metrics = metrics } } }`,
    'return 1, ts, event',
    'end',
  ].join(' ');
}
