import { type MetricRow, metricRow } from './metric-row.ts';

/** Namespace of what this app's functions publish. */
export const OWN_NAMESPACE = 'EksTelemetry';
/** Namespace of what the collector publishes of volumes. */
export const VOLUME_NAMESPACE = 'EksTelemetry/Volumes';
/** Namespace of Fluent Bit's own counts, which the collector publishes each minute. */
export const COLLECTOR_NAMESPACE = 'EksTelemetry/FluentBit';
/** Namespace of metric filters' values; a metric there is `<cluster>/<alarm>` and has no dimensions. */
export const PATTERN_NAMESPACE = 'EksTelemetry/Patterns';

/** Metrics of this app itself. */
export const OWN_METRICS: readonly MetricRow[] = [
  metricRow(
    OWN_NAMESPACE,
    'Received Indexed Duplicate DeadLettered Excluded Joined Returned ControlMessages',
    'Count',
    'Source, Function',
    'sparse',
    { note: 'one sample per invocation: nothing while no event comes' },
  ),
  metricRow(OWN_NAMESPACE, 'DelayMs DelayMsAverage', 'Milliseconds', 'Source, Function', 'sparse'),
  metricRow(OWN_NAMESPACE, 'Unaccounted', 'Count', 'Source, Function', 'sparse', { note: 'only where the counts do not add up' }),
  metricRow(OWN_NAMESPACE, 'RecordsOk RecordsDropped RecordsFailed RecordsReingested', 'Count', 'DeliveryStream', 'sparse', {
    note: 'records of a delivery stream as its function answered them',
  }),
  metricRow(OWN_NAMESPACE, 'Redriven RedriveWaiting RedriveGivenUp', 'Count', 'Function', 'stops'),
  metricRow(
    COLLECTOR_NAMESPACE,
    'RecordsRead RecordsSent Retries RetriesFailed RecordsDropped SendErrors RecordsFiltered ChunksOnDisk ChunksInMemory LongLinesCut LongLinesSkipped',
    'Count',
    'ClusterName',
    'stops',
    { note: 'one sample per node and minute; counters are the difference to the minute before' },
  ),
  metricRow(VOLUME_NAMESPACE, 'pvc_utilization', 'Percent', 'ClusterName Namespace PersistentVolumeClaimName, ClusterName', 'stops', {
    most: 100,
    note: 'only volumes that a running pod has mounted: a volume without a pod sends nothing',
  }),
];
