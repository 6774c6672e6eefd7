import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { transformBatch } from '../../../../lambdas/core/index/transform.ts';
import type { BulkBatch, SourceBatch, SourceEvent } from '../../../../lambdas/core/index/types.ts';
import { DEFAULT_REDACTION } from '../../../../lambdas/core/redact/rule-names.ts';
import { compileRules } from '../../../../lambdas/core/rules/compile.ts';
import type { ApplicationRule, Rules, SourceRule } from '../../../../lambdas/core/rules/rules.ts';
import { writeUtf8 } from '../../../../lambdas/events/utf8.ts';

export const NOW = Date.UTC(2026, 10, 21, 8, 40);
export const CONTROL_PLANE = '/aws/eks/prod/cluster';
export const APPLICATION = '/aws/containerinsights/prod/application';
const DAY_MS = 86_400_000;

export const source = (change: Partial<SourceRule> & Pick<SourceRule, 'name' | 'kind' | 'logGroups' | 'family'>): SourceRule => ({
  cluster: 'prod',
  clusterIndexName: 'prod',
  format: 'auto',
  exclusions: [],
  ...change,
});

export const application = (change: Partial<ApplicationRule> & Pick<ApplicationRule, 'name' | 'match'>): ApplicationRule => ({
  format: 'auto',
  fields: {},
  family: change.name,
  exclusions: [],
  ...change,
});

const FAMILIES = [
  'eks-audit',
  'eks-api',
  'eks-authenticator',
  'eks-controller-manager',
  'eks-scheduler',
  'eks-application',
  'checkout',
  'short',
];

export const RULES: Rules = {
  account: '111122223333',
  region: 'us-east-1',
  sources: [
    source({
      name: 'control-plane',
      kind: 'controlPlane',
      logGroups: [CONTROL_PLANE],
      family: 'eks-api',
      controlPlaneFamilies: {
        audit: 'eks-audit',
        api: 'eks-api',
        authenticator: 'eks-authenticator',
        controllerManager: 'eks-controller-manager',
        scheduler: 'eks-scheduler',
      },
    }),
    source({ name: 'application', kind: 'application', logGroups: [APPLICATION], family: 'eks-application' }),
  ],
  applications: [],
  families: Object.fromEntries(FAMILIES.map((name) => [name, { period: 'day', retentionDays: name === 'short' ? 1 : 30 }])),
  redaction: DEFAULT_REDACTION,
  timeBounds: { backMs: 14 * DAY_MS, aheadMs: 7_200_000 },
};

export const sha256 = (text: string): string => hash('sha256', text);

/** The transform as the function runs it. */
export function run(batch: Pick<SourceBatch, 'events'> & Partial<SourceBatch>, rules: Rules = RULES, nowMs = NOW): BulkBatch {
  return transformBatch(
    { owner: '111122223333', logGroup: CONTROL_PLANE, logStream: 'kube-apiserver-audit-0123', ...batch },
    compileRules(rules),
    {
      nowMs,
      hash: sha256,
      write: writeUtf8,
    },
  );
}

/** Events one ms apart, a minute before NOW. */
export function events(...messages: readonly string[]): SourceEvent[] {
  return messages.map((message, i) => ({ id: `id${i}`, timestamp: NOW - 60_000 + i, message }));
}

export interface Document {
  readonly [field: string]: unknown;
}
export interface Action {
  readonly create: { readonly _index: string; readonly _id: string };
}

/** Documents of a body, each cut out by its byte range. */
export function documents(bulk: BulkBatch): { readonly action: Action; readonly document: Document }[] {
  return bulk.documents.map(({ start, end }) => {
    const [action, document, rest] = Buffer.from(bulk.body.subarray(start, end)).toString('utf8').split('\n');
    expect(rest).toBe('');
    return { action: JSON.parse(action as string) as Action, document: JSON.parse(document as string) as Document };
  });
}

/** A record as Fluent Bit writes it. */
export function record(
  log: string,
  change: { readonly container?: string; readonly stream?: string; readonly time?: string; readonly labels?: object } = {},
): string {
  const { container = 'web', stream = 'stdout', time = '2026-11-21T08:39:00.123456789Z', labels = { app: 'shop' } } = change;
  return JSON.stringify({
    log,
    stream,
    time,
    kubernetes: {
      pod_name: `${container}-1`,
      namespace_name: 'team-a',
      container_name: container,
      docker_id: `id-of-${container}`,
      labels,
    },
  });
}

const SAMPLES = join(__dirname, '../../../../samples');

/** Lines of a sample, by the start of its name. */
export function sampleLines(folder: 'control-plane' | 'containers', name: string): string[] {
  const file = readdirSync(join(SAMPLES, folder)).find((found) => found.startsWith(name)) as string;
  const lines = gunzipSync(readFileSync(join(SAMPLES, folder, file)))
    .toString('utf8')
    .split('\n');
  return lines.slice(0, -1);
}
