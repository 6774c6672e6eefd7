import { querySource } from '../../../lambdas/core/insights/sources.ts';
import { nearestName } from '../nearest-name.ts';
import { type ClusterQueries, MAX_INDEXED_FIELDS, MAX_QUERY_DEFINITIONS, MAX_QUERY_NAME, planQueries } from '../query-plan.ts';
import type { Config } from '../resolve.ts';
import type { Check, CheckReport } from './context.ts';

const QUERIES = ['queries'];

/** Saved queries as a whole: folders, exclusions, and the limits of the account. Problems of single files are the loader's. */
export const checkQueries: Check = ({ config, isIncomplete }, report) => {
  if (isIncomplete(QUERIES)) return;
  checkFolders(config, report);
  if (isIncomplete(['clusters']) || isIncomplete(['sources'])) return;
  const plans = config.clusters.map((cluster) => planQueries(config, cluster));
  checkCount(plans, report);
  for (const plan of plans) checkCluster(plan, report);
  for (const query of config.savedQueries.queries) {
    const unindexed = query.checked.file?.sources.find((name) => querySource(name) === undefined || name === 'pipeline');
    if (query.checked.indexedFields.length === 0 || unindexed === undefined) continue;
    const what = `${query.path}: filterIndex finds nothing in ${unindexed}: this app gives field indexes only to the log groups that it adopts; write filter`;
    report.problem({ path: QUERIES, what });
  }
};

function checkFolders({ queries, savedQueries }: Config, report: CheckReport): void {
  for (const index of savedQueries.missingFolders) {
    report.problem({
      path: ['queries', 'folders', index],
      what: 'there is no such folder beside the config',
      limit: 'a path relative to the config file',
      value: queries.folders[index],
    });
  }
  for (const name of savedQueries.duplicates)
    report.problem({ path: ['queries', 'folders'], what: `two folders have a query ${name}; rename one: they would be one saved query` });
  const known = [...savedQueries.queries.map(({ name }) => name), ...savedQueries.excluded];
  for (const index of savedQueries.idleExclusions) {
    const pattern = queries.exclude[index] ?? '';
    const near = nearestName(pattern, known);
    report.warning({
      path: ['queries', 'exclude', index],
      what: `no query has this name${near === undefined ? '' : `; did you mean ${near}?`}`,
      value: pattern,
    });
  }
}

function checkCount(plans: readonly ClusterQueries[], report: CheckReport): void {
  const count = plans.reduce((sum, { deployed }) => sum + deployed.length, 0);
  if (count <= MAX_QUERY_DEFINITIONS) return;
  report.problem({
    path: QUERIES,
    what: `${count} saved queries for ${plans.length} clusters; switch some off with queries.exclude`,
    limit: `${MAX_QUERY_DEFINITIONS} per account and Region, those of others included`,
  });
}

function checkCluster({ deployed, indexedFields }: ClusterQueries, report: CheckReport): void {
  for (const { definitionName, path } of deployed) {
    if (definitionName.length > MAX_QUERY_NAME)
      report.problem({
        path: QUERIES,
        what: `${path}: the name has ${definitionName.length} characters`,
        limit: `${MAX_QUERY_NAME}`,
        value: definitionName,
      });
  }
  for (const [group, fields] of indexedFields) {
    if (fields.length <= MAX_INDEXED_FIELDS) continue;
    report.problem({
      path: QUERIES,
      what: `filterIndex of the saved queries asks ${fields.length} fields of ${group}; write filter for the rarest`,
      limit: `${MAX_INDEXED_FIELDS} in a field index policy`,
      value: fields.join(' '),
    });
  }
}
