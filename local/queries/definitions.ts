import type { QueryParameter } from '../../lambdas/core/insights/query-file.ts';
import { type Json, listAt, textAt } from '../template/json.ts';
import type { Resolver } from '../template/resolver.ts';

/** A saved query as the templates have it. */
export interface QueryDefinition {
  readonly name: string;
  readonly account: string;
  readonly query: string;
  readonly logGroups: readonly string[];
  readonly parameters: readonly QueryParameter[];
}

/** Saved queries of the templates, by name. */
export function queryDefinitions(resolver: Resolver): QueryDefinition[] {
  return resolver
    .resources((type) => type === 'AWS::Logs::QueryDefinition')
    .map(({ account, properties }) => ({
      account,
      name: textAt(properties, 'Name') ?? '',
      query: textAt(properties, 'QueryString') ?? '',
      logGroups: listAt(properties, 'LogGroupNames').map(String),
      parameters: listAt(properties, 'Parameters').map(parameterOf),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function parameterOf(value: Json): QueryParameter {
  return {
    name: textAt(value, 'Name') ?? '',
    defaultValue: textAt(value, 'DefaultValue'),
    description: textAt(value, 'Description') ?? '',
  };
}
