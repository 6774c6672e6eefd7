import { alarmsIn, parseRule } from '../../../lambdas/core/alarms/composite-rule.ts';
import { checkFor } from '../../alarms/plan.ts';
import { nearestName } from '../nearest-name.ts';
import type { Path } from '../problems.ts';
import type { Config } from '../resolve.ts';
import type { AlarmConfig } from '../schema-alarms.ts';
import type { CheckReport } from './context.ts';

/** Alarms of the catalogue and of one's own by their names. */
export type KnownAlarms = ReadonlyMap<string, AlarmConfig>;

/** Names of other alarms, of saved queries and of sources. */
export function checkReferences(config: Config, alarm: AlarmConfig, at: Path, known: KnownAlarms, report: CheckReport): void {
  const names = [...known.keys()];
  const expectAlarm = (name: string, path: Path): void => {
    if (known.has(name)) return;
    const near = nearestName(name, names);
    report.problem({ path, what: `there is no alarm ${name}${near === undefined ? '' : `; did you mean ${near}?`}`, value: name });
  };
  if (alarm.tellBy !== undefined) {
    expectAlarm(alarm.tellBy, [...at, 'tellBy']);
    const teller = known.get(alarm.tellBy);
    if (teller !== undefined && checkFor(config, teller)?.rule === undefined)
      report.problem({ path: [...at, 'tellBy'], what: 'only a rule can tell for another alarm', value: alarm.tellBy });
  }
  if (alarm.suppressor !== undefined) expectAlarm(alarm.suppressor.alarm, [...at, 'suppressor', 'alarm']);
  const queries = config.savedQueries.queries;
  const expectQuery = (name: string, path: Path): void => {
    if (queries.some((query) => query.name === name)) return;
    const near = nearestName(
      name,
      queries.map((query) => query.name),
    );
    report.problem({ path, what: `there is no saved query ${name}${near === undefined ? '' : `; did you mean ${near}?`}`, value: name });
  };
  if (alarm.query !== undefined) expectQuery(alarm.query, [...at, 'query']);
  for (const field of ['check', 'classic', 'otel'] as const) {
    const check = alarm[field];
    if (check === undefined) continue;
    if (check.rule !== undefined) {
      for (const name of ruleNames(check.rule)) expectAlarm(name, [...at, field, 'rule']);
    }
    if (check.logs !== undefined) {
      expectQuery(check.logs.query, [...at, field, 'logs', 'query']);
      checkParameters(config, check.logs, [...at, field, 'logs'], report);
    }
    const source = check.pattern?.source;
    if (source !== undefined && !config.sources.some(({ name, kind }) => name === source || kind === source))
      report.problem({
        path: [...at, field, 'pattern', 'source'],
        what: 'no source of this kind or name',
        limit: 'one of sources',
        value: source,
      });
  }
}

/** Names that a rule uses; one that cannot be read is a problem already. */
function ruleNames(rule: string): string[] {
  try {
    return [...new Set(alarmsIn(parseRule(rule)))];
  } catch {
    return [];
  }
}

/** Rules that watch each other in a circle, or wait for each other as suppressors: CloudWatch stops to evaluate them, and none can be deleted. */
export function checkCircles(own: { readonly [name: string]: AlarmConfig }, known: KnownAlarms, report: CheckReport): void {
  const watchedBy = (name: string): string[] => {
    const alarm = known.get(name);
    const rules = [alarm?.check, alarm?.classic, alarm?.otel].flatMap((check) => (check?.rule === undefined ? [] : ruleNames(check.rule)));
    return [...rules, ...(alarm?.suppressor === undefined ? [] : [alarm.suppressor.alarm])];
  };
  for (const name of Object.keys(own)) {
    const seen = new Set<string>();
    const waiting = watchedBy(name).map((first) => [name, first]);
    for (let way = waiting.pop(); way !== undefined; way = waiting.pop()) {
      const last = way.at(-1) as string;
      if (last === name) {
        report.problem({ path: ['alarms', 'own', name], atKey: true, what: `this rule watches itself: ${way.join(' -> ')}` });
        break;
      }
      if (seen.has(last)) continue;
      seen.add(last);
      waiting.push(...watchedBy(last).map((next) => [...(way as string[]), next]));
    }
  }
}

function checkParameters(
  { savedQueries }: Config,
  logs: { query: string; parameters: { [name: string]: string } },
  at: Path,
  report: CheckReport,
): void {
  const file = savedQueries.queries.find(({ name }) => name === logs.query)?.checked.file;
  if (file === undefined) return;
  const names = file.parameters.map(({ name }) => name);
  for (const name of Object.keys(logs.parameters))
    if (!names.includes(name))
      report.problem({
        path: [...at, 'parameters', name],
        atKey: true,
        what: `the query has no parameter ${name}`,
        limit: names.join(' '),
      });
  for (const { name, defaultValue } of file.parameters)
    if (defaultValue === undefined && logs.parameters[name] === undefined)
      report.problem({
        path: [...at, 'query'],
        what: `the query's parameter ${name} has no default: give it in parameters`,
        value: logs.query,
      });
}
