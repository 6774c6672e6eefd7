import type { SourceKind } from '../../lambdas/core/rules/rules.ts';

/** The log group that EKS or the agents write a kind of log to. */
export function logGroupOf(kind: Exclude<SourceKind, 'logGroup'>, cluster: string): string {
  return kind === 'controlPlane' ? `/aws/eks/${cluster}/cluster` : `/aws/containerinsights/${cluster}/${kind}`;
}

/** The log group that the OTel variant of Container Insights writes a kind of log to, in records that name pods by `k8s.*`; undefined for kinds that it has not. */
export function otelLogGroupOf(kind: SourceKind, cluster: string): string | undefined {
  return kind === 'application' || kind === 'host' ? `/aws/otel/containerinsights/${cluster}/${kind}` : undefined;
}
