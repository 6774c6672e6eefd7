import type { Labels, Severity } from './alert.ts';
import { cutText } from './text.ts';

/** Labels of one alert at most, and characters of a name and of a value: whoever publishes chooses them. */
export const MAX_LABELS = 40;
const MAX_NAME = 128;
const MAX_VALUE = 512;

/** Names that Container Insights and the load balancers give dimensions, and what we call them. */
const DIMENSION_LABELS: { readonly [dimension: string]: string } = {
  ClusterName: 'cluster',
  Namespace: 'namespace',
  PodName: 'workload',
  FullPodName: 'pod',
  NodeName: 'node',
  ContainerName: 'container',
  'kubernetes.namespace_name': 'namespace',
  'kubernetes.pod_name': 'pod',
  'kubernetes.container_name': 'container',
  'kubernetes.host': 'node',
  Service: 'service',
  InstanceId: 'instance',
  LoadBalancer: 'load_balancer',
  TargetGroup: 'target_group',
  'k8s.cluster.name': 'cluster',
  'k8s.namespace.name': 'namespace',
  'k8s.pod.name': 'pod',
  'k8s.node.name': 'node',
  'k8s.container.name': 'container',
  'k8s.deployment.name': 'workload',
};

/** Our name of a dimension or attribute; unknown ones keep theirs. */
export function labelName(dimension: string): string {
  return Object.hasOwn(DIMENSION_LABELS, dimension) ? (DIMENSION_LABELS[dimension] as string) : dimension;
}

/** Labels from pairs, bounded and without empty ones; of two with one name the first stays. Names and values are plain text of any kind. */
export function cleanLabels(pairs: Iterable<readonly [name: string, value: string]>): Labels {
  const labels = new Map<string, string>();
  for (const [name, value] of pairs) {
    const shortName = cutText(name.trim(), MAX_NAME);
    if (shortName === '' || value === '' || labels.has(shortName)) continue;
    if (labels.size >= MAX_LABELS) break;
    labels.set(shortName, cutText(value, MAX_VALUE));
  }
  return Object.fromEntries(labels);
}

/** One text for one set of labels, whatever their order: what keys and groups are made of. */
export function canonicalLabels(labels: Labels): string {
  const names = Object.keys(labels)
    .filter((name) => labels[name] !== '')
    .sort();
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}

/** A label by name; an absent one is empty. Names such as `constructor` are labels like any other. */
export function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

const SEVERITY_WORDS: { readonly [word: string]: Severity } = {
  critical: 'critical',
  crit: 'critical',
  fatal: 'critical',
  emergency: 'critical',
  page: 'critical',
  sev1: 'critical',
  p1: 'critical',
  high: 'critical',
  error: 'warning',
  major: 'warning',
  warning: 'warning',
  warn: 'warning',
  medium: 'warning',
  minor: 'info',
  low: 'info',
  info: 'info',
  informational: 'info',
  notice: 'info',
  none: 'info',
};

/** What others call a severity, in ours; undefined for a word that says nothing. */
export function severityOf(word: string | undefined): Severity | undefined {
  const key = (word ?? '').trim().toLowerCase();
  return Object.hasOwn(SEVERITY_WORDS, key) ? SEVERITY_WORDS[key] : undefined;
}
