import { matchesWildcard } from '../../../lambdas/core/rules/wildcard.ts';
import type { ApplicationConfig, Config } from '../resolve.ts';
import { commonText } from '../wildcards.ts';
import type { Check } from './context.ts';

type Match = ApplicationConfig['match'];

/** A container record that two applications would both claim. */
export interface SharedRecord {
  readonly cluster: string;
  readonly namespace: string;
  readonly container: string;
  readonly pod: string;
  readonly labels: { readonly [label: string]: string };
}

/** Longest values that Kubernetes allows: names of namespaces and containers, names of pods, values of labels. */
const MAX_LABEL = 63;
const MAX_POD = 253;

/** Refuses two applications that can both hold for one record, with such a record. */
export const checkOverlaps: Check = ({ config, isIncomplete }, report) => {
  // A match that lost a broken part would seem wider than it is meant.
  const isWhole = (index: number): boolean => !isIncomplete(['applications', index, 'match']);
  const clusters = config.clusters.map(({ name }) => name);
  for (const [index, application] of config.applications.entries()) {
    for (const [earlier, other] of config.applications.slice(0, index).entries()) {
      if (!isWhole(index) || !isWhole(earlier)) continue;
      const shared = sharedRecord(other.match, application.match, clusters);
      if (!shared) continue;
      report.problem({
        path: ['applications', index, 'match'],
        what: `application ${other.name} claims the same records, such as ${describe(shared)}; make one of the two matches narrower`,
        value: application.match,
      });
      break;
    }
  }
};

/**
 * A record that both matches hold for, or undefined where no record can be. Exact: the parts of a match are independent,
 * so both hold for one record if and only if each part has a value that both expressions match.
 */
export function sharedRecord(left: Match, right: Match, clusters: Config['clusters'][number]['name'][]): SharedRecord | undefined {
  const cluster = clusters.find((name) => matchesWildcard(left.cluster ?? '*', name) && matchesWildcard(right.cluster ?? '*', name));
  const namespace = commonValue(left.namespace, right.namespace, MAX_LABEL);
  const container = commonValue(left.container, right.container, MAX_LABEL);
  const pod = commonValue(left.pod, right.pod, MAX_POD);
  if (cluster === undefined || namespace === undefined || container === undefined || pod === undefined) return undefined;
  const labels: { [label: string]: string } = {};
  for (const label of new Set([...Object.keys(left.labels ?? {}), ...Object.keys(right.labels ?? {})])) {
    const value = commonValue(own(left.labels, label), own(right.labels, label), MAX_LABEL);
    if (value === undefined) return undefined;
    labels[label] = value;
  }
  return { cluster, namespace, container, pod, labels };
}

function own(labels: Match['labels'], label: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, label) ? labels[label] : undefined;
}

function commonValue(left: string | undefined, right: string | undefined, maxLength: number): string | undefined {
  const text = commonText(left ?? '*', right ?? '*');
  return text !== undefined && text.length <= maxLength ? text : undefined;
}

function describe(record: SharedRecord): string {
  const parts = [`cluster ${record.cluster}`];
  for (const part of ['namespace', 'container', 'pod'] as const) if (record[part] !== '') parts.push(`${part} ${record[part]}`);
  for (const [label, value] of Object.entries(record.labels)) parts.push(`label ${label}=${value}`);
  return parts.join(', ');
}
