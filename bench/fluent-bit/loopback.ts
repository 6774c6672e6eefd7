import { parseConf } from '../../collector/conf/parse.ts';
import type { RenderedFile } from '../../collector/types.ts';

/** Where a test's services listen. */
export interface LoopbackPorts {
  /** AWS APIs over TLS. */
  readonly aws: number;
  /** PEM file of their certificate. */
  readonly certificate: string;
  /** The agent's own port. */
  readonly http: number;
  /** Kubernetes API and kubelet over TLS, with the same certificate. */
  readonly kubernetes?: number;
  /** A Kafka broker over TLS, with the same certificate. */
  readonly kafka?: number;
}

/** Seconds between a record and its sending in tests. */
const FLUSH_SECONDS = 1;

/**
 * The same configuration for a test: folders of the node below another one, services on loopback ports, records sent each second. Every other entry stays as it
 * was rendered. The filter that asks the instance's metadata is left out: its address cannot be led elsewhere.
 */
export function onLoopback(files: readonly RenderedFile[], folder: string, ports: LoopbackPorts): RenderedFile[] {
  const { sections } = parseConf(files);
  return files.map(({ path, text }) => {
    const lines = text.split('\n');
    for (const section of sections.filter(({ file }) => file === path)) {
      const plugin = (section.entries.find(({ key }) => key === 'Name')?.value ?? '').toLowerCase();
      if (section.name === 'FILTER' && plugin === 'aws') {
        for (const { line } of [section, ...section.entries]) lines[line - 1] = '';
        continue;
      }
      for (const { key, value, line } of section.entries) lines[line - 1] = `    ${key} ${adapted(key, value, plugin, folder, ports)}`;
      const last = section.entries.at(-1)?.line ?? section.line;
      const added =
        section.name === 'OUTPUT' ? endpoints(plugin, ports) : section.name === 'SERVICE' ? [] : kubernetes(plugin, folder, ports);
      lines[last - 1] = [lines[last - 1], ...added.map((each) => `    ${each}`)].join('\n');
    }
    return { path, text: lines.join('\n') };
  });
}

function adapted(key: string, value: string, plugin: string, folder: string, ports: LoopbackPorts): string {
  switch (key) {
    case 'Flush':
      return String(FLUSH_SECONDS);
    case 'HTTP_Port':
      return String(ports.http);
    case 'Brokers':
      return `127.0.0.1:${ports.kafka ?? 1}`;
    case 'Kube_URL':
      return `https://127.0.0.1:${ports.kubernetes ?? 1}`;
    case 'Kubelet_Port':
      return String(ports.kubernetes ?? 1);
    case 'Host':
      return plugin === 'opensearch' ? '127.0.0.1' : value;
    case 'Port':
      return plugin === 'opensearch' ? String(ports.aws) : value;
    case 'Command':
      return value
        .replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${ports.http}`)
        .replaceAll('/var/log/', `${folder}/var/log/`)
        .replace('/var/fluent-bit/state', `${folder}/state`);
    case 'Interval_Sec':
      return '1';
    case 'Path':
    case 'Exclude_Path':
    case 'DB':
    case 'storage.path':
    case 'store_dir':
      return value
        .split(', ')
        .map((path) => (path.startsWith('/var/fluent-bit/state') ? path.replace('/var/fluent-bit', folder) : `${folder}${path}`))
        .join(', ');
    default:
      return value;
  }
}

function endpoints(plugin: string, { aws, certificate }: LoopbackPorts): string[] {
  switch (plugin) {
    case 'cloudwatch_logs':
    case 'kinesis_streams':
    case 'kinesis_firehose':
      return ['endpoint 127.0.0.1', `port ${aws}`, `tls.ca_file ${certificate}`];
    case 's3':
      return [`endpoint https://127.0.0.1:${aws}`, `tls.ca_file ${certificate}`];
    case 'opensearch':
      return [`tls.ca_file ${certificate}`];
    case 'kafka':
      return [`rdkafka.ssl.ca.location ${certificate}`];
    default:
      return [];
  }
}

function kubernetes(plugin: string, folder: string, { certificate }: LoopbackPorts): string[] {
  return plugin === 'kubernetes' || plugin === 'kubernetes_events'
    ? [`Kube_CA_File ${certificate}`, `Kube_Token_File ${folder}/token`]
    : [];
}
