import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AccessLogRules, AccessLogSource } from '../../lambdas/core/access-logs/rules.ts';
import type { IndexFamily } from '../../lambdas/core/rules/rules.ts';
import { accessLogFamily, type FamilyConfig } from './families.ts';
import { redactionRules } from './redaction-rules.ts';
import type { ParsedConfig } from './schema.ts';

type ParsedLog = ParsedConfig['loadBalancers']['logs'][number];

/** One kind of access log with everything resolved. */
export interface AccessLogConfig extends Omit<ParsedLog, 'prefix' | 'family'> {
  /** What keys start with, with a slash at its end; '' for all of a bucket. */
  readonly prefix: string;
  readonly family: string;
  readonly bucket: string;
}

/** Access logs with everything resolved. */
export interface LoadBalancersConfig extends Omit<ParsedConfig['loadBalancers'], 'logs' | 'bucket'> {
  readonly logs: readonly AccessLogConfig[];
  readonly bucket: ParsedConfig['loadBalancers']['bucket'] & { readonly name: string };
  /** Absolute path, where one is named and the file is there. */
  readonly geoIpFile: string | undefined;
}

/** WAF writes only into buckets whose names start so. https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html */
export const WAF_BUCKET_START = 'aws-waf-logs-';

/** Fills in what follows from other values. */
export function resolveLoadBalancers(parsed: ParsedConfig, folder: string): LoadBalancersConfig {
  const { logs, bucket, geoIpDatabase, ...rest } = parsed.loadBalancers;
  const name = bucket.name ?? `${parsed.prefix}-access-logs-${parsed.account}-${parsed.region}`;
  const file = geoIpDatabase === undefined ? undefined : resolve(folder, geoIpDatabase);
  return {
    ...rest,
    ...(geoIpDatabase === undefined ? {} : { geoIpDatabase }),
    bucket: { ...bucket, name },
    geoIpFile: file !== undefined && existsSync(file) ? file : undefined,
    logs: logs.map((log) => ({
      ...log,
      bucket: log.kind === 'waf' && bucket.name === undefined ? wafBucketName(parsed) : name,
      prefix: prefixOf(log),
      family: accessLogFamily(log),
    })),
  };
}

/** A bucket of its own for WAF. */
export function wafBucketName({ prefix, account, region }: Pick<ParsedConfig, 'prefix' | 'account' | 'region'>): string {
  return `${WAF_BUCKET_START}${prefix}-${account}-${region}`;
}

/** WAF chooses its keys itself: `AWSLogs/<account>/WAFLogs/…`. */
function prefixOf({ kind, name, prefix }: ParsedLog): string {
  const folder = prefix ?? (kind === 'waf' ? '' : name);
  return folder === '' ? '' : `${folder}/`;
}

/** Whether anything is indexed: then the function needs the search. */
export function hasIndexedAccessLogs(config: {
  readonly search: { readonly mode: string };
  readonly loadBalancers: LoadBalancersConfig;
}): boolean {
  return config.search.mode !== 'none' && config.loadBalancers.logs.some(({ search }) => search);
}

/** Live files: CloudFront may deliver a day late, a queue may hold them for two weeks. */
const TIME_BOUNDS = { backMs: 14 * 86_400_000, aheadMs: 2 * 3_600_000 };

/** What alb-indexer needs to know, as plain data for `access-logs.json`. */
export function accessLogRules(config: {
  readonly account: string;
  readonly region: string;
  readonly search: { readonly mode: string };
  readonly clusters: readonly { readonly name: string; readonly indexName: string }[];
  readonly families: readonly FamilyConfig[];
  readonly redaction: ParsedConfig['redaction'];
  readonly loadBalancers: LoadBalancersConfig;
}): AccessLogRules {
  const { logs } = config.loadBalancers;
  const used = new Set(logs.map(({ family }) => family));
  const families: { [name: string]: IndexFamily } = {};
  for (const { name, period, retentionDays, warmAfterDays } of config.families)
    if (used.has(name)) families[name] = { period, retentionDays, ...(warmAfterDays === undefined ? {} : { warmAfterDays }) };
  return {
    account: config.account,
    region: config.region,
    sources: logs.map((log) => sourceOf(log, config)),
    families,
    redaction: redactionRules(config.redaction),
    timeBounds: TIME_BOUNDS,
  };
}

function sourceOf(
  log: AccessLogConfig,
  {
    search,
    clusters,
  }: { readonly search: { readonly mode: string }; readonly clusters: readonly { readonly name: string; readonly indexName: string }[] },
): AccessLogSource {
  const { name, kind, bucket, prefix, cluster, family, metrics, logGroup, geoIp, userAgents } = log;
  return {
    ...{ name, kind, bucket, prefix, cluster, metrics, geoIp, userAgents },
    clusterIndexName: clusters.find((candidate) => candidate.name === cluster)?.indexName ?? cluster.toLowerCase(),
    families: kind === 'alb' ? { alb: family, 'alb-connection': family, 'alb-health-check': family } : { [kind]: family },
    exclusions: log.exclusions.map(({ name: rule, when, countOnly }) => ({
      name: rule,
      when: when.map(
        (condition) => JSON.parse(JSON.stringify(condition)) as typeof condition,
      ) as AccessLogSource['exclusions'][number]['when'],
      ...(countOnly ? { countOnly: true } : {}),
    })),
    search: log.search && search.mode !== 'none',
    ...(logGroup === undefined ? {} : { logGroup: { name: logGroup.name, format: logGroup.format } }),
  };
}
