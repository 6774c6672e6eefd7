/** Names of what is installed in a cluster. None is one of the CloudWatch add-on's, which may live in the same namespace. */
export const NODE_AGENT = 'eks-telemetry-fluent-bit';
export const EVENTS_AGENT = 'eks-telemetry-events';
export const VOLUMES_AGENT = 'eks-telemetry-volumes';

/** Namespace and ConfigMap that EKS on Fargate reads: both are fixed. */
export const FARGATE_NAMESPACE = 'aws-observability';
export const FARGATE_CONFIG = 'aws-logging';

/** Service account of the CloudWatch agent and of the Fluent Bit that the add-on brings along: fixed by its chart. */
export const ADDON_SERVICE_ACCOUNT = 'cloudwatch-agent';
/** Namespace of the add-on unless it is told another one. */
export const ADDON_NAMESPACE = 'amazon-cloudwatch';

/** Labels that every object carries; what a selector names must never change. */
export function labelsOf(name: string): { readonly [label: string]: string } {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'eks-telemetry', 'app.kubernetes.io/managed-by': 'eks-telemetry' };
}

/** What a DaemonSet or Deployment finds its pods by. */
export function selectorOf(name: string): { readonly [label: string]: string } {
  return { 'app.kubernetes.io/name': name };
}

/** Annotation whose change makes Kubernetes start pods anew: they read their configuration only once. */
export const CONFIG_ANNOTATION = 'eks-telemetry/config';
