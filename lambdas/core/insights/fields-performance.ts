import { type FieldInfo, field } from './fields.ts';

/** One field per name, all numbers of one meaning. */
const numbers = (prefix: string, names: string, about: string): FieldInfo[] =>
  names.split(' ').map((name) => field(`${prefix}${name}`, 'number', about));

const ENVELOPE: readonly FieldInfo[] = [
  field(
    'Type',
    'text',
    'Cluster, ClusterNamespace, ClusterService, Node, NodeFS, NodeDiskIO, NodeNet, Pod, PodNet, Container, ContainerFS, ControlPlane …',
  ),
  field('Version', 'text', 'version of the format, 0'),
  field('ClusterName', 'text', 'cluster'),
  field('Timestamp', 'text', 'milliseconds since 1970, as text'),
  field('Sources', 'list', 'where the agent read the numbers: cadvisor, apiserver, pod …'),
  field('NodeName', 'text', "node; on events of the whole cluster the leader's"),
  field('InstanceId', 'text', 'instance of the node'),
  field('InstanceType', 'text', 'type of the instance'),
  field('AutoScalingGroupName', 'text', 'its group'),
  field('Namespace', 'text', 'namespace'),
  field('PodName', 'text', 'name of the owner (Deployment, DaemonSet, Job); of a StatefulSet the pod itself'),
  field('FullPodName', 'text', 'name of the pod'),
  field('PodId', 'text', 'uid of the pod'),
  field('Service', 'text', 'first service that selects the pod'),
  field('ContainerName', 'text', 'container'),
  field('kubernetes.*', 'map', 'host, namespace_name, pod_name, pod_owners, labels, container_name, containerd.container_id'),
  field('CloudWatchMetrics', 'list', 'the embedded metric format'),
];

const CLUSTER: readonly FieldInfo[] = [
  ...numbers('cluster_', 'node_count failed_node_count number_of_running_pods', 'nodes and pods of the cluster'),
  field('namespace_number_of_running_pods', 'number', 'running pods of the namespace'),
  field('namespace_ingress_count', 'number', 'ingresses of the namespace'),
  field('service_number_of_running_pods', 'number', 'running pods behind the service'),
  ...numbers('', 'replicas_desired replicas_ready status_replicas_available status_replicas_unavailable', 'replicas of a workload'),
  ...numbers('daemonset_status_', 'number_available number_unavailable', 'pods of a DaemonSet'),
  ...numbers('persistent_volume_claim_', 'status_bound status_pending status_lost count', 'volume claims'),
  field('persistent_volume_count', 'number', 'volumes'),
];

/** CPU in millicores or percent, memory in bytes or percent: Node, Pod and Container have them under their own prefix. */
const usage = (prefix: string): FieldInfo[] => [
  ...numbers(`${prefix}cpu_`, 'limit request usage_system usage_total usage_user', 'CPU, millicores'),
  ...numbers(`${prefix}cpu_`, 'utilization reserved_capacity', 'CPU, percent of the node'),
  ...numbers(`${prefix}memory_`, 'cache limit mapped_file max_usage request rss swap usage working_set', 'memory, bytes'),
  ...numbers(`${prefix}memory_`, 'utilization reserved_capacity', 'memory, percent of the node'),
  ...numbers(
    `${prefix}memory_`,
    'failcnt failures_total pgfault pgmajfault hierarchical_pgfault hierarchical_pgmajfault',
    'memory, events a second',
  ),
];
const traffic = (prefix: string): FieldInfo[] => [
  ...numbers(prefix, 'rx_bytes tx_bytes total_bytes', 'network, bytes a second'),
  ...numbers(prefix, 'rx_dropped tx_dropped rx_errors tx_errors rx_packets tx_packets', 'network, packets a second'),
];
const disk = (prefix: string): FieldInfo[] => [
  ...numbers(prefix, 'available capacity usage', 'file system, bytes'),
  field(`${prefix}utilization`, 'number', 'file system, percent'),
  ...numbers(prefix, 'inodes inodes_free', 'file system, inodes'),
];

