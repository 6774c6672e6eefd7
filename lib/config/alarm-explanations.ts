import type { Explanation } from '../../lambdas/core/alerts/explanation.ts';
import { namesWatched } from '../alarms/deployed.ts';
import { linesQuery } from '../alarms/lines-query.ts';
import type { PlannedAlarm, PlannedFilter } from '../alarms/planned.ts';
import { planQueries } from './query-plan.ts';
import type { Config } from './resolve.ts';

/** What an explanation needs of a planned alarm: its name, the name of its saved query, which travels as a tag, and the lines that it counts. */
export type ExplainedAlarm = Pick<PlannedAlarm, 'definition' | 'filters' | 'tells'>;

/** Sources whose JSON events are too long to be read in a message: sums of their saved query are shown instead. */
const LONG_EVENTS: readonly string[] = ['controlPlane', 'performance'];

/**
 * What helps with the alarms of a cluster: the saved query that each names, with its log groups filled in, behind the button; and for alarms on logs the
 * lines that the message shows.
 */
export function alarmExplanations(config: Config, clusterName: string | undefined, alarms: readonly ExplainedAlarm[]): Explanation[] {
  const cluster = config.clusters.find(({ name }) => name === clusterName);
  if (cluster === undefined) return [];
  const wanted = new Set(alarms.flatMap(({ definition }) => definition.tags?.['query'] ?? []));
  const queries = planQueries(config, cluster)
    .deployed.filter(({ definitionName, name }) => wanted.has(name) || wanted.has(definitionName))
    .map(({ definitionName, file, logGroupNames, name }) => ({
      matchers: [
        { label: 'query', op: '=', value: wanted.has(name) ? name : definitionName } as const,
        { label: 'cluster', op: '=', value: cluster.name } as const,
      ],
      logGroups: logGroupNames.slice(0, 20),
      query: withDefaults(file),
    }));
  return config.alarms.showLines ? [...queries, ...alarms.flatMap((alarm) => linesOf(config, alarm, alarms, queries) ?? [])] : queries;
}

/**
 * The lines of an alarm on logs: the events that it counted, of a rule those of the alarms that it watches, else what its saved query says. Undefined for an
 * alarm that looks at no logs, and for one that does not tell.
 */
function linesOf(
  config: Config,
  { definition, filters, tells }: ExplainedAlarm,
  all: readonly ExplainedAlarm[],
  queries: readonly Explanation[],
): Explanation | undefined {
  if (!tells) return undefined;
  const watched = namesWatched(definition).flatMap((name) => all.find((other) => other.definition.name === name) ?? []);
  // Of a share of lines the first filter counts them, the second one all.
  const counted = [...filters.slice(0, 1), ...watched.flatMap((child) => child.filters.slice(0, 1))];
  if (counted.length === 0 && definition.kind !== 'log') return undefined;
  const matchers = [{ label: 'alertname', op: '=', value: definition.name }] as const;
  const readable = counted.filter((filter) => !isLong(config, filter));
  const query = linesQuery(readable.map(({ filterPattern }) => filterPattern));
  if (query !== undefined) {
    const logGroups = [...new Set(readable.map(({ logGroup }) => logGroup))];
    return { matchers, showsLines: true, lines: { logGroups, query } };
  }
  const saved = queries.find(({ matchers: [first] }) => first?.value === definition.tags?.['query']);
  // With its groups: who shows lines is allowed to ask these.
  return saved === undefined ? undefined : { matchers, showsLines: true, logGroups: saved.logGroups ?? [] };
}

function isLong({ sources }: Config, { filterPattern, logGroup }: PlannedFilter): boolean {
  const kind = sources.find((source) => source.logGroup === logGroup)?.kind ?? '';
  return filterPattern.trimStart().startsWith('{') && LONG_EVENTS.includes(kind);
}

/** A query with its parameters' defaults beside their names: an alert fills in the labels that it has. */
export function withDefaults({
  parameters,
  query,
}: {
  readonly query: string;
  readonly parameters: readonly { readonly name: string; readonly defaultValue: string | undefined }[];
}): string {
  return query.replace(/\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}/g, (whole, parameter: string) => {
    const value = parameters.find(({ name }) => name === parameter)?.defaultValue;
    return value === undefined ? whole : `{{${parameter}|${value.replace(/[{}|]/g, '')}}}`;
  });
}
