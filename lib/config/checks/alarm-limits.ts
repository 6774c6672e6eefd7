import { aggregatedQuery, parseAggregation } from '../../../lambdas/core/alarms/aggregation.ts';
import { alarmsIn, MAX_RULE_CHILDREN, MAX_RULE_LENGTH, parseRule } from '../../../lambdas/core/alarms/composite-rule.ts';
import type { LogAlarm } from '../../../lambdas/core/alarms/definition.ts';
import { compileFilterPattern } from '../../../lambdas/core/filter-pattern/compile.ts';
import { checkQueryText } from '../../../lambdas/core/insights/check.ts';
import { loadCatalogue } from '../../alarms/catalogue.ts';
import { planAlarms } from '../../alarms/plan.ts';
import type { AlarmPlan, PlannedAlarm } from '../../alarms/planned.ts';
import type { Path } from '../problems.ts';
import type { Config } from '../resolve.ts';
import type { CheckReport } from './context.ts';

/** Metric filters of one log group (PutMetricFilter). */
export const MAX_METRIC_FILTERS = 100;
/** Filters of one group, of subscriptions and metrics together, whose pattern holds a regular expression. */
export const MAX_REGEX_FILTERS = 5;
/** Alarms on Metrics Insights queries per Region. */
export const MAX_INSIGHTS_ALARMS = 200;
/** Longest name of an alarm, in characters. */
export const MAX_ALARM_NAME = 255;

/** Counts what would be deployed against the limits of CloudWatch: a deploy that meets one stops in the middle. */
export function checkAlarmLimits(config: Config, report: CheckReport): void {
  // A catalogue that somebody edited and broke is told with its file and line; nothing can be counted then.
  if (loadCatalogue().problems.length > 0) return;
  const plans = planAlarms(config);
  const planned = plans.flatMap((plan) => plan.alarms);
  const at = ['alarms'];
  if (planned.length > config.alarms.maxAlarms) {
    const what = `${planned.length} alarms would be deployed; switch some off with alarms.disable, or raise alarms.maxAlarms if you mean it`;
    report.problem({ path: ['alarms', 'enabled'], what, limit: String(config.alarms.maxAlarms) });
  }
  const insights = planned.filter(isInsights).length;
  if (insights > MAX_INSIGHTS_ALARMS)
    report.problem({
      path: at,
      what: `${insights} alarms ask Metrics Insights; name fewer namespaces`,
      limit: `${MAX_INSIGHTS_ALARMS} per Region`,
    });
  for (const { definition, name } of planned) {
    if (definition.name.length > MAX_ALARM_NAME)
      report.problem({
        path: at,
        what: `the name of an alarm has ${definition.name.length} characters`,
        limit: String(MAX_ALARM_NAME),
        value: definition.name,
      });
    if (definition.kind === 'log') checkLogQuery(definition, Object.hasOwn(config.alarms.own, name) ? ['alarms', 'own', name] : at, report);
    if (definition.kind !== 'composite') continue;
    if (definition.rule.length > MAX_RULE_LENGTH || childrenOf(definition.rule) > MAX_RULE_CHILDREN)
      report.problem({
        path: at,
        what: 'a rule names too many alarms',
        limit: `${MAX_RULE_CHILDREN} alarms, ${MAX_RULE_LENGTH} characters`,
        value: definition.name,
      });
  }
  checkFilters(config, plans, report);
}

/** The query that an alarm on logs runs: that of the file with the alarm's own sum behind it, which may name fields that the file does not have. */
function checkLogQuery({ aggregation, name, query }: LogAlarm, path: Path, report: CheckReport): void {
  const parsed = parseAggregation(aggregation);
  if (!parsed.ok) return;
  const text = aggregatedQuery(query, parsed.aggregation);
  const problems = checkQueryText(text).filter(({ severity }) => severity === 'error');
  for (const { hint, message } of problems)
    report.problem({
      path,
      what: `the sum of ${name} does not fit its saved query: ${message}${hint === undefined ? '' : `; ${hint}`}`,
      value: aggregation,
    });
}

function isInsights({ definition }: PlannedAlarm): boolean {
  return (
    definition.kind === 'metric' && definition.queries.some((query) => 'expression' in query && /^\s*SELECT\s/i.test(query.expression))
  );
}

/** A rule that is too long cannot be read any more; then its length is the problem. */
function childrenOf(rule: string): number {
  try {
    return alarmsIn(parseRule(rule)).length;
  } catch {
    return MAX_RULE_CHILDREN + 1;
  }
}

function checkFilters(config: Config, plans: readonly AlarmPlan[], report: CheckReport): void {
  const byGroup = new Map<string, { count: number; regexes: number }>();
  for (const { logGroup, filterPattern } of plans.flatMap((plan) => plan.alarms.flatMap(({ filters }) => filters))) {
    const found = byGroup.get(logGroup) ?? { count: 0, regexes: 0 };
    const compiled = compileFilterPattern(filterPattern);
    byGroup.set(logGroup, { count: found.count + 1, regexes: found.regexes + (compiled.ok && compiled.regexCount > 0 ? 1 : 0) });
    if (!compiled.ok)
      report.problem({
        path: ['alarms'],
        what: `a pattern for ${logGroup} became invalid with its namespaces: ${compiled.reason}`,
        value: filterPattern,
      });
  }
  for (const [group, { count, regexes }] of byGroup) {
    if (count > MAX_METRIC_FILTERS)
      report.problem({
        path: ['alarms'],
        what: `${count} metric filters for ${group}`,
        limit: `${MAX_METRIC_FILTERS} per log group, those of others included`,
      });
    const source = config.sources.find(({ logGroup }) => logGroup === group);
    const subscription = source === undefined ? undefined : compileFilterPattern(source.filterPattern);
    const others = (source?.foreignRegexFilters ?? 0) + (subscription?.ok === true && subscription.regexCount > 0 ? 1 : 0);
    if (regexes > 0 && regexes + others > MAX_REGEX_FILTERS)
      report.problem({
        path: ['alarms'],
        what: `${regexes + others} filters of ${group} hold regular expressions, those of others included`,
        limit: `${MAX_REGEX_FILTERS} per log group`,
      });
  }
}
