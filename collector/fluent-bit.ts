import type { ClusterConfig, Config } from '../lib/config/resolve.ts';
import { printConf } from './conf/print.ts';
import type { ConfFile, Section } from './conf/section.ts';
import { agentMetricSections } from './fluent-bit/agent-metrics.ts';
import { applicationFilters } from './fluent-bit/application-filters.ts';
import { containerInputs } from './fluent-bit/container-inputs.ts';
import { eventFiles } from './fluent-bit/events.ts';
import { fargateFiles } from './fluent-bit/fargate.ts';
import { dataplaneSections, hostSections } from './fluent-bit/journal.ts';
import { labelFilters, metadataFilters } from './fluent-bit/metadata.ts';
import { multilineFilters } from './fluent-bit/multiline.ts';
import { nodeFileSections } from './fluent-bit/node-files.ts';
import { AGENT_FILE, APPLICATION_FILE, DATAPLANE_FILE, HOST_FILE, NODE_FILES_FILE } from './fluent-bit/output.ts';
import { outputSections } from './fluent-bit/outputs.ts';
import { parserSections } from './fluent-bit/parsers.ts';
import { serviceSection } from './fluent-bit/service.ts';
import { escapeTemplates } from './fluent-bit/templates.ts';
import type { FluentBitTarget, RenderContext, RenderedFile } from './types.ts';

/**
 * Fluent Bit's configuration for a cluster, sorted by path; the same config always gives the same text. `daemonset` and `events` have fluent-bit.conf with
 * includes, `addon` has the same sections as values of the chart want them (see `addonFluentBitValues`), `fargate` has filters.conf, output.conf and
 * parsers.conf. Throws only where a value cannot be written in the format, which `check` refuses before.
 */
export function renderFluentBit(config: Config, cluster: ClusterConfig, target: FluentBitTarget): readonly RenderedFile[] {
  return fluentBitFiles({ config, cluster, target })
    .map((file) => ({
      path: file.path,
      text: target === 'addon' && isTemplated(file.path) ? escapeTemplates(printConf(file)) : printConf(file),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Values below `containerLogs.fluentBit.config` of the chart behind the add-on amazon-cloudwatch-observability. */
export interface AddonFluentBitValues {
  readonly service: string;
  readonly customParsers: string;
  readonly extraFiles: { readonly [path: string]: string };
}

/** The configuration as the add-on's values take it: the chart includes every extra file itself, by name. Its own three files are all replaced. */
export function addonFluentBitValues(config: Config, cluster: ClusterConfig): AddonFluentBitValues {
  const texts = new Map(renderFluentBit(config, cluster, 'addon').map(({ path, text }) => [path, text]));
  const extraFiles: { [path: string]: string } = {};
  for (const [path, text] of texts) if (isTemplated(path)) extraFiles[path] = text;
  return { service: texts.get('fluent-bit.conf') ?? '', customParsers: texts.get('parsers.conf') ?? '', extraFiles };
}

/** The chart runs extra files through its template engine, the other two not. */
function isTemplated(path: string): boolean {
  return path !== 'fluent-bit.conf' && path !== 'parsers.conf';
}

const WRITTEN = 'Written by eks-telemetry from the config; change that, not this text.';

function fluentBitFiles(context: RenderContext): ConfFile[] {
  const { config, cluster, target } = context;
  if (target === 'events') return eventFiles(context);
  if (target === 'fargate') return fargateFiles(context);
  const { inputs, files, fluentBit } = config.collection;
  const outputs = outputSections(context);
  const file = (path: string, about: string, isOn: boolean, sections: () => readonly Section[]): ConfFile[] => {
    // A file that is left out would leave the chart's own in place.
    if (!isOn && !(target === 'addon' && CHART_FILES.includes(path))) return [];
    return [
      {
        path,
        about: `${about} ${isOn ? WRITTEN : 'Switched off in the config.'}`,
        sections: isOn ? [...sections(), ...(outputs.get(path) ?? [])] : [],
      },
    ];
  };
  const parts = [
    ...file(AGENT_FILE, `The agent’s own metrics, cluster ${cluster.name}.`, fluentBit.selfMetrics, () => agentMetricSections(context)),
    ...file(APPLICATION_FILE, `Lines of containers, cluster ${cluster.name}.`, inputs.application, () => [
      ...containerInputs(context),
      ...multilineFilters(context),
      ...metadataFilters(context),
      ...labelFilters(context),
      ...applicationFilters(context),
    ]),
    ...file(DATAPLANE_FILE, `The node’s agents, cluster ${cluster.name}.`, inputs.dataplane, () => dataplaneSections(context)),
    ...file(HOST_FILE, `The node’s journal, cluster ${cluster.name}.`, inputs.host, () => hostSections(context)),
    ...file(NODE_FILES_FILE, `Other log files of the node, cluster ${cluster.name}.`, files.length > 0, () => nodeFileSections(context)),
  ];
  return [
    {
      path: 'fluent-bit.conf',
      about: `Fluent Bit on every node of ${cluster.name}. ${WRITTEN}`,
      sections: [serviceSection(context)],
      ...(target === 'addon' ? {} : { includes: parts.map(({ path }) => path) }),
    },
    { path: 'parsers.conf', about: WRITTEN, sections: parserSections(context) },
    ...parts,
  ];
}

/** Extra files that the chart brings along. */
const CHART_FILES: readonly string[] = [APPLICATION_FILE, DATAPLANE_FILE, HOST_FILE];
