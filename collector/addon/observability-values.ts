import { addonFluentBitValues } from '../fluent-bit.ts';
import type { Plain } from '../kubernetes/types.ts';
import type { RenderContext } from '../types.ts';
import { agentConfig } from './agent-config.ts';
import { CLUSTER_SCRAPER, controlPlaneAgent, NODE_SCRAPER } from './control-plane-agent.ts';

type Context = Pick<RenderContext, 'config' | 'cluster'>;
type PlainMap = { readonly [member: string]: Plain };

/** Whether the add-on is needed at all: for metrics, or for its Fluent Bit. */
export function needsObservabilityAddon({ config }: Pick<Context, 'config'>): boolean {
  const { logs, containerInsights } = config.collection;
  return logs === 'addon' || containerInsights.enabled || containerInsights.hostMetrics || containerInsights.prometheusControlPlane;
}

/**
 * Values of the add-on amazon-cloudwatch-observability, which are those of its public chart. Every switch is written out: what is on by default changed with
 * versions of the add-on, and two that are on at once collect, and are paid, twice. Windows nodes keep the chart's own configuration.
 */
export function observabilityValues(context: Context): PlainMap {
  const { metrics, containerInsights, tolerations } = context.config.collection;
  const { enabled, acceleratedCompute, prometheusControlPlane } = containerInsights;
  const isOtel = metrics === 'otel';
  const config = agentConfig(context);
  return {
    containerInsights: { enabled: enabled && !isOtel },
    // Its log pipelines would send what Fluent Bit sends already.
    otelContainerInsights: { enabled: enabled && isOtel, logs: { enabled: false } },
    // Pods would be instrumented and restarted without anybody having asked for it.
    applicationSignals: { enabled: false },
    manager: { applicationSignals: { autoMonitor: { monitorAllServices: false } } },
    dcgmExporter: { enabled: acceleratedCompute },
    neuronMonitor: { enabled: acceleratedCompute },
    ...(config === undefined && !prometheusControlPlane
      ? {}
      : {
          agents: [
            { name: NODE_SCRAPER, ...(config === undefined ? {} : { config }) },
            { name: CLUSTER_SCRAPER, mode: 'deployment', config: 'default' },
            ...(prometheusControlPlane ? [controlPlaneAgent(context)] : []),
          ],
        }),
    tolerations: tolerations.map((toleration) => plainToleration(toleration)),
    containerLogs: containerLogs(context),
  };
}

function containerLogs(context: Context): PlainMap {
  const { logs, fluentBit, nodeSelector } = context.config.collection;
  if (logs === 'own') return { enabled: false };
  return {
    enabled: true,
    fluentBit: {
      resources: {
        requests: { cpu: `${fluentBit.cpuRequestMillis}m`, memory: `${Math.ceil(fluentBit.memoryLimitMiB / 4)}Mi` },
        limits: { memory: `${fluentBit.memoryLimitMiB}Mi` },
      },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: `${fluentBit.updateAtOncePercent}%`, maxSurge: 0 } },
      ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector: { 'kubernetes.io/os': 'linux', ...nodeSelector } } : {}),
      config: { ...addonFluentBitValues(context.config, context.cluster) },
    },
  };
}

function plainToleration({ key, operator, value, effect }: Context['config']['collection']['tolerations'][number]): PlainMap {
  return {
    ...(key === undefined ? {} : { key }),
    operator,
    ...(value === undefined ? {} : { value }),
    ...(effect === undefined ? {} : { effect }),
  };
}
