import { changed, type Entry, entry } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { type CollectedApplication, tagsOf } from './applications.ts';
import type { OutputKind } from './sizes.ts';
import { NODE_NAME } from './values.ts';

/** Files of the configuration, each with what belongs together; those of the official configuration keep its names. */
export const AGENT_FILE = 'agent-metrics.conf';
export const APPLICATION_FILE = 'application-log.conf';
export const DATAPLANE_FILE = 'dataplane-log.conf';
export const HOST_FILE = 'host-log.conf';
export const NODE_FILES_FILE = 'node-files.conf';

/** An output before its share of the disk is known. */
export interface Output {
  readonly name: string;
  readonly kind: OutputKind;
  /** Name of the file it belongs to. */
  readonly file: string;
  readonly about?: string;
  readonly plugin: Entry;
  readonly match: Entry;
  readonly entries: readonly Entry[];
  /** In place of retries without end, where a plugin refuses them. */
  readonly retryLimit?: Entry;
}

/** What an output of CloudWatch Logs needs to know. */
export interface CloudWatchTarget {
  readonly group: string;
  /** Begins the name of the log stream; the tag follows. */
  readonly prefix: string;
  readonly days: number;
  readonly roleArn?: string | undefined;
  readonly isEmf?: boolean;
}

/** Plugin and entries of an output to a log group. No `log_key`: it would send every member whose name begins like it, and the id needs them all. */
export function cloudWatch(
  { config }: Pick<RenderContext, 'config'>,
  { group, prefix, days, roleArn, isEmf = false }: CloudWatchTarget,
): Pick<Output, 'plugin' | 'entries'> {
  return {
    plugin: entry('Name', 'cloudwatch_logs'),
    entries: [
      changed('region', config.region, 'written out, so that the same text runs everywhere it is installed.'),
      changed('log_group_name', group, 'written out, as above.'),
      prefix.startsWith(NODE_NAME)
        ? entry('log_stream_prefix', prefix)
        : changed('log_stream_prefix', prefix, 'one pod for the whole cluster.'),
      ...(isEmf ? [changed('log_format', 'json/emf', 'CloudWatch makes metrics of it.')] : []),
      ...(roleArn === undefined ? [] : [changed('role_arn', roleArn, 'a group of another account.')]),
      entry('auto_create_group', 'true'),
      changed(
        'log_retention_days',
        days,
        'a group that the agent makes would be kept, and paid, for ever. Groups of the stacks have theirs already.',
      ),
      ...(config.collection.logs === 'own'
        ? [changed('extra_user_agent', 'eks-telemetry', 'officially container-insights.')]
        : [entry('extra_user_agent', 'container-insights')]),
    ],
  };
}

/** The pattern of an application's records. */
export function matchOf(application: CollectedApplication): Entry {
  return changed('Match', tagsOf(application), 'this application only.');
}
