import type { ParsedEntry } from '../conf/parse.ts';
import { NODE_NAME } from '../fluent-bit/values.ts';

/**
 * Values of the official Container Insights configuration (k8s/1.3.43 and the add-on's chart 6.4.0) by section and plugin; those that name a cluster, a
 * Region or a file of theirs are not here: ours are others.
 */
const OFFICIAL: { readonly [section: string]: readonly string[] } = {
  'SERVICE ': [
    'flush 5',
    'grace 30',
    'log_level error',
    'daemon off',
    'parsers_file parsers.conf',
    'http_port 2020',
    'storage.path /var/fluent-bit/state/flb-storage/',
    'storage.sync normal',
    'storage.checksum off',
    'storage.backlog.mem_limit 5M',
  ],
  'INPUT tail': [
    'name tail',
    'tag application.*',
    'tag dataplane.tail.*',
    'path /var/log/containers/*.log',
    'multiline.parser docker, cri',
    'db /var/fluent-bit/state/flb_container.db',
    'db /var/fluent-bit/state/flb_dataplane_tail.db',
    'mem_buf_limit 50MB',
    'skip_long_lines On',
    'refresh_interval 10',
    'rotate_wait 30',
    'storage.type filesystem',
  ],
  'INPUT systemd': [
    'name systemd',
    'tag dataplane.systemd.*',
    'tag host.dmesg',
    'tag host.messages',
    'tag host.secure',
    ...['docker', 'containerd', 'kubelet'].map((unit) => `systemd_filter _SYSTEMD_UNIT=${unit}.service`),
    'systemd_filter _TRANSPORT=kernel',
    'systemd_filter SYSLOG_FACILITY=10',
    ...[0, 1, 2, 3, 4, 5, 6].map((priority) => `systemd_filter PRIORITY=${priority}`),
    ...['systemd', 'flb_dmesg', 'flb_messages', 'flb_secure'].map((name) => `db /var/fluent-bit/state/${name}.db`),
    'path /var/log/journal',
    'read_from_tail On',
  ],
  'FILTER kubernetes': [
    'name kubernetes',
    'match application.*',
    'kube_url https://kubernetes.default.svc:443',
    'merge_log On',
    'k8s-logging.parser On',
    'k8s-logging.exclude Off',
    'labels Off',
    'annotations Off',
    'use_kubelet On',
    'kubelet_port 10250',
    'buffer_size 0',
  ],
  'FILTER modify': [
    'name modify',
    'match dataplane.systemd.*',
    'match host.*',
    'rename _HOSTNAME hostname',
    'rename _SYSTEMD_UNIT systemd_unit',
    'rename MESSAGE message',
    'rename _HOSTNAME host',
    'rename SYSLOG_IDENTIFIER ident',
    'rename SYSLOG_PID pid',
  ],
  'FILTER aws': ['name aws', 'match dataplane.*', 'match host.*', 'imds_version v2'],
  'FILTER grep': ['name grep', 'match host.messages', 'exclude SYSLOG_FACILITY /^(2|9|10)$/'],
  'OUTPUT cloudwatch_logs': [
    'name cloudwatch_logs',
    'match application.*',
    'match dataplane.*',
    'match host.*',
    `log_stream_prefix ${NODE_NAME}-`,
    `log_stream_prefix ${NODE_NAME}.`,
    'auto_create_group true',
    'extra_user_agent container-insights',
  ],
};

/** Tags that the official configuration has; a plugin that it uses there may match them without a reason. */
const OFFICIAL_MATCH: ReadonlySet<string> = new Set(['application.*', 'dataplane.*', 'dataplane.systemd.*', 'host.*', 'host.messages']);

/** Whether an entry stands in the official configuration as it is here. */
export function isOfficial(section: string, plugin: string, { key, value }: Pick<ParsedEntry, 'key' | 'value'>): boolean {
  if (key === 'Match' && OFFICIAL_MATCH.has(value)) return true;
  return OFFICIAL[`${section} ${plugin}`]?.includes(`${key.toLowerCase()} ${value}`) === true;
}
