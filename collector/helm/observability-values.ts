import type { ClusterConfig, Config } from '../../lib/config/resolve.ts';
import { needsObservabilityAddon, observabilityValues } from '../addon/observability-values.ts';
import { valuesYaml } from '../kubernetes/yaml.ts';
import type { RenderedFile } from '../types.ts';

/** Version of the public chart whose keys are written. */
const CHART = 'amazon-cloudwatch-observability 6.4.0';

const NOTES = {
  containerInsights: 'Every switch is written out: what is on by default changed from version to version.',
  otelContainerInsights: 'Both metric profiles at once would be paid twice; its own log pipelines would send what Fluent Bit sends.',
  applicationSignals: 'On by default: pods would be instrumented and restarted.',
  agents: 'A given config takes the place of the chart’s, so everything is in it.',
  containerLogs: 'Windows nodes keep the chart’s own configuration.',
} as const;

/** Values of the chart behind the CloudWatch add-on: the add-on's own configuration, and the two that EKS fills in by itself. */
export function helmValueFiles(config: Config, cluster: ClusterConfig): readonly RenderedFile[] {
  if (!needsObservabilityAddon({ config })) return [];
  const values = { clusterName: cluster.name, region: config.region, ...observabilityValues({ config, cluster }) };
  const about = [
    `Values of the chart ${CHART} (https://aws-observability.github.io/helm-charts) for ${cluster.name}.`,
    'Written by eks-telemetry from the config; change that, not this text.',
  ].join('\n');
  return [{ path: 'amazon-cloudwatch-observability.yaml', text: valuesYaml(about, values, NOTES) }];
}
