import { createHash } from 'node:crypto';
import type { Config } from './resolve.ts';

/** Longest name of a Lambda function and of an IAM role, in characters. */
export const MAX_FUNCTION_NAME = 64;
/** Longest name of a CloudFormation stack, in characters. */
export const MAX_STACK_NAME = 128;
const HASH_LENGTH = 6;

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_LENGTH);
}

/** Joins parts by `-`; a name that would be too long is cut and ends in a hash of the whole, so that two long names never become one. */
export function joinName(parts: readonly string[], maxLength: number = MAX_FUNCTION_NAME): string {
  const name = parts.join('-');
  if (name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - HASH_LENGTH - 1)}-${shortHash(name)}`;
}

/** A stack's name: letters, digits and `-` only. EKS allows `_` in a cluster's name, so `a_b` and `a-b` are kept apart by a hash. */
export function stackName(parts: readonly string[]): string {
  const name = parts.join('-');
  const safe = name.replace(/[^A-Za-z0-9-]/g, '-');
  return joinName(safe === name ? [name] : [safe, shortHash(name)], MAX_STACK_NAME);
}

/**
 * A role's name. Roles are global in an account while functions are per Region, so the Region is part of it.
 * It is fixed (not made up by CloudFormation) because search-setup maps log-indexer's role before log-indexer exists.
 */
export function roleName(region: string, functionName: string): string {
  return joinName([functionName, region], MAX_FUNCTION_NAME);
}

/** Name of the function that indexes one cluster's sources of one route. */
export function logIndexerName(prefix: string, cluster: string, route: 'direct' | 'stream'): string {
  return joinName([prefix, cluster, 'log-indexer', route]);
}

/** Group of a function's own log; a fixed name, so that the account-level subscription can leave it out. */
export function functionLogGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Name of the function that sends again what Lambda gave up on. */
export function redriveName(prefix: string): string {
  return joinName([prefix, 'redrive']);
}

/** Name of the function that indexes access log files. */
export function albIndexerName(prefix: string): string {
  return joinName([prefix, 'alb-indexer']);
}

/** Name of the function that prepares OpenSearch. */
export function searchSetupName(prefix: string): string {
  return joinName([prefix, 'search-setup']);
}

/** Name of the function that adopts one cluster's log groups. */
export function logGroupSetupName(prefix: string, cluster: string): string {
  return joinName([prefix, cluster, 'log-group-setup']);
}

/** Name of the function that installs collectors in one cluster. */
export function clusterInstallerName(prefix: string, cluster: string): string {
  return joinName([prefix, cluster, 'installer']);
}

/** Name of the role of one service account, and of a policy beside it. Fixed, because owners of what pods write to name it. */
export function podRoleName({ prefix, region }: Pick<Config, 'prefix' | 'region'>, cluster: string, serviceAccount: string): string {
  return roleName(region, joinName([prefix, cluster, serviceAccount.replace(/^eks-telemetry-/, '')], MAX_FUNCTION_NAME));
}

/** Starts the names of the functions that turn one cluster's control-plane logging on. */
export function controlPlaneLoggingName(prefix: string, cluster: string): string {
  return joinName([prefix, cluster, 'control-plane-logging']);
}

/** The steps of turning control-plane logging on, each a function of its own. */
export const LOGGING_STEPS = ['start', 'wait'] as const;

/** Name of the function of one step. */
export function loggingStepName(functionName: string, step: (typeof LOGGING_STEPS)[number]): string {
  return joinName([functionName, step]);
}

/** Name under which the framework around a custom resource's function keeps its log. */
export function frameworkName(functionName: string): string {
  return `${functionName}-framework`;
}

/** Logs of a domain and the part of a group's name for each. Audit logs come when the security plugin is told to write them. */
export const DOMAIN_LOGS = {
  SEARCH_SLOW_LOGS: 'search-slow',
  INDEX_SLOW_LOGS: 'index-slow',
  ES_APPLICATION_LOGS: 'application',
  AUDIT_LOGS: 'audit',
} as const;

/** Group of one log of a domain. */
export function domainLogGroupName(domainName: string, log: (typeof DOMAIN_LOGS)[keyof typeof DOMAIN_LOGS]): string {
  return `/aws/OpenSearchService/domains/${domainName}/${log}`;
}

/** Name of the bucket that keeps what could not be indexed. S3 names are global, so account and Region are part of it. */
export function deadLetterBucketName(config: Pick<Config, 'prefix' | 'account' | 'region'>): string {
  return `${config.prefix}-dead-letters-${config.account}-${config.region}`;
}

/** Name of the bucket that keeps originals. */
export function archiveBucketName(config: Pick<Config, 'prefix' | 'account' | 'region'>): string {
  return `${config.prefix}-archive-${config.account}-${config.region}`;
}

/** Name of the bucket that keeps results of Athena's queries, where they are to be kept. */
export function athenaResultBucketName(config: Pick<Config, 'prefix' | 'account' | 'region'>): string {
  return `${config.prefix}-athena-results-${config.account}-${config.region}`;
}

/** Name of the Glue database: SQL takes no `-` without quotes. */
export function athenaDatabaseName({ prefix, athena }: Pick<Config, 'prefix' | 'athena'>): string {
  return athena.database ?? prefix.toLowerCase().replace(/[^a-z0-9]/g, '_');
}

/** Name of the workgroup. */
export function athenaWorkgroupName({ prefix, athena }: Pick<Config, 'prefix' | 'athena'>): string {
  return athena.workgroup ?? prefix;
}

/** Longest name of a delivery stream, in characters. */
const MAX_DELIVERY_STREAM_NAME = 64;

/** Name of the delivery stream that brings one cluster's documents of one family to OpenSearch. */
export function searchStreamName(prefix: string, cluster: string, family: string): string {
  return joinName([prefix, cluster, 'search', family], MAX_DELIVERY_STREAM_NAME);
}

/** Name of the delivery stream that brings one cluster's originals to S3. */
export function archiveStreamName(prefix: string, cluster: string): string {
  return joinName([prefix, cluster, 'archive'], MAX_DELIVERY_STREAM_NAME);
}

/** Name of the function inside of one cluster's delivery streams of one mode. */
export function firehoseTransformName(prefix: string, cluster: string, mode: 'search' | 'archive'): string {
  return joinName([prefix, cluster, 'firehose-transform', mode]);
}

/** Group of what a cluster's delivery streams say of their errors. */
export function firehoseLogGroupName(prefix: string, cluster: string): string {
  return `/aws/kinesisfirehose/${joinName([prefix, cluster])}`;
}

/** Name of the role with which one cluster's delivery streams write to OpenSearch, as a function's. */
export function firehoseWriterName(prefix: string, cluster: string): string {
  return joinName([prefix, cluster, 'firehose-writer']);
}
