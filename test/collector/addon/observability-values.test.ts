import { parse } from 'yaml';
import { needsObservabilityAddon, observabilityValues } from '../../../collector/addon/observability-values.ts';
import { addonVersion } from '../../../collector/addon/versions.ts';
import { renderFluentBit } from '../../../collector/fluent-bit.ts';
import { helmValueFiles } from '../../../collector/helm/observability-values.ts';
import { configWith } from '../../lib/config/texts.ts';
import { clusterOf, PLAIN } from '../configs.ts';

// biome-ignore lint/suspicious/noExplicitAny: values are JSON of any shape, and the assertions say which one is expected
const valuesOf = (config: ReturnType<typeof configWith>): any => observabilityValues({ config, cluster: clusterOf(config) });

test('with our own Fluent Bit the add-on’s is off, or every line would be sent and paid twice', () => {
  expect(valuesOf(PLAIN)).toMatchObject({
    containerInsights: { enabled: true },
    otelContainerInsights: { enabled: false, logs: { enabled: false } },
    applicationSignals: { enabled: false },
    containerLogs: { enabled: false },
  });
});

test('the otel profile has one of the two profiles on, and the log pipelines of neither', () => {
  expect(valuesOf(configWith({ collection: { metrics: 'otel' } }))).toMatchObject({
    containerInsights: { enabled: false },
    otelContainerInsights: { enabled: true, logs: { enabled: false } },
    containerLogs: { enabled: false },
  });
});

test('enhanced observability is written out: a given agent config has it off', () => {
  const agent = valuesOf(configWith({ collection: { containerInsights: { intervalSeconds: 120 } } })).agents[0];
  expect(agent).toEqual({
    name: 'cloudwatch-agent',
    config: {
      agent: { region: 'us-east-1' },
      logs: {
        metrics_collected: {
          kubernetes: { enhanced_container_insights: true, metrics_collection_interval: 120, accelerated_compute_metrics: false },
        },
        force_flush_interval: 5,
      },
    },
  });
});

test('with the add-on’s Fluent Bit its configuration is the rendered one', () => {
  const config = configWith({ collection: { logs: 'addon' } });
  const { config: rendered } = valuesOf(config).containerLogs.fluentBit;
  const texts = Object.fromEntries(renderFluentBit(config, clusterOf(config), 'addon').map(({ path, text }) => [path, text]));

  expect({ ...rendered.extraFiles, 'fluent-bit.conf': rendered.service, 'parsers.conf': rendered.customParsers }).toEqual(texts);
});

test('files that the add-on’s Fluent Bit cannot see are read by the agent, below its view of the node', () => {
  const files = [
    { name: 'batch', paths: ['/opt/batch/out.log'], start: '^\\d{4}', logGroup: '/example/batch', retentionDays: 7 },
    { name: 'audit', paths: ['/var/log/audit/audit.log'] },
  ];
  const { config } = valuesOf(configWith({ collection: { logs: 'addon', files } })).agents[0];
  expect(config.logs.logs_collected.files.collect_list).toEqual([
    {
      file_path: '/rootfs/opt/batch/out.log',
      log_group_name: '/example/batch',
      log_stream_name: '{instance_id}-batch',
      retention_in_days: 7,
      multi_line_start_pattern: '^\\d{4}',
    },
  ]);
  expect(JSON.stringify(valuesOf(configWith({ collection: { files } })))).not.toContain('batch');
});

test('metrics of nodes come beside Container Insights, not instead of them', () => {
  const { config } = valuesOf(configWith({ collection: { containerInsights: { hostMetrics: true } } })).agents[0];
  expect(config.metrics).toMatchObject({ namespace: 'CWAgent', append_dimensions: { InstanceId: ['$', '{aws:InstanceId}'].join('') } });
  expect(config.logs.metrics_collected.kubernetes.enhanced_container_insights).toBe(true);
});

test('the control plane is read by one more agent, which makes no metrics and drops buckets', () => {
  const { agents } = valuesOf(configWith({ collection: { containerInsights: { prometheusControlPlane: true } } }));
  expect(agents.map(({ name, mode }: { name: string; mode?: string }) => [name, mode])).toEqual([
    ['cloudwatch-agent', undefined],
    ['cloudwatch-agent-cluster-scraper', 'deployment'],
    ['cloudwatch-agent-control-plane', 'deployment'],
  ]);
  const [job] = agents[2].prometheus.config.scrape_configs;
  expect(job).toMatchObject({ metrics_path: '/metrics', metric_relabel_configs: [{ regex: '.*_bucket', action: 'drop' }] });
  expect(JSON.stringify(agents[2].config)).not.toContain('metric_declaration');
});

test('Helm’s values are the add-on’s, with cluster and Region', () => {
  const [file] = helmValueFiles(PLAIN, clusterOf(PLAIN));
  expect(parse(file?.text ?? '')).toEqual({ clusterName: 'prod', region: 'us-east-1', ...valuesOf(PLAIN) });
});

test('nothing of the add-on is needed where it would have nothing to do', () => {
  const config = configWith({ collection: { containerInsights: { enabled: false } } });
  expect(needsObservabilityAddon({ config })).toBe(false);
  expect(helmValueFiles(config, clusterOf(config))).toEqual([]);
  expect(needsObservabilityAddon({ config: PLAIN })).toBe(true);
});

test.each([
  ['1.33', 'v6.5.0-eksbuild.1'],
  ['1.99', undefined],
  [undefined, undefined],
])('on Kubernetes %s the add-on is %s', (kubernetesVersion, version) => {
  expect(addonVersion('amazon-cloudwatch-observability', kubernetesVersion)).toBe(version);
});
