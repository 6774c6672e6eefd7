import { logGroupOf } from '../../lib/config/log-groups.ts';
import type { Plain } from '../kubernetes/types.ts';
import type { RenderContext } from '../types.ts';

/** Agents that the chart knows by name. */
export const NODE_SCRAPER = 'cloudwatch-agent';
export const CLUSTER_SCRAPER = 'cloudwatch-agent-cluster-scraper';
/** The agent that reads Prometheus pages of the control plane. */
export const CONTROL_PLANE_SCRAPER = 'cloudwatch-agent-control-plane';

/** Where the operator of the add-on mounts an agent's Prometheus configuration. */
const PROMETHEUS_FILE = '/etc/prometheusconfig/prometheus.yaml';

/** Pages of the control plane: the API server's own, and those of scheduler and controller manager behind it (EKS, Kubernetes 1.28 and later). */
const PAGES = [
  { job: 'apiserver', path: '/metrics' },
  { job: 'kube-scheduler', path: '/apis/metrics.eks.amazonaws.com/v1/ksh/container/metrics' },
  { job: 'kube-controller-manager', path: '/apis/metrics.eks.amazonaws.com/v1/kcm/container/metrics' },
] as const;

/** One agent for the whole cluster that writes all Prometheus metrics of the control plane as events; they are for queries, not for alarms: none becomes a metric. */
export function controlPlaneAgent({ config, cluster }: Pick<RenderContext, 'config' | 'cluster'>): { readonly [member: string]: Plain } {
  const { intervalSeconds } = config.collection.containerInsights;
  return {
    name: CONTROL_PLANE_SCRAPER,
    mode: 'deployment',
    replicas: 1,
    // The node's own agent has the ports of the host.
    hostNetwork: false,
    config: {
      agent: { region: config.region },
      logs: {
        metrics_collected: {
          prometheus: {
            cluster_name: cluster.name,
            log_group_name: logGroupOf('performance', cluster.name),
            prometheus_config_path: PROMETHEUS_FILE,
          },
        },
        force_flush_interval: 5,
      },
    },
    prometheus: {
      config: {
        global: { scrape_interval: `${intervalSeconds}s`, scrape_timeout: `${Math.min(30, intervalSeconds)}s` },
        scrape_configs: PAGES.map(({ job, path }) => scrape(job, path)),
      },
    },
  };
}

function scrape(job: string, path: string): { readonly [member: string]: Plain } {
  return {
    job_name: job,
    scheme: 'https',
    metrics_path: path,
    authorization: { credentials_file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    tls_config: { ca_file: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' },
    static_configs: [{ targets: ['kubernetes.default.svc:443'] }],
    // A histogram of the API server has thousands of buckets, each an event of its own: nine of ten events, of which none is ever read.
    metric_relabel_configs: [{ source_labels: ['__name__'], regex: '.*_bucket', action: 'drop' }],
  };
}
