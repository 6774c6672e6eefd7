import { resolve } from 'node:path';
import type { ControlPlaneKind, SourceKind } from '../../lambdas/core/rules/rules.ts';
import { CONTROL_PLANE_FAMILIES, type FamilyConfig, KIND_FAMILIES, resolveFamilies } from './families.ts';
import { gp3Limits } from './instances.ts';
import { type LoadBalancersConfig, resolveLoadBalancers } from './load-balancers.ts';
import { logGroupOf, otelLogGroupOf } from './log-groups.ts';
import { readSamlMetadata, type SamlMetadata } from './saml.ts';
import { loadSavedQueries, type SavedQueries } from './saved-queries.ts';
import type { ParsedConfig } from './schema.ts';

export { logGroupOf, otelLogGroupOf } from './log-groups.ts';

type ParsedCluster = ParsedConfig['clusters'][number];
type ParsedSource = ParsedConfig['sources'][number];
type ParsedApplication = ParsedConfig['applications'][number];
type ParsedSearch = ParsedConfig['search'];

export interface ClusterConfig extends ParsedCluster {
  /** The cluster inside index names. */
  readonly indexName: string;
}

/** How long Lambda itself lets a record of a stream grow old at most, in hours (event source mapping, API reference of 2026). */
const MAX_RECORD_AGE_HOURS = 168;

/** Hours by which a record must be too old before the stream forgets it: Lambda reads it once more to put it into the bucket. */
export const FORGETTING_MARGIN_HOURS = 1;

export interface SourceConfig extends Omit<ParsedSource, 'stream'> {
  readonly stream: ParsedSource['stream'] & { readonly maximumRecordAgeHours: number };
  /** The log group by name; a trailing `*` is a prefix, only with `subscription: account`. */
  readonly logGroup: string;
  readonly family: string;
  /** Only for `controlPlane`. */
  readonly controlPlaneFamilies?: { readonly [kind in ControlPlaneKind]: string };
  readonly format: string;
}

export interface ApplicationConfig extends ParsedApplication {
  /** Where its records go: its own `index`, else the application family. */
  readonly family: string;
}

type ParsedNodes = ParsedSearch['domain']['dataNodes'];

type ParsedSaml = NonNullable<ParsedSearch['domain']['saml']>;

export interface SamlConfig extends ParsedSaml {
  /** What `metadataFile` holds. A config that passed its checks has metadata that is `ok`. */
  readonly metadata: SamlMetadata;
}

export interface DomainConfig extends Omit<ParsedSearch['domain'], 'name' | 'dataNodes' | 'saml'> {
  readonly name: string;
  readonly saml?: SamlConfig;
  readonly dataNodes: ParsedNodes & {
    readonly iops: number;
    /** MiB per second. */
    readonly throughput: number;
  };
}

export interface SearchConfig extends Omit<ParsedSearch, 'domain'> {
  readonly domain: DomainConfig;
}

/** The config as everything else reads it: defaults filled in, names derived. */
export interface Config extends Omit<ParsedConfig, 'clusters' | 'sources' | 'applications' | 'search' | 'loadBalancers'> {
  readonly clusters: readonly ClusterConfig[];
  readonly sources: readonly SourceConfig[];
  readonly applications: readonly ApplicationConfig[];
  readonly search: SearchConfig;
  readonly loadBalancers: LoadBalancersConfig;
  /** Every index family by name, sorted. */
  readonly families: readonly FamilyConfig[];
  /** Saved queries that are deployed where their logs are. */
  readonly savedQueries: SavedQueries;
}

/** Parsers of what no application claims. */
const KIND_FORMATS: { readonly [kind in SourceKind]: string } = {
  controlPlane: 'auto',
  application: 'auto',
  host: 'auto',
  dataplane: 'auto',
  performance: 'json',
  events: 'json',
  logGroup: 'auto',
};

/** Fills in what follows from other values, and reads the files that the config names in its folder. The input must have passed the schema. */
export function resolveConfig(parsed: ParsedConfig, folder: string): Config {
  return {
    ...parsed,
    clusters: parsed.clusters.map((cluster) => ({ ...cluster, indexName: cluster.indexName ?? cluster.name.toLowerCase() })),
    sources: parsed.sources.map(resolveSource),
    applications: parsed.applications.map((application) => ({ ...application, family: application.index ?? KIND_FAMILIES.application })),
    search: { ...parsed.search, domain: resolveDomain(parsed, folder) },
    loadBalancers: resolveLoadBalancers(parsed, folder),
    athena: { ...parsed.athena, folders: parsed.athena.folders.map((entry) => resolve(folder, entry)) },
    families: resolveFamilies(parsed),
    savedQueries: loadSavedQueries(parsed, folder),
  };
}

function resolveDomain({ search, prefix }: ParsedConfig, folder: string): DomainConfig {
  const { dataNodes, saml, ...domain } = search.domain;
  const included = gp3Limits(dataNodes.volumeGiB);
  return {
    ...domain,
    ...(saml === undefined ? {} : { saml: { ...saml, metadata: readSamlMetadata(folder, saml.metadataFile) } }),
    name: search.domain.name ?? prefix,
    dataNodes: { ...dataNodes, iops: dataNodes.iops ?? included.minIops, throughput: dataNodes.throughput ?? included.minThroughput },
  };
}

/** A kind has its group; application and host may name the one that the OTel variant writes to. */
function groupOfSource({ kind, cluster, logGroup }: ParsedSource): string {
  if (kind === 'logGroup') return logGroup ?? '';
  return logGroup !== undefined && logGroup === otelLogGroupOf(kind, cluster) ? logGroup : logGroupOf(kind, cluster);
}

function resolveSource(source: ParsedSource): SourceConfig {
  return {
    ...source,
    logGroup: groupOfSource(source),
    family: source.family ?? KIND_FAMILIES[source.kind],
    stream: {
      ...source.stream,
      maximumRecordAgeHours:
        source.stream.maximumRecordAgeHours ?? Math.min(MAX_RECORD_AGE_HOURS, source.stream.retentionHours - FORGETTING_MARGIN_HOURS),
    },
    ...(source.kind === 'controlPlane' ? { controlPlaneFamilies: CONTROL_PLANE_FAMILIES } : {}),
    format: source.format ?? KIND_FORMATS[source.kind],
  };
}
