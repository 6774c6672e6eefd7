import type { Explanation } from '../../lambdas/core/alerts/explanation.ts';
import { planQueries } from './query-plan.ts';
import type { Config } from './resolve.ts';

/** What an explanation needs of a planned alarm: the name of its saved query, which travels as a tag. */
export interface ExplainedAlarm {
  readonly definition: { readonly tags?: { readonly [key: string]: string } };
}

/** Saved queries that the alarms of a cluster name, as explanations of alerts with that tag: the button opens the question with its log groups filled in. */
export function alarmExplanations(config: Config, clusterName: string | undefined, alarms: readonly ExplainedAlarm[]): Explanation[] {
  const cluster = config.clusters.find(({ name }) => name === clusterName);
  if (cluster === undefined) return [];
  const wanted = new Set(alarms.flatMap(({ definition }) => definition.tags?.['query'] ?? []));
  return planQueries(config, cluster)
    .deployed.filter(({ definitionName, name }) => wanted.has(name) || wanted.has(definitionName))
    .map(({ definitionName, file, logGroupNames, name }) => ({
      matchers: [
        { label: 'query', op: '=', value: wanted.has(name) ? name : definitionName } as const,
        { label: 'cluster', op: '=', value: cluster.name } as const,
      ],
      logGroups: logGroupNames.slice(0, 20),
      query: withDefaults(file),
    }));
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
