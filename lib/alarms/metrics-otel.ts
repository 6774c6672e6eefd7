/** Series that the add-on's OTel profile sends, by the program that makes them; PromQL alarms may ask no others. */
export const OTEL_METRICS: { readonly [from: string]: readonly string[] } = {
  'kube-state-metrics 2.19': [
    'kube_node_info',
    'kube_node_status_condition',
    'kube_node_status_allocatable',
    'kube_node_status_capacity',
    'kube_node_spec_unschedulable',
    'kube_pod_info',
    'kube_pod_status_phase',
    'kube_pod_status_unschedulable',
    'kube_pod_container_status_waiting_reason',
    'kube_pod_container_status_last_terminated_reason',
    'kube_pod_container_status_restarts_total',
    'kube_pod_container_resource_limits',
    'kube_pod_container_resource_requests',
    'kube_deployment_spec_replicas',
    'kube_deployment_status_replicas_available',
    'kube_deployment_status_replicas_updated',
    'kube_statefulset_replicas',
    'kube_statefulset_status_replicas_ready',
    'kube_daemonset_status_desired_number_scheduled',
    'kube_daemonset_status_number_available',
    'kube_job_status_failed',
    'kube_job_failed',
    'kube_horizontalpodautoscaler_spec_max_replicas',
    'kube_horizontalpodautoscaler_status_current_replicas',
    'kube_persistentvolumeclaim_status_phase',
    'kube_poddisruptionbudget_status_current_healthy',
    'kube_poddisruptionbudget_status_desired_healthy',
    'kube_resourcequota',
  ],
  cAdvisor: [
    'container_cpu_usage_seconds_total',
    'container_cpu_cfs_throttled_periods_total',
    'container_cpu_cfs_periods_total',
    'container_memory_working_set_bytes',
    'container_oom_events_total',
    'container_fs_usage_bytes',
  ],
  'node-exporter': [
    'node_cpu_seconds_total',
    'node_memory_MemAvailable_bytes',
    'node_memory_MemTotal_bytes',
    'node_filesystem_avail_bytes',
    'node_filesystem_size_bytes',
    'node_filesystem_files',
    'node_filesystem_files_free',
    'node_network_receive_drop_total',
    'node_network_transmit_drop_total',
  ],
  'API server': [
    'apiserver_request_total',
    'apiserver_request_duration_seconds_bucket',
    'apiserver_storage_size_bytes',
    'apiserver_storage_objects',
    'apiserver_current_inflight_requests',
    'apiserver_admission_webhook_admission_duration_seconds_bucket',
  ],
  kubeletstats: ['k8s.pod.cpu.usage', 'k8s.pod.memory.working_set', 'k8s.node.cpu.usage', 'k8s.node.memory.available'],
};

/** Labels of every series that say where it comes from. In the braces of a selector a name with dots or @ stands in quotes. */
export const OTEL_RESOURCE_LABELS: readonly string[] = [
  '@resource.k8s.cluster.name',
  '@resource.k8s.namespace.name',
  '@resource.k8s.workload.name',
  '@resource.k8s.pod.name',
  '@resource.k8s.node.name',
  '@resource.k8s.container.name',
];

const KNOWN: ReadonlySet<string> = new Set(Object.values(OTEL_METRICS).flat());
const NOT_METRICS: ReadonlySet<string> = new Set(
  (
    'and or unless on ignoring group_left group_right by without offset bool atan2 inf nan ' +
    'sum min max avg group stddev stdvar count count_values bottomk topk quantile abs absent absent_over_time ceil changes clamp clamp_max clamp_min ' +
    'day_of_month day_of_week delta deriv exp floor histogram_quantile hour idelta increase irate label_join label_replace ln log10 log2 minute month ' +
    'predict_linear rate resets round scalar sort sort_desc sqrt time timestamp vector avg_over_time min_over_time max_over_time sum_over_time ' +
    'count_over_time quantile_over_time last_over_time present_over_time'
  ).split(' '),
);

/** Names of metrics that a PromQL text asks. Labels (inside of braces and behind by, on …) and texts are not among them. */
export function metricsInPromql(text: string): string[] {
  const query = text.replaceAll(/\{\{\w+\}\}/g, 'x');
  const quoted = [...query.matchAll(/\{\s*"([^"@][^"]*)"\s*[,}]/g)].map((match) => match[1] as string);
  const bare = query
    .replaceAll(/\{[^{}]*\}/g, ' ')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)/gi, ' ')
    .replaceAll(/"[^"]*"|'[^']*'/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ');
  const names = [...bare.matchAll(/(?<![\w.:])[A-Za-z_:][\w:]*/g)].map((match) => match[0]);
  return [...new Set([...quoted, ...names.filter((name) => !NOT_METRICS.has(name.toLowerCase()))])];
}

/** Names in a PromQL text that the profile does not send. */
export function unknownInPromql(query: string): string[] {
  return metricsInPromql(query).filter((name) => !KNOWN.has(name));
}
