import { configWith } from '../lib/config/texts.ts';

/** Every way that an application can be read and sent. */
export const APPLICATIONS = [
  {
    name: 'checkout',
    match: { namespace: 'prod-web', container: 'checkout' },
    format: 'json',
    collect: { exclude: [{ regex: '"path": "/healthz' }], sample: { keepPercent: 50 }, throttle: { linesPerSecond: 5000 } },
  },
  { name: 'orders', match: { namespace: 'prod-web', container: 'orders' }, format: 'java', collect: { multiline: 'java' } },
  {
    name: 'cbf-server',
    match: { namespace: 'cdro', container: 'server' },
    format: 'pipe',
    collect: { start: '^\\d{4}(-\\d{2}){2}T\\d{2}(:\\d{2}){2}\\.\\d{3}' },
  },
  {
    name: 'web',
    match: { namespace: 'team-a', container: 'nginx' },
    collect: {
      tag: 'front',
      parseOnNode: {
        format: 'regex',
        regex: '^(?<client>\\S+) \\S+ \\S+ \\[[^\\]]*\\] "(?<request>[^"]*)" (?<status>\\d{3})',
        types: { status: 'integer' },
      },
      sinks: {
        application: false,
        cloudWatch: { logGroup: '/example/front', retentionDays: 7 },
        firehose: { deliveryStream: 'front' },
        kinesis: { stream: 'front' },
        openSearch: { host: 'search.example.com', indexPrefix: 'front' },
        s3: { bucket: 'example-front' },
      },
    },
  },
  { name: 'worker', match: { namespace: 'jobs' }, collect: { multiline: 'python' } },
  { name: 'gateway', match: { namespace: 'edge', pod: 'gateway-*' }, collect: { multiline: 'go', parseOnNode: { format: 'json' } } },
];

/** Records to Kafka as well; apart from the others, since its client asks its brokers at once. */
export const KAFKA_APPLICATION = {
  name: 'stream',
  match: { namespace: 'stream' },
  collect: {
    sinks: {
      kafka: {
        brokers: ['broker-1.example.com:9098'],
        topic: 'lines',
        mskIam: true,
        clusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/example/11111111-2222-3333-4444-555555555555-1',
      },
    },
  },
};

/** A config with all of it. */
export const FULL = configWith({
  applications: APPLICATIONS,
  collection: {
    excludeNamespaces: ['kube-public'],
    files: [
      { name: 'agent', paths: ['/var/log/example/*.log'], start: '^\\d{4}-' },
      { name: 'batch', paths: ['/opt/batch/out.log'], logGroup: '/example/batch' },
    ],
  },
});

/** The same with the kubelet's metadata, and an application that a label chooses. */
export const KUBELET = configWith({
  applications: [
    ...APPLICATIONS,
    { name: 'labelled', match: { namespace: 'shop', labels: { 'app.kubernetes.io/name': 'shop*' } }, collect: { multiline: 'java' } },
  ],
  collection: { fluentBit: { kubernetesMetadata: 'kubelet' } },
});

/** The config that says nothing about collection. */
export const PLAIN = configWith({});

/** The only cluster of a config of these. */
export function clusterOf<Cluster>(config: { readonly clusters: readonly Cluster[] }): Cluster {
  return config.clusters[0] as Cluster;
}
