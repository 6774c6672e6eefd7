import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { SearchSetup } from '../../lambdas/core/index/search-setup.ts';
import type { SourceEvent } from '../../lambdas/core/index/types.ts';
import type { Rules } from '../../lambdas/core/rules/rules.ts';

/** The run's clock: the samples' day. */
export const NOW = Date.UTC(2026, 10, 21, 9);
export const LOG_GROUP = '/aws/eks/test/cluster';
export const APPLICATION_GROUP = '/aws/containerinsights/test/application';

const FAMILIES = ['eks-audit', 'eks-api', 'eks-authenticator', 'eks-controller-manager', 'eks-scheduler', 'eks-application'] as const;

/** Rules of a control-plane source and one of containers. */
export const RULES: Rules = {
  account: '111122223333',
  region: 'us-east-1',
  sources: [
    {
      name: 'test-control-plane',
      kind: 'controlPlane',
      cluster: 'test',
      clusterIndexName: 'test',
      logGroups: [LOG_GROUP],
      family: 'eks-api',
      controlPlaneFamilies: {
        audit: 'eks-audit',
        api: 'eks-api',
        authenticator: 'eks-authenticator',
        controllerManager: 'eks-controller-manager',
        scheduler: 'eks-scheduler',
      },
      format: 'auto',
      exclusions: [],
    },
    {
      name: 'test-application',
      kind: 'application',
      cluster: 'test',
      clusterIndexName: 'test',
      logGroups: [APPLICATION_GROUP],
      family: 'eks-application',
      format: 'auto',
      exclusions: [],
    },
  ],
  applications: [],
  families: Object.fromEntries(FAMILIES.map((name) => [name, { period: 'day', retentionDays: 30 }])),
  redaction: { builtin: [], fields: [], patterns: [] },
  timeBounds: { backMs: 14 * 86_400_000, aheadMs: 2 * 3_600_000 },
};

/** The set-up that belongs to the rules. */
export const SETUP: SearchSetup = {
  prefix: 'eks-telemetry',
  families: FAMILIES.map((name) => ({
    name,
    kind: name === 'eks-audit' ? 'audit' : 'records',
    clusters: ['test'],
    period: 'day',
    retentionDays: 30,
    shards: 1,
    replicas: 0,
    refreshSeconds: 1,
    fields: {},
  })),
  access: { admins: [], readers: [], writers: [] },
};

function lines(file: string): string[] {
  return gunzipSync(readFileSync(join(__dirname, '../../samples/control-plane', file)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Real audit lines, without the few giants that would make the test slow rather than harder. */
export function auditLines(count: number): string[] {
  return lines('kube-apiserver-audit.log.gz')
    .filter((line) => line.length < 20_000)
    .slice(0, count);
}

/** Real klog lines of the API server, joined lines included. */
export function apiLines(count: number): string[] {
  return lines('kube-apiserver.log.gz').slice(0, count);
}

let nextId = 0;

/** CloudWatch events of lines, with ids as CloudWatch makes them: 56 digits. */
export function eventsOf(messages: readonly string[], timestamp = NOW - 60_000): SourceEvent[] {
  return messages.map((message, position) => ({ id: String(++nextId).padStart(56, '0'), timestamp: timestamp + position, message }));
}

/** What a subscription filter sends: base64 of gzip of the envelope. */
export function subscriptionData(logStream: string, logEvents: readonly SourceEvent[], logGroup = LOG_GROUP): string {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: RULES.account,
    logGroup,
    logStream,
    subscriptionFilters: ['eks-telemetry'],
    logEvents,
  };
  return gzipSync(JSON.stringify(envelope)).toString('base64');
}

/** Lists cut into equal pieces. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += size) result.push(items.slice(start, start + size));
  return result;
}
