import type { AccessLogKind } from '../../lambdas/core/access-logs/rules.ts';
import type { ControlPlaneKind, FieldType, IndexPeriod, SourceKind } from '../../lambdas/core/rules/rules.ts';
import type { ParsedConfig } from './schema.ts';

/** Families of the control-plane streams. */
export const CONTROL_PLANE_FAMILIES: { readonly [kind in ControlPlaneKind]: string } = {
  audit: 'eks-audit',
  api: 'eks-api',
  authenticator: 'eks-authenticator',
  controllerManager: 'eks-controller-manager',
  scheduler: 'eks-scheduler',
};

/** Family of a source's records where neither the source nor an application names one. */
export const KIND_FAMILIES: { readonly [kind in SourceKind]: string } = {
  // Streams of the control plane with a prefix that nobody knows yet are read like the API server's.
  controlPlane: CONTROL_PLANE_FAMILIES.api,
  application: 'eks-application',
  host: 'eks-host',
  dataplane: 'eks-dataplane',
  performance: 'eks-performance',
  events: 'eks-events',
  logGroup: 'eks-application',
};

/** Families of access logs where a config names none. */
export const ACCESS_LOG_FAMILIES: { readonly [kind in AccessLogKind]: string } = {
  alb: 'eks-alb',
  nlb: 'eks-nlb',
  cloudfront: 'eks-cloudfront',
  waf: 'eks-waf',
};

/** Family that an access log writes to. */
export function accessLogFamily(log: Pick<ParsedConfig['loadBalancers']['logs'][number], 'kind' | 'family'>): string {
  return log.family ?? ACCESS_LOG_FAMILIES[log.kind];
}

/** The families that are always there, sorted. */
export const BUILTIN_FAMILIES: readonly string[] = [
  ...new Set([...Object.values(CONTROL_PLANE_FAMILIES), ...Object.values(KIND_FAMILIES)]),
].sort();

/** An index family with every setting resolved. */
export interface FamilyConfig {
  readonly name: string;
  readonly period: IndexPeriod;
  /** Age at which an index is deleted, and over which events are excluded, in days. */
  readonly retentionDays: number;
  readonly warmAfterDays?: number;
  readonly coldAfterDays?: number;
  readonly shards: number;
  readonly replicas: number;
  readonly refreshSeconds: number;
  /** Typed fields that its applications declare. */
  readonly fields: { readonly [field: string]: FieldType };
  /** Applications whose `index` it is; empty for built-in and declared families. */
  readonly applications: readonly string[];
}

/** What a family gets where neither `search.families` nor `search.defaults` nor its application says otherwise. */
const FALLBACK = { period: 'day', retentionDays: 30, shards: 1, replicas: 1, refreshSeconds: 30 } as const;

/** Built-in families whose log groups are kept for a short time: an index that outlives its group cannot be filled again. */
const SHORT_RETENTION_DAYS: { readonly [family: string]: number } = { 'eks-host': 14, 'eks-dataplane': 14, 'eks-performance': 7 };

function shortRetentionDays(family: string): number | undefined {
  return Object.hasOwn(SHORT_RETENTION_DAYS, family) ? SHORT_RETENTION_DAYS[family] : undefined;
}

/** Every family of the config by name, sorted: built-in ones, applications' and those that `search.families` declares. */
export function resolveFamilies(config: ParsedConfig): FamilyConfig[] {
  const names = new Set([...BUILTIN_FAMILIES, ...Object.keys(config.search.families)]);
  for (const application of config.applications) if (application.index !== undefined) names.add(application.index);
  for (const log of config.loadBalancers.logs) names.add(accessLogFamily(log));
  return [...names].sort().map((name) => resolveFamily(config, name));
}

function resolveFamily(config: ParsedConfig, name: string): FamilyConfig {
  const defaults = config.search.defaults;
  const own = Object.hasOwn(config.search.families, name) ? config.search.families[name] : undefined;
  const applications = config.applications.filter((application) => application.index === name);
  // Applications without an index write to their source's family, so their typed fields must be mapped there.
  const writers = config.applications.filter((application) => (application.index ?? KIND_FAMILIES.application) === name);
  const fields: { [field: string]: FieldType } = {};
  for (const source of config.sources) if ((source.family ?? KIND_FAMILIES[source.kind]) === name) Object.assign(fields, source.fields);
  for (const application of writers) Object.assign(fields, application.fields);
  const period = first(own?.period, ...applications.map(({ period }) => period), defaults.period) ?? FALLBACK.period;
  const retentionDays = first(own?.retentionDays, ...applications.map(({ retentionDays }) => retentionDays), defaults.retentionDays);
  return {
    name,
    period,
    retentionDays: retentionDays ?? shortRetentionDays(name) ?? FALLBACK.retentionDays,
    ...(own?.warmAfterDays === undefined ? {} : { warmAfterDays: own.warmAfterDays }),
    ...(own?.coldAfterDays === undefined ? {} : { coldAfterDays: own.coldAfterDays }),
    shards: own?.shards ?? defaults.shards ?? FALLBACK.shards,
    replicas: own?.replicas ?? defaults.replicas ?? FALLBACK.replicas,
    refreshSeconds: own?.refreshSeconds ?? defaults.refreshSeconds ?? FALLBACK.refreshSeconds,
    fields,
    applications: applications.map((application) => application.name),
  };
}

function first<T>(...values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}
