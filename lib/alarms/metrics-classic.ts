import { type MetricRow, metricRow, type WhenIdle } from './metric-row.ts';

/** Sets of dimensions of Container Insights with enhanced observability, from the source of the CloudWatch agent (1.300060 and later). */
const C = 'ClusterName';
const N = 'NodeName InstanceId ClusterName';
const NS = 'Namespace ClusterName';
const P = 'PodName Namespace ClusterName';
const FP = 'FullPodName PodName Namespace ClusterName';
const S = 'Service Namespace ClusterName';
const K = 'ContainerName PodName Namespace ClusterName';
const FK = 'FullPodName ContainerName PodName Namespace ClusterName';
const VOLUME = 'VolumeId NodeName InstanceId ClusterName';
const CLAIM = 'PersistentVolumeClaimName Namespace ClusterName';

const row = (
  names: string,
  unit: string,
  sets: readonly string[],
  idle: WhenIdle = 'stops',
  rest: { readonly most?: number; readonly note?: string } = {},
): MetricRow => metricRow('ContainerInsights', names, unit, sets.join(','), idle, rest);

const STATUS = { most: 1, note: 'each sample is 0 or 1 per pod or node: count with Sum' };

/** Metrics of the add-on's classic (EMF) profile. */
export const CLASSIC_METRICS: readonly MetricRow[] = [
  row('cluster_node_count cluster_failed_node_count', 'Count', [C], 'stops', {
    note: 'failed_node_count looks at pressure and network only: a node that is NotReady for another reason is not in it',
  }),
  row('cluster_number_of_running_pods', 'Count', [C]),
  row('namespace_number_of_running_pods namespace_ingress_count', 'Count', [NS, C]),
  row('service_number_of_running_pods', 'Count', [S, C], 'stops', { note: 'a Service without endpoints may be absent rather than 0' }),
  row('node_cpu_utilization node_memory_utilization node_cpu_reserved_capacity node_memory_reserved_capacity', 'Percent', [N, C]),
  row('node_network_total_bytes', 'Bytes/Second', [N, C]),
  row('node_number_of_running_pods node_number_of_running_containers', 'Count', [N, C]),
  row('node_cpu_usage_total node_cpu_limit', 'None', [N, C]),
  row('node_memory_working_set node_memory_limit', 'Bytes', [N, C]),
  row(
    'node_status_condition_ready node_status_condition_disk_pressure node_status_condition_memory_pressure node_status_condition_pid_pressure ' +
      'node_status_condition_network_unavailable node_status_condition_unknown',
    'Count',
    [N, C],
    'stops',
    { most: 1, note: 'comes from the agent on that node: a dead node sends nothing, not 0; count with Sum' },
  ),
  row('node_status_capacity_pods node_status_allocatable_pods', 'Count', [N, C]),
  row('node_interface_network_rx_dropped node_interface_network_tx_dropped', 'Count/Second', [N, C]),
  row('node_diskio_io_service_bytes_total', 'Bytes/Second', [N, C]),
  row('node_diskio_io_serviced_total', 'Count/Second', [N, C]),
  row('node_filesystem_utilization', 'Percent', [N, C], 'stops', { note: 'one sample per device: Maximum' }),
  row('node_filesystem_inodes node_filesystem_inodes_free', 'Count', [N, C], 'stops', { note: 'one sample per device: Minimum' }),
  row(
    'node_diskio_ebs_volume_performance_exceeded_iops node_diskio_ebs_volume_performance_exceeded_tp ' +
      'node_diskio_ebs_ec2_instance_performance_exceeded_iops node_diskio_ebs_ec2_instance_performance_exceeded_tp node_diskio_ebs_volume_queue_length',
    'None',
    [C, N, VOLUME],
    'stops',
    { note: 'needs the node metrics of the EBS CSI driver' },
  ),
  row(
    'pod_cpu_utilization pod_memory_utilization pod_cpu_utilization_over_pod_limit pod_memory_utilization_over_pod_limit',
    'Percent',
    [P, C, S, NS, FP],
    'stops',
    { note: 'utilization is of the node; over_pod_limit exists only where every container of the pod has that limit' },
  ),
  row('pod_network_rx_bytes pod_network_tx_bytes', 'Bytes/Second', [P, C, S, NS, FP]),
  row('pod_interface_network_rx_dropped pod_interface_network_tx_dropped', 'Count/Second', [FP, P, NS, C]),
  row('pod_cpu_reserved_capacity pod_memory_reserved_capacity', 'Percent', [P, C, FP, S]),
  row('pod_number_of_container_restarts', 'Count', [P, C, FP, S], 'stops', { note: 'restarts since the minute before, not the total' }),
  row('pod_number_of_containers pod_number_of_running_containers', 'Count', [P, C, FP, S]),
  row(
    'pod_status_ready pod_status_scheduled pod_status_running pod_status_pending pod_status_failed pod_status_unknown pod_status_succeeded',
    'Count',
    [P, C, FP, S],
    'stops',
    STATUS,
  ),
  row('pod_container_status_running pod_container_status_waiting pod_container_status_terminated', 'Count', [P, C, FP, S]),
  row(
    'pod_container_status_waiting_reason_crash_loop_back_off pod_container_status_waiting_reason_image_pull_error ' +
      'pod_container_status_waiting_reason_start_error pod_container_status_waiting_reason_create_container_error ' +
      'pod_container_status_waiting_reason_create_container_config_error',
    'Count',
    [P, C, FP, S],
    'sparse',
  ),
  row('pod_container_status_terminated_reason_oom_killed', 'Count', [P, C, FP, S], 'sparse', {
    note: 'stays 1 after one kill until the container ends for another reason: no alarm on it ever clears',
  }),
  row('pod_cpu_request pod_cpu_limit pod_cpu_usage_total', 'None', [P, C, FP, S]),
  row('pod_memory_request pod_memory_limit pod_memory_working_set', 'Bytes', [P, C, FP, S]),
  row(
    'container_cpu_utilization container_cpu_utilization_over_container_limit container_memory_utilization ' +
      'container_memory_utilization_over_container_limit',
    'Percent',
    [C, FK, K],
  ),
  row('container_cpu_limit container_cpu_request', 'None', [C, FK, K]),
  row('container_memory_limit container_memory_request container_filesystem_usage container_filesystem_available', 'Bytes', [C, FK, K]),
  row('container_memory_failures_total', 'Count/Second', [C, FK, K]),
  row('container_filesystem_utilization', 'Percent', [C, FK, K]),
  row('replicas_desired replicas_ready status_replicas_available', 'Count', [P, C], 'stops', {
    note: 'ReplicaSets write them as well as Deployments: a sum over the cluster counts twice',
  }),
  row('status_replicas_unavailable', 'Count', [P, C]),
  row(
    'persistent_volume_claim_status_bound persistent_volume_claim_status_pending persistent_volume_claim_status_lost persistent_volume_claim_count',
    'Count',
    [C, NS, CLAIM],
  ),
  row('persistent_volume_count', 'Count', [C]),
  row('apiserver_request_total', 'Count', [C, 'ClusterName code verb']),
  row('apiserver_request_total_5xx', 'Count', [C, 'ClusterName code verb'], 'sparse', { note: 'exists only once a 5xx happened' }),
  row('apiserver_request_duration_seconds rest_client_request_duration_seconds', 'Seconds', [C, 'ClusterName verb']),
  row('etcd_request_duration_seconds', 'Seconds', [C, 'ClusterName operation']),
  row('apiserver_storage_objects', 'Count', [C, 'ClusterName resource']),
  row(
    'etcd_db_total_size_in_bytes apiserver_storage_db_total_size_in_bytes apiserver_storage_size_bytes',
    'Bytes',
    [C, 'ClusterName endpoint'],
    'stops',
    {
      note: 'etcd_… up to 1.25, apiserver_storage_db_… in 1.26 and 1.27, apiserver_storage_size_bytes from 1.28',
    },
  ),
];
