import type { QueryFile } from '../../lambdas/core/insights/query-file.ts';
import { fieldsOf, type QuerySource, querySource } from '../../lambdas/core/insights/sources.ts';
import { functionLogGroupName, logIndexerName, redriveName } from './names.ts';
import { hasRedrive } from './redrive.ts';
import { type ClusterConfig, type Config, logGroupOf } from './resolve.ts';
import type { SavedQuery } from './saved-queries.ts';

/** Most log groups of one query (StartQuery and PutQueryDefinition, 2026). */
export const MAX_QUERY_LOG_GROUPS = 50;
/** Longest name of a saved query, in characters. */
export const MAX_QUERY_NAME = 255;
/** Saved queries that an account has per Region, those of others included. */
export const MAX_QUERY_DEFINITIONS = 1000;
/** Most fields of a field index policy. */
export const MAX_INDEXED_FIELDS = 20;

/** A saved query as it is deployed for one cluster. */
export interface DeployedQuery {
  /** Folder and name in the catalogue. */
  readonly name: string;
  /** Name in the account: the console makes folders of what stands before a `/`. */
  readonly definitionName: string;
  readonly path: string;
  readonly file: QueryFile;
  readonly logGroupNames: readonly string[];
}

/** A saved query that a cluster does not get. */
export interface LeftOutQuery {
  readonly name: string;
  readonly reason: string;
}

/** Saved queries of one cluster. */
export interface ClusterQueries {
  readonly cluster: string;
  readonly deployed: readonly DeployedQuery[];
  readonly leftOut: readonly LeftOutQuery[];
  /** Fields that `filterIndex` of the deployed queries asks, by log group: what its field index policy must have. */
  readonly indexedFields: ReadonlyMap<string, readonly string[]>;
}

/** Decides for each saved query whether a cluster gets it, and on which log groups. */
export function planQueries(config: Config, cluster: ClusterConfig): ClusterQueries {
  const deployed: DeployedQuery[] = [];
  const leftOut: LeftOutQuery[] = [];
  const indexed = new Map<string, Set<string>>();
  for (const query of config.savedQueries.queries) {
    const { file } = query.checked;
    if (file === undefined) continue;
    const places = file.sources.map((source) => ({ source, place: placeOfSource(config, cluster, source) }));
    const missing = places.find(({ place }) => typeof place === 'string');
    if (missing !== undefined) {
      leftOut.push({ name: query.name, reason: missing.place as string });
      continue;
    }
    const logGroupNames = [...new Set(places.flatMap(({ place }) => place as readonly string[]))];
    const definitionName = `${config.prefix}/${cluster.name}/${query.name}`;
    deployed.push({ name: query.name, definitionName, path: query.path, file, logGroupNames });
    for (const { source, place } of places) addIndexed(indexed, query, source, place as readonly string[]);
  }
  const indexedFields = new Map([...indexed].map(([group, fields]) => [group, [...fields].sort()]));
  return { cluster: cluster.name, deployed, leftOut, indexedFields };
}

/** A log group gets an index of the fields that its events have; a field of another source of the query is not among them. */
function addIndexed(indexed: Map<string, Set<string>>, { checked }: SavedQuery, source: string, groups: readonly string[]): void {
  const known = fieldsOf([source]);
  for (const name of checked.indexedFields) {
    // Fields of CloudWatch itself (@aws.account …) are indexed by default.
    if (name.startsWith('@') || !known.has(name)) continue;
    for (const group of groups) indexed.set(group, (indexed.get(group) ?? new Set()).add(name));
  }
}

/** Log groups that hold a source in a cluster, or why there are none. */
function placeOfSource(config: Config, cluster: ClusterConfig, name: string): readonly string[] | string {
  const source = querySource(name);
  if (source === undefined) return placeOfOwnSource(config, cluster, name);
  if (source.kind === 'pipeline') return pipelineGroups(config, cluster);
  const sources = config.sources.filter(({ cluster: owner, kind }) => owner === cluster.name && kind === source.kind);
  if (sources.length === 0) return `no source of kind ${source.kind}`;
  const group = logGroupOf(source.kind, cluster.name);
  if (sources.every(({ logGroup }) => logGroup !== group))
    return `records of ${sources[0]?.logGroup} name pods by k8s.*, saved queries ask for kubernetes.*; in the index both have the same names`;
  if (source.kind === 'performance' && config.collection.metrics !== 'classic')
    return `collection.metrics is ${config.collection.metrics}: only classic metrics come as log events`;
  return notLogged(cluster, source) ?? [group];
}

function notLogged({ controlPlane }: ClusterConfig, { logType }: QuerySource): string | undefined {
  if (logType === undefined || controlPlane.enablement === 'none' || controlPlane.logTypes.includes(logType)) return undefined;
  return `controlPlane.logTypes has no ${logType}`;
}

function placeOfOwnSource({ sources }: Config, cluster: ClusterConfig, name: string): readonly string[] | string {
  const source = sources.find((each) => each.name === name);
  if (source?.cluster !== cluster.name) return `the source ${name} is of another cluster`;
  if (source.logGroup.endsWith('*')) return `the source ${name} names its log groups by a pattern, a saved query takes names`;
  return [source.logGroup];
}

/** Logs of the functions that index the cluster's events, and of the one that sends again what they gave up on (all clusters share it). */
function pipelineGroups(config: Config, cluster: ClusterConfig): readonly string[] | string {
  const { prefix, search, sources } = config;
  const routes = (['direct', 'stream'] as const).filter(
    (route) => search.mode !== 'none' && sources.some((source) => source.cluster === cluster.name && source.route === route),
  );
  if (routes.length === 0) return 'nothing of this cluster is indexed, so no function of ours has a log';
  const names = [
    ...routes.map((route) => logIndexerName(prefix, cluster.name, route)),
    ...(hasRedrive(config) ? [redriveName(prefix)] : []),
  ];
  return names.map(functionLogGroupName);
}
