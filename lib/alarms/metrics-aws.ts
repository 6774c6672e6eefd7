import { type MetricRow, metricRow } from './metric-row.ts';

const ALB = 'LoadBalancer, LoadBalancer AvailabilityZone';
const TARGET = 'TargetGroup LoadBalancer, TargetGroup LoadBalancer AvailabilityZone';
const DOMAIN = 'DomainName ClientId, DomainName ClientId NodeId';
const API = 'Service Type Resource Class';

/** Metrics of AWS services that the catalogue alarms on. Absent series at zero are `sparse`. */
export const AWS_METRICS: readonly MetricRow[] = [
  metricRow(
    'AWS/EKS',
    'apiserver_request_total apiserver_request_total_4XX apiserver_request_total_429 apiserver_request_total_5XX apiserver_request_total_LIST_PODS ' +
      'scheduler_schedule_attempts_total scheduler_schedule_attempts_SCHEDULED scheduler_schedule_attempts_UNSCHEDULABLE scheduler_schedule_attempts_ERROR ' +
      'scheduler_pending_pods scheduler_pending_pods_ACTIVEQ scheduler_pending_pods_UNSCHEDULABLE scheduler_pending_pods_BACKOFF scheduler_pending_pods_GATED ' +
      'apiserver_current_inflight_requests_MUTATING apiserver_current_inflight_requests_READONLY apiserver_flowcontrol_current_executing_seats ' +
      'apiserver_admission_webhook_request_total apiserver_admission_webhook_rejection_count',
    'Count',
    'ClusterName',
    'sparse',
    { note: 'free, every API server, from Kubernetes 1.28; XX in capitals' },
  ),
  metricRow(
    'AWS/EKS',
    'apiserver_request_duration_seconds_GET_P99 apiserver_request_duration_seconds_LIST_P99 apiserver_request_duration_seconds_POST_P99 ' +
      'apiserver_request_duration_seconds_PUT_P99 apiserver_request_duration_seconds_PATCH_P99 apiserver_request_duration_seconds_DELETE_P99 ' +
      'apiserver_admission_webhook_admission_duration_seconds apiserver_admission_webhook_admission_duration_seconds_ADMIT_P99 ' +
      'apiserver_admission_webhook_admission_duration_seconds_VALIDATING_P99',
    'Seconds',
    'ClusterName',
    'sparse',
    { note: 'a percentile already: Average over the API servers' },
  ),
  metricRow('AWS/EKS', 'apiserver_storage_size_bytes', 'Bytes', 'ClusterName', 'constant'),
  metricRow(
    'AWS/ApplicationELB',
    'HTTPCode_ELB_5XX_Count HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count RejectedConnectionCount ClientTLSNegotiationErrorCount',
    'Count',
    ALB,
    'sparse',
  ),
  metricRow(
    'AWS/ApplicationELB',
    'HTTPCode_Target_5XX_Count TargetConnectionErrorCount RequestCount',
    'Count',
    `${ALB}, ${TARGET}`,
    'sparse',
  ),
  metricRow('AWS/ApplicationELB', 'TargetResponseTime', 'Seconds', `${ALB}, ${TARGET}`, 'sparse'),
  metricRow('AWS/ApplicationELB', 'HealthyHostCount UnHealthyHostCount', 'Count', TARGET, 'constant', {
    note: 'only while the target group has registered targets',
  }),
  metricRow('AWS/Logs', 'IncomingBytes', 'Bytes', 'LogGroupName', 'sparse', { note: 'no sample in a minute without events, not 0' }),
  metricRow('AWS/Logs', 'IncomingLogEvents', 'None', 'LogGroupName', 'sparse', { note: 'no sample in a minute without events, not 0' }),
  metricRow(
    'AWS/Logs',
    'ForwardedLogEvents ForwardedBytes DeliveryErrors DeliveryThrottling',
    'None',
    'LogGroupName DestinationType FilterName',
    'sparse',
  ),
  metricRow('AWS/Logs', 'ThrottleCount ErrorCount CallCount', 'None', API, 'sparse'),
  metricRow('AWS/Usage', 'CallCount ThrottleCount', 'None', API, 'sparse'),
  metricRow('AWS/Usage', 'ResourceCount', 'None', API, 'constant'),
  metricRow(
    'AWS/Lambda',
    'Errors Throttles Duration ConcurrentExecutions Invocations AsyncEventsDropped AsyncEventAge DeadLetterErrors DestinationDeliveryFailures IteratorAge',
    'Count',
    'FunctionName, FunctionName Resource',
    'sparse',
  ),
  metricRow('AWS/Lambda', 'ClaimedAccountConcurrency UnreservedConcurrentExecutions', 'Count', '', 'sparse'),
  metricRow(
    'AWS/Kinesis',
    'GetRecords.IteratorAgeMilliseconds WriteProvisionedThroughputExceeded ReadProvisionedThroughputExceeded PutRecords.FailedRecords IncomingBytes',
    'Count',
    'StreamName',
    'sparse',
    { note: 'nobody who reads is no iterator age at all' },
  ),
  metricRow(
    'AWS/Firehose',
    'DeliveryToAmazonOpenSearchService.DataFreshness DeliveryToS3.DataFreshness',
    'Seconds',
    'DeliveryStreamName',
    'sparse',
    { note: 'the age of the oldest record that is not delivered; nothing while no record waits' },
  ),
  metricRow(
    'AWS/Firehose',
    'DeliveryToAmazonOpenSearchService.Success DeliveryToS3.Success ExecuteProcessing.Success',
    'Count',
    'DeliveryStreamName',
    'sparse',
    { most: 1, note: 'ask for the Average, a share of attempts: what fails is tried again, so a small drop is no loss' },
  ),
  metricRow(
    'AWS/Firehose',
    'DeliveryToAmazonOpenSearchService.AuthFailure DeliveryToAmazonOpenSearchService.DeliveryRejected PartitionCountExceeded',
    'Count',
    'DeliveryStreamName',
    'sparse',
    { most: 1 },
  ),
  metricRow(
    'AWS/Firehose',
    'ThrottledRecords IncomingRecords IncomingBytes SucceedProcessing.Records FailedConversion.Records PartitionCount',
    'Count',
    'DeliveryStreamName',
    'sparse',
  ),
  metricRow(
    'AWS/ES',
    'ClusterStatus.red ClusterStatus.yellow ClusterIndexWritesBlocked FreeStorageSpace JVMMemoryPressure OldGenJVMMemoryPressure CPUUtilization ' +
      'MasterCPUUtilization MasterReachableFromNode AutomatedSnapshotFailure KMSKeyError KMSKeyInaccessible Nodes ThreadpoolWriteRejected ' +
      'CoordinatingWriteRejected PrimaryWriteRejected 5xx OpenSearchRequests',
    'Count',
    DOMAIN,
    'constant',
    { note: 'FreeStorageSpace is in MiB per node; the rejected ones only grow: DIFF' },
  ),
];
