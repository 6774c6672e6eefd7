import type { Alert, Labels, Link } from './alert.ts';
import { dashboardLink, insightsLink, isRegion } from './console-links.ts';
import { labelOf } from './labels.ts';
import { compileMatchers, type Matcher } from './matchers.ts';

/** What helps with some alerts: the question that explains them, where to look, whose they are. Plain data, from the catalogue and the config. */
export interface Explanation {
  readonly matchers: readonly Matcher[];
  /** Log groups of the query; `{cluster}` and other labels are filled in. */
  readonly logGroups?: readonly string[];
  /** Logs Insights query; `{{namespace}}` and other labels are filled in, escaped. */
  readonly query?: string;
  /** Name of a CloudWatch dashboard. */
  readonly dashboard?: string;
  readonly runbook?: string;
  readonly owner?: string;
  /** Whether the last lines that the query finds are shown in the message. */
  readonly showsLines?: boolean;
  /** Another question for those lines: the events that the alarm counted, where the query sums them up. */
  readonly lines?: { readonly logGroups: readonly string[]; readonly query: string };
}

/** Finds the explanation of an alert: of several that match, the first one with a member gives it. */
export type Explain = (labels: Labels) => Explanation | undefined;

/** Makes explanations ready to run. */
export function compileExplanations(explanations: readonly Explanation[]): Explain {
  const compiled = explanations.map((explanation) => ({ explanation, matches: compileMatchers(explanation.matchers) }));
  return (labels) => {
    const found = compiled.filter(({ matches }) => matches(labels)).map(({ explanation }) => explanation);
    return found.length === 0 ? undefined : (Object.assign({}, ...found.toReversed()) as Explanation);
  };
}

/** Fills `{label}` into a name. An unknown label is empty. */
export function fillName(text: string, labels: Labels): string {
  return text.replace(/\{([A-Za-z_][A-Za-z0-9_.]*)\}/g, (_, label: string) => labelOf(labels, label));
}

/**
 * Fills `{{label}}` into a query; `{{label|value}}` names what stands there where the alert has no such label. No value of an alert can end the text, the expression or
 * the command that it stands in: inside of quotes, quotes, backslashes and line ends are left out; inside of an expression, what is no letter, digit, `_` or `-` is any
 * character; anywhere else (numbers, periods, names) only a plain word takes the place of what the query says itself.
 */
export function fillQuery(text: string, labels: Labels): string {
  return text.replace(/\{\{([A-Za-z_][A-Za-z0-9_.]*)(?:\|([^{}]*))?\}\}/g, (_, label: string, fallback: string | undefined, at: number) => {
    const value = labelOf(labels, label);
    if (value === '') return fallback ?? '';
    const before = text.slice(text.lastIndexOf('\n', at) + 1, at);
    if (isOpen(before, '"') || isOpen(before, "'")) return value.replace(/["'`\\\r\n]/g, '');
    if (isOpen(before.replace(/"[^"]*"|'[^']*'/g, ''), '/')) return value.replace(/[^A-Za-z0-9_-]/g, '.');
    return /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? value : (fallback ?? '');
  });
}

/** Whether a mark on this line was opened and not closed. */
function isOpen(before: string, mark: string): boolean {
  return (before.split(mark).length - 1) % 2 === 1;
}

/** Log groups and query of an alert, filled in; undefined where it has none. */
export function questionOf(
  alert: Alert,
  explanation: Explanation | undefined,
): { readonly logGroups: string[]; readonly query: string } | undefined {
  if (explanation?.query === undefined || explanation.logGroups === undefined) return undefined;
  const logGroups = explanation.logGroups
    .map((group) => fillName(group, alert.labels))
    .filter((group) => /^[A-Za-z0-9_/.#-]{1,512}$/.test(group));
  return logGroups.length === 0 ? undefined : { logGroups, query: fillQuery(explanation.query, alert.labels) };
}

/** All links of an alert, of each kind the first: its own, then those of its explanation. The logs cover the alert's window. */
export function linksOf(alert: Alert, explanation: Explanation | undefined): Link[] {
  const links: Link[] = [...(alert.links ?? [])];
  const region = labelOf(alert.labels, 'region');
  const question = questionOf(alert, explanation);
  if (question && alert.window && isRegion(region)) {
    const url = insightsLink({ region, ...question, ...alert.window });
    if (url !== undefined) links.push({ kind: 'logs', url });
  }
  if (explanation?.dashboard !== undefined && isRegion(region))
    links.push({ kind: 'dashboard', url: dashboardLink(region, fillName(explanation.dashboard, alert.labels), alert.window) });
  if (explanation?.runbook !== undefined) links.push({ kind: 'runbook', url: explanation.runbook });
  const seen = new Set<string>();
  return links.filter(({ kind, text }) => {
    const id = `${kind}/${text ?? ''}`;
    return seen.has(id) ? false : seen.add(id);
  });
}
