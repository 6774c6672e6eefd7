import type { SourceKind } from '../../lambdas/core/rules/rules.ts';

/** The log group that EKS or the agents write a kind of log to. */
export function logGroupOf(kind: Exclude<SourceKind, 'logGroup'>, cluster: string): string {
  return kind === 'controlPlane' ? `/aws/eks/${cluster}/cluster` : `/aws/containerinsights/${cluster}/${kind}`;
}
