import { indexPattern } from '../../lambdas/core/index/index-name.ts';
import { matchesWildcard } from '../../lambdas/core/rules/wildcard.ts';
import { archiveStreamName, searchStreamName } from './names.ts';
import type { Config, SourceConfig } from './resolve.ts';
import { familiesOf } from './search-setup.ts';

/** A delivery stream to OpenSearch: it has one index, so each family of a cluster has its own. */
export interface FamilyStreamPlan {
  readonly family: string;
  readonly streamName: string;
  /** What Firehose puts the date behind. */
  readonly indexName: string;
  /** What the names of the family's indices start with. */
  readonly indexStart: string;
  /** Firehose's word for the family's period. */
  readonly rotation: 'OneHour' | 'OneDay' | 'OneWeek' | 'OneMonth';
}

const ROTATIONS = { hour: 'OneHour', day: 'OneDay', week: 'OneWeek', month: 'OneMonth' } as const;

/** Sources of a cluster that go to OpenSearch by Firehose; none where nothing is indexed. */
export function firehoseSources(config: Pick<Config, 'search' | 'sources'>, cluster: string): SourceConfig[] {
  if (config.search.mode === 'none') return [];
  return config.sources.filter((source) => source.cluster === cluster && source.route === 'firehose');
}

/** Sources of a cluster whose originals go to S3. */
export function archivedSources(config: Pick<Config, 'archive' | 'sources'>, cluster: string): SourceConfig[] {
  if (!config.archive.enabled) return [];
  return config.sources.filter((source) => source.cluster === cluster && source.archive);
}

/** Whether anything of a cluster goes by Firehose. */
export function hasFirehose(config: Pick<Config, 'archive' | 'search' | 'sources'>, cluster: string): boolean {
  return firehoseSources(config, cluster).length > 0 || archivedSources(config, cluster).length > 0;
}

/** The delivery streams to OpenSearch of a cluster: of all families that its sources with route firehose can write to. */
export function familyStreams(config: Config, clusterName: string): FamilyStreamPlan[] {
  const sources = firehoseSources(config, clusterName);
  const cluster = config.clusters.find(({ name }) => name === clusterName);
  if (sources.length === 0 || cluster === undefined) return [];
  const names = new Set(sources.flatMap(familiesOf));
  const holdsRecords = sources.some(({ kind }) => kind === 'application' || kind === 'logGroup');
  for (const { family, match } of config.applications)
    if (holdsRecords && (match.cluster === undefined || matchesWildcard(match.cluster, clusterName))) names.add(family);
  return config.families
    .filter(({ name }) => names.has(name))
    .map(({ name, period }) => {
      const indexStart = indexPattern(name, cluster.indexName).slice(0, -1);
      return {
        family: name,
        streamName: searchStreamName(config.prefix, clusterName, name),
        indexName: indexStart.slice(0, -1),
        indexStart,
        rotation: ROTATIONS[period],
      };
    });
}

/** Name of the archive's delivery stream of a cluster. */
export function archiveStream(config: Pick<Config, 'prefix'>, cluster: string): string {
  return archiveStreamName(config.prefix, cluster);
}
