import type { ExclusionRule, IndexFamily, RedactionRules, TimeBounds } from '../rules/rules.ts';
import type { FileFormat } from './file-name.ts';

/** Kinds of service whose access logs are read. */
export const ACCESS_LOG_KINDS = ['alb', 'nlb', 'cloudfront', 'waf'] as const;
export type AccessLogKind = (typeof ACCESS_LOG_KINDS)[number];

/** What alb-indexer needs to know of the config, as `access-logs.json` in its asset. Plain data. */
export interface AccessLogRules {
  readonly account: string;
  readonly region: string;
  readonly sources: readonly AccessLogSource[];
  readonly families: { readonly [name: string]: IndexFamily };
  readonly redaction: RedactionRules;
  /** Bounds of the time that a file's name tells, around the processing time. */
  readonly timeBounds: TimeBounds;
}

/** Files of one bucket under one prefix. */
export interface AccessLogSource {
  readonly name: string;
  readonly kind: AccessLogKind;
  readonly bucket: string;
  /** What their keys start with; '' for all of the bucket. The longest prefix that fits wins. */
  readonly prefix: string;
  readonly cluster: string;
  readonly clusterIndexName: string;
  /** Family by what a file holds. */
  readonly families: { readonly [format in FileFormat]?: string };
  readonly exclusions: readonly ExclusionRule[];
  /** Whether lines become documents. */
  readonly search: boolean;
  /** Whether durations become metrics. */
  readonly metrics: boolean;
  /** Where lines go as log events, too. */
  readonly logGroup?: { readonly name: string; readonly format: 'json' | 'alb' };
  /** Whether clients are looked up in the database that lies beside the function. */
  readonly geoIp: boolean;
  /** Whether user agents are taken apart. */
  readonly userAgents: boolean;
}

/** The source that a file belongs to. */
export function sourceOfFile(rules: Pick<AccessLogRules, 'sources'>, bucket: string, key: string): AccessLogSource | undefined {
  let best: AccessLogSource | undefined;
  for (const source of rules.sources) {
    if (source.bucket !== bucket || !key.startsWith(source.prefix)) continue;
    if (best === undefined || source.prefix.length > best.prefix.length) best = source;
  }
  return best;
}
