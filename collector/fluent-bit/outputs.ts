import { logGroupOf } from '../../lib/config/log-groups.ts';
import { changed, type Entry, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { SELF } from './agent-metrics.ts';
import { type CollectedApplication, collectedApplications } from './applications.ts';
import { AGENT_FILE, APPLICATION_FILE, cloudWatch, DATAPLANE_FILE, HOST_FILE, NODE_FILES_FILE, type Output } from './output.ts';
import { sinkOutputs } from './sinks.ts';
import { queueSizes } from './sizes.ts';
import { aliasEntry } from './tail.ts';
import { NODE_NAME } from './values.ts';

const NO_LIMIT = changed(
  'Retry_Limit',
  'no_limits',
  'the default is 1: a chunk that CloudWatch throttles twice is dropped. Here the disk’s limit decides, and the oldest goes first.',
);

const CALLS_END = changed(
  'net.io_timeout',
  '60s',
  'the default is none: a call whose answer a dead connection swallowed keeps its chunk for ever.',
);

/** Every output of a target with its share of the disk, by file. */
export function outputSections(context: RenderContext): ReadonlyMap<string, readonly Section[]> {
  const outputs = outputsOf(context);
  const sizes = queueSizes(outputs, context.config.collection.fluentBit.diskLimitMiB);
  const byFile = new Map<string, Section[]>();
  for (const output of outputs) {
    const sections = byFile.get(output.file) ?? [];
    sections.push(outputSection(output, sizes.get(output.name) ?? 0));
    byFile.set(output.file, sections);
  }
  return byFile;
}

function outputSection({ name, kind, about, plugin, match, entries, retryLimit = NO_LIMIT }: Output, queueMiB: number): Section {
  return {
    name: 'OUTPUT',
    ...(about === undefined ? {} : { about }),
    entries: [
      plugin,
      aliasEntry(kind === 'metrics' ? `${SELF}-out` : `out-${name}`),
      match,
      ...entries,
      // Kafka's client has connections of its own.
      ...(plugin.value === 'kafka' ? [] : [CALLS_END]),
      retryLimit,
      changed(
        // This plugin gathers files of its own, and warns where it is given the general limit.
        plugin.value === 's3' ? 'store_dir_limit_size' : 'storage.total_limit_size',
        `${queueMiB}M`,
        'its share of collection.fluentBit.diskLimitMiB; without a limit the disk of the node fills and pods are evicted.',
      ),
    ],
  };
}

function outputsOf(context: RenderContext): Output[] {
  const { config, cluster } = context;
  const { inputs, files, fluentBit } = config.collection;
  const group = (kind: 'application' | 'dataplane' | 'host' | 'performance') => logGroupOf(kind, cluster.name);
  const days = cluster.retentionDays;
  const outputs: Output[] = [];
  if (inputs.application) {
    const applications = collectedApplications(config, cluster);
    outputs.push({
      ...cloudWatch(context, { group: group('application'), prefix: `${NODE_NAME}-`, days: days.application }),
      name: 'application',
      kind: 'application',
      file: APPLICATION_FILE,
      match: applicationMatch(applications),
    });
    for (const application of applications) outputs.push(...sinkOutputs(application, context));
  }
  if (inputs.dataplane) {
    outputs.push({
      ...cloudWatch(context, { group: group('dataplane'), prefix: `${NODE_NAME}-`, days: days.dataplane }),
      name: 'dataplane',
      kind: 'dataplane',
      file: DATAPLANE_FILE,
      match: entry('Match', 'dataplane.*'),
    });
  }
  if (inputs.host) {
    outputs.push({
      ...cloudWatch(context, { group: group('host'), prefix: `${NODE_NAME}.`, days: days.host }),
      name: 'host',
      kind: 'host',
      file: HOST_FILE,
      match: entry('Match', 'host.*'),
    });
  }
  for (const file of files) {
    outputs.push({
      ...cloudWatch(context, {
        group: file.logGroup ?? group('host'),
        prefix: `${NODE_NAME}.`,
        days: file.logGroup === undefined ? days.host : (file.retentionDays ?? 30),
      }),
      name: `file-${file.name}`,
      kind: 'files',
      file: NODE_FILES_FILE,
      match: changed('Match', `files.${file.name}.*`, 'this entry of collection.files.'),
    });
  }
  if (fluentBit.selfMetrics) {
    outputs.push({
      ...cloudWatch(context, { group: group('performance'), prefix: `${NODE_NAME}-`, days: days.performance, isEmf: true }),
      name: 'agent',
      kind: 'metrics',
      file: AGENT_FILE,
      match: changed('Match', 'agent.*', 'the agent’s own counts.'),
    });
  }
  return outputs;
}

function applicationMatch(applications: readonly CollectedApplication[]): Entry {
  return applications.some(({ root }) => root === 'application-by-label')
    ? changed('Match', 'application*', 'also applications that a label chooses: application-by-label.<tag>.')
    : entry('Match', 'application.*');
}
