import { indexPattern } from '../index-name.ts';
import type { NamedBody, SearchFamily, SearchSetup, SearchTemplates } from '../search-setup.ts';
import { AUDIT } from './audit.ts';
import { declaredProperties } from './declared.ts';
import { ENVELOPE } from './envelope.ts';
import type { Properties } from './field-types.ts';
import { policyFor } from './policy.ts';
import { patternPriority } from './priority.ts';
import { RECORDS } from './records.ts';
import { roleMappings, roles } from './roles.ts';

/** Fields that a mapping may hold before OpenSearch refuses it: ours are under 200, the rest is for declared ones. */
const TOTAL_FIELDS = 2000;

/** What a search box without a field name searches; OpenSearch would otherwise ask every field, and fail on dates and addresses. */
const DEFAULT_FIELDS = ['message', 'error.message', 'responseStatus.message', 'requestURI'];

/** Everything that search-setup installs, as plain data in the shapes of OpenSearch's APIs. */
export function searchTemplates(setup: SearchSetup): SearchTemplates {
  const targets = setup.families.flatMap((family) => family.clusters.map((cluster) => ({ family, cluster })));
  return {
    componentTemplates: [component(setup, 'envelope', ENVELOPE), component(setup, 'audit', AUDIT), component(setup, 'records', RECORDS)],
    indexTemplates: targets.map(({ family, cluster }) => indexTemplate(setup, family, cluster)),
    policies: setup.families.filter((family) => family.clusters.length > 0).map((family) => policyFor(setup, family)),
    roles: roles(setup),
    roleMappings: roleMappings(setup),
  };
}

function component(setup: SearchSetup, name: string, properties: Properties): NamedBody {
  return { name: `${setup.prefix}-${name}`, body: { template: { mappings: { properties } } } };
}

function indexTemplate(setup: SearchSetup, family: SearchFamily, cluster: string): NamedBody {
  const pattern = indexPattern(family.name, cluster);
  const properties = declaredProperties(family.fields);
  return {
    name: `${setup.prefix}-${family.name}-${cluster}`,
    body: {
      index_patterns: [pattern],
      priority: patternPriority(pattern),
      composed_of: [`${setup.prefix}-envelope`, `${setup.prefix}-${family.kind}`],
      template: {
        settings: {
          index: {
            number_of_shards: family.shards,
            number_of_replicas: family.replicas,
            refresh_interval: `${family.refreshSeconds}s`,
            codec: 'best_compression',
            mapping: { total_fields: { limit: TOTAL_FIELDS }, ignore_malformed: true },
            query: { default_field: DEFAULT_FIELDS },
          },
        },
        mappings: {
          // Unknown fields stay in _source unindexed: a new field of one document can never make the next one a 400.
          dynamic: false,
          date_detection: false,
          _meta: { managed_by: setup.prefix, family: family.name, cluster },
          properties,
        },
      },
    },
  };
}
