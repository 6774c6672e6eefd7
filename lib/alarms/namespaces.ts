import type { CheckConfig } from '../config/schema-alarms.ts';
import { kindOfCheck } from './check-shape.ts';

const AGGREGATES: { readonly [statistic: string]: NonNullable<CheckConfig['groups']>['aggregate'] } = {
  Sum: 'SUM',
  Maximum: 'MAX',
  Minimum: 'MIN',
  Average: 'AVG',
  SampleCount: 'COUNT',
};

/** A check of one namespace, or of all but some. */
export interface NamespaceCheck {
  readonly check: CheckConfig;
  /** Conditions of a Metrics Insights query that `groups` cannot say: dimensions that must differ. */
  readonly without: readonly string[];
  /** For a share of events: a pattern that finds all events of the same part. */
  readonly totalFilter?: string;
}

/** Why thresholds of a check cannot differ by namespace; undefined where they can. */
export function whyNoNamespaces(check: CheckConfig): string | undefined {
  const kind = kindOfCheck(check);
  if (kind === 'promql') return 'the condition stands inside of the PromQL; write one of your own for the namespace';
  if (check.byNamespace === undefined) return 'what it looks at is not told apart by namespace';
  if (kind === 'metric')
    return AGGREGATES[check.metric?.statistic ?? ''] === undefined ? 'a percentile cannot be asked by namespace' : undefined;
  if (kind === 'pattern')
    return check.pattern?.filter.trimStart().startsWith('{') === true
      ? undefined
      : 'only a pattern of a JSON event can ask for a namespace';
  return `a check of ${String(kind)} is not told apart by namespace`;
}

/** The check for one namespace, or, with a list, for all others than these. The check must pass `whyNoNamespaces`. */
export function forNamespaces(check: CheckConfig, namespaces: string | readonly string[]): NamespaceCheck {
  const { byNamespace = [], metric, pattern, ...rest } = check;
  if (metric !== undefined) {
    const groups = {
      aggregate: AGGREGATES[metric.statistic] ?? 'SUM',
      namespace: metric.namespace,
      name: metric.name,
      dimensions: byNamespace,
      where: { ...metric.dimensions, ...(typeof namespaces === 'string' ? { Namespace: namespaces } : {}) },
      by: byNamespace.includes('PersistentVolumeClaimName') ? ['Namespace', 'PersistentVolumeClaimName'] : ['Namespace'],
    };
    return { check: { ...rest, groups }, without: typeof namespaces === 'string' ? [] : namespaces };
  }
  if (pattern === undefined) return { check, without: [] };
  const member = `$.${byNamespace[0] ?? ''}`;
  const condition =
    typeof namespaces === 'string' ? `${member} = "${namespaces}"` : namespaces.map((name) => `${member} != "${name}"`).join(' && ');
  const inner = pattern.filter.trim().replace(/^\{/, '').replace(/\}$/, '').trim();
  return {
    check: { ...rest, pattern: { ...pattern, filter: `{ (${inner}) && ${condition} }` } },
    without: [],
    ...(pattern.perEvents ? { totalFilter: `{ ${condition} }` } : {}),
  };
}
