import type { Series } from '../../lambdas/core/alarms/math-value.ts';
import { MetricStore } from '../../lambdas/core/alarms/metric-data.ts';
import { parseInsightsQuery } from '../../lambdas/core/alarms/metrics-insights.ts';
import type { Window } from '../../lambdas/core/alarms/windows.ts';
import type { PlannedAlarm } from '../../lib/alarms/planned.ts';
import type { ToldAlert } from './messages.ts';
import type { Scenario } from './scenario-file.ts';

/** Metrics in memory with the band that the scenario gives. */
export class ScenarioStore extends MetricStore {
  readonly #bands: Scenario['bands'];
  constructor(bands: Scenario['bands']) {
    super();
    this.#bands = bands;
  }
  override band(_alarm: string, _id: string, _deviations: number, windows: readonly Window[]): [Series, Series] {
    return [windows.map(() => this.#bands?.lower), windows.map(() => this.#bands?.upper)];
  }
}

/** What a scenario gives to an alarm that looks at no metric. */
export const GIVE_INSTEAD: { readonly [kind in 'log' | 'promql' | 'composite']: string } = {
  log: 'give logs',
  promql: 'give input, or series',
  composite: 'give states',
};

/** Namespace and name of every metric that an alarm looks at, as a scenario writes them. */
export function metricNames({ definition }: PlannedAlarm): string[] {
  if (definition.kind !== 'metric') return [];
  return definition.queries.flatMap((query) => {
    if ('metric' in query) return [`${query.metric.namespace} ${query.metric.metricName}`];
    const insights = parseInsightsQuery(query.expression);
    return insights === undefined ? [] : [`${insights.namespace} ${insights.metricName}`];
  });
}

/** How an alert differs from the one that was expected; empty where it does not. */
export function differences({ state, alert }: ToldAlert, wanted: NonNullable<Scenario['messages']>[number]): string[] {
  const { severity, title, value, threshold, labels } = wanted;
  const { measurement } = alert;
  const found: string[] = [];
  const expectSame = (name: string, actual: unknown, expected: unknown): void => {
    if (expected !== undefined && actual !== expected) found.push(`${name} is ${String(actual)}, expected ${String(expected)}`);
  };
  expectSame('state', state, wanted.state);
  expectSame('severity', alert.severity, severity);
  expectSame('value', measurement?.value, value);
  expectSame('threshold', measurement?.threshold, threshold);
  if (title !== undefined && !alert.title.includes(title)) found.push(`title is "${alert.title}", expected "${title}" in it`);
  for (const [name, text] of Object.entries(labels)) expectSame(`label ${name}`, alert.labels[name], text);
  return found;
}

/** Attributes in one order, to compare them. */
export function sorted(attributes: { readonly [name: string]: string }): readonly (readonly [string, string])[] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
