import { DEFAULT_REDACTION } from '../lambdas/core/redact/rule-names.ts';
import type { IndexFamily, Rules } from '../lambdas/core/rules/rules.ts';

const DAY_MS = 86_400_000;
const CONTROL_PLANE_FAMILIES = {
  audit: 'eks-audit',
  api: 'eks-api',
  authenticator: 'eks-authenticator',
  controllerManager: 'eks-controller-manager',
  scheduler: 'eks-scheduler',
} as const;

/**
 * Rules that a benchmark runs with: any cluster's control-plane and container groups, everything else by `auto`; default redaction, no application and no
 * exclusion, as in a config that names none. Retention and bounds are wide, because recorded events may be of any date.
 */
export const BENCH_RULES: Rules = {
  account: '111122223333',
  region: 'us-east-1',
  sources: [
    { ...source('control-plane', 'controlPlane', '/aws/eks/*', 'eks-api'), controlPlaneFamilies: CONTROL_PLANE_FAMILIES },
    source('application', 'application', '/aws/containerinsights/*', 'eks-application'),
    source('other', 'logGroup', '*', 'eks-application'),
  ],
  applications: [],
  families: Object.fromEntries([...Object.values(CONTROL_PLANE_FAMILIES), 'eks-application'].map((name) => [name, family()])),
  redaction: DEFAULT_REDACTION,
  timeBounds: { backMs: 36_500 * DAY_MS, aheadMs: 36_500 * DAY_MS },
};

function source(name: string, kind: 'controlPlane' | 'application' | 'logGroup', group: string, familyName: string) {
  return {
    name,
    kind,
    cluster: 'bench',
    clusterIndexName: 'bench',
    logGroups: [group],
    family: familyName,
    format: 'auto',
    exclusions: [],
  };
}

function family(): IndexFamily {
  return { period: 'day', retentionDays: 36_500 };
}