const NODE: readonly FieldInfo[] = [
  ...usage('node_'),
  ...traffic('node_network_'),
  ...traffic('node_interface_network_'),
  ...disk('node_filesystem_'),
  ...numbers(
    'node_diskio_io_',
    'service_bytes_async service_bytes_read service_bytes_sync service_bytes_total service_bytes_write',
    'disk, bytes a second',
  ),
  ...numbers('node_diskio_io_', 'serviced_async serviced_read serviced_sync serviced_total serviced_write', 'disk, operations a second'),
  ...numbers('node_', 'number_of_running_pods number_of_running_containers', 'what runs on the node'),
  ...numbers('node_status_', 'capacity_pods allocatable_pods', 'pods that the node can take'),
  ...numbers(
    'node_status_condition_',
    'ready disk_pressure memory_pressure pid_pressure network_unavailable unknown',
    'condition of the node, 0 or 1; a dead node writes nothing',
  ),
  field('device', 'text', 'disk'),
  field('fstype', 'text', 'file system'),
  field('EBSVolumeId', 'text', 'EBS volume'),
  field('interface', 'text', 'network interface'),
];

const POD: readonly FieldInfo[] = [
  ...usage('pod_'),
  ...traffic('pod_network_'),
  ...traffic('pod_interface_network_'),
  field('pod_cpu_utilization_over_pod_limit', 'number', 'CPU, percent of the limit; only where every container has one'),
  field('pod_memory_utilization_over_pod_limit', 'number', 'memory, percent of the limit; only where every container has one'),
  field('pod_status', 'text', 'Running, Pending, Failed, Succeeded, Unknown'),
  ...numbers('pod_status_', 'ready scheduled running pending failed unknown succeeded', 'condition or phase of the pod, 0 or 1'),
  ...numbers('pod_container_status_', 'running waiting terminated', 'containers of the pod in that state'),
  ...numbers(
    'pod_container_status_waiting_reason_',
    'crash_loop_back_off image_pull_error start_error create_container_error create_container_config_error',
    'containers that wait for that reason; only when above 0',
  ),
  field(
    'pod_container_status_terminated_reason_oom_killed',
    'number',
    'stays 1 after an OOM kill until the container ends for another reason',
  ),
  field('pod_number_of_container_restarts', 'number', 'restarts since the minute before'),
  ...numbers('pod_number_of_', 'containers running_containers', 'containers of the pod'),
];

const CONTAINER: readonly FieldInfo[] = [
  ...usage('container_'),
  ...disk('container_filesystem_'),
  field('container_cpu_utilization_over_container_limit', 'number', 'CPU, percent of the limit; absent without one'),
  field('container_memory_utilization_over_container_limit', 'number', 'memory, percent of the limit; absent without one'),
  field('container_status', 'text', 'Running, Waiting, Terminated'),
  field('container_status_reason', 'text', 'CrashLoopBackOff, ImagePullBackOff, Completed …'),
  field('container_last_termination_reason', 'text', 'OOMKilled, Error, Completed: how the container before this one ended'),
  field('number_of_container_restarts', 'number', 'restarts since the minute before'),
];

/** The control plane's own metrics; their labels are fields (`type` becomes `kubernetes_type`). */
const CONTROL_PLANE: readonly FieldInfo[] = [
  ...numbers(
    'apiserver_',
    'request_total request_total_5xx current_inflight_requests current_inqueue_requests longrunning_requests',
    'requests',
  ),
  ...numbers(
    'apiserver_',
    'requested_deprecated_apis flowcontrol_rejected_requests_total flowcontrol_request_concurrency_limit',
    'requests',
  ),
  ...numbers('apiserver_', 'request_duration_seconds admission_controller_admission_duration_seconds', 'seconds'),
  ...numbers('apiserver_', 'admission_step_admission_duration_seconds admission_webhook_admission_duration_seconds', 'seconds'),
  ...numbers('apiserver_', 'storage_list_duration_seconds', 'seconds'),
  ...numbers('apiserver_', 'storage_objects storage_size_bytes storage_db_total_size_in_bytes', 'objects and bytes in etcd'),
  ...numbers(
    '',
    'etcd_request_duration_seconds rest_client_request_duration_seconds rest_client_requests_total',
    'calls to etcd and of clients',
  ),
  ...'code verb method operation name request_kind resource group reason priority_level endpoint kubernetes_type'
    .split(' ')
    .map((name) => field(name, 'text', 'label of a control-plane metric')),
];

/** Fields of /aws/containerinsights/<cluster>/performance, written by the CloudWatch agent (Container Insights, classic metrics). */
export const PERFORMANCE: readonly FieldInfo[] = [...ENVELOPE, ...CLUSTER, ...NODE, ...POD, ...CONTAINER, ...CONTROL_PLANE];
