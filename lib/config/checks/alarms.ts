import { parseRule } from '../../../lambdas/core/alarms/composite-rule.ts';
import { checkSchedule, MAX_MUTE_MS } from '../../../lambdas/core/alarms/mute.ts';
import { WARM_UP_MINUTES } from '../../../lambdas/core/alarms/warm-up.ts';
import { zoneOffsetMs } from '../../../lambdas/core/alarms/windows.ts';
import { actionProblems } from '../../alarms/actions.ts';
import { loadCatalogue } from '../../alarms/catalogue.ts';
import { changedAlarm, uselessOverrides } from '../../alarms/changed.ts';
import { problemsOfAlarm } from '../../alarms/check-shape.ts';
import { whyNoNamespaces } from '../../alarms/namespaces.ts';
import { checkFor } from '../../alarms/plan.ts';
import { matchesName, secondsOf } from '../../alarms/spec.ts';
import { nearestName } from '../nearest-name.ts';
import type { Path } from '../problems.ts';
import type { Config } from '../resolve.ts';
import type { AlarmConfig } from '../schema-alarms.ts';
import { checkAlarmLimits } from './alarm-limits.ts';
import type { Check, CheckReport } from './context.ts';

const ALARMS = ['alarms'];

/** Alarms: what the config changes, adds and mutes must be there, mean something, and fit into CloudWatch's limits. */
export const checkAlarms: Check = ({ config, isIncomplete }, report) => {
  if (!config.alarms.enabled || isIncomplete(ALARMS)) return;
  const known = knownAlarms(config);
  checkOwn(config, known, report);
  checkChanges(config, known, report);
  checkNames(config.alarms.disable, ['alarms', 'disable'], known, report);
  checkMutes(config, known, report);
  checkLoadBalancers(config, report);
  checkWarmUp(config.alarms.warmUp, ['alarms', 'warmUp'], report);
  if (!config.slack.enabled) {
    const what = 'alarms are deployed, but nobody is told of them: slack.enabled is false, and the topics are its stack';
    report.warning({ path: ['alarms', 'enabled'], what });
  }
  if (!isIncomplete(['clusters']) && !isIncomplete(['sources'])) checkAlarmLimits(config, report);
};

type Known = ReadonlyMap<string, AlarmConfig>;

function knownAlarms({ alarms }: Config): Known {
  return new Map([...loadCatalogue().alarms.map(({ name, alarm }) => [name, alarm] as const), ...Object.entries(alarms.own)]);
}

function checkOwn(config: Config, known: Known, report: CheckReport): void {
  for (const [name, alarm] of Object.entries(config.alarms.own)) {
    const at: Path = ['alarms', 'own', name];
    for (const finding of problemsOfAlarm(alarm)) report.problem({ ...finding, path: [...at, ...finding.path] });
    checkReferences(config, alarm, at, known, report);
    for (const problem of actionProblems(alarm, checkFor(config, alarm)))
      report.problem({ ...problem, path: [...at, 'actions', ...problem.path] });
    if (alarm.warmUp !== undefined) checkWarmUp(alarm.warmUp, [...at, 'warmUp'], report);
  }
}

/** Names of other alarms, of saved queries and of sources. */
function checkReferences(config: Config, alarm: AlarmConfig, at: Path, known: Known, report: CheckReport): void {
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

/** A rule that cannot be read is a problem already. */
function ruleNames(rule: string): string[] {
  try {
    const names: string[] = [];
    const walk = (node: ReturnType<typeof parseRule>): void => {
      if (node.kind === 'state') names.push(node.alarm);
      else if (node.kind === 'atLeast') names.push(...node.alarms);
      else if (node.kind === 'not') walk(node.of);
      else if (node.kind === 'and' || node.kind === 'or') {
        walk(node.left);
        walk(node.right);
      }
    };
    walk(parseRule(rule));
    return [...new Set(names)];
  } catch {
    return [];
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

function checkChanges(config: Config, known: Known, report: CheckReport): void {
  for (const [name, change] of Object.entries(config.alarms.change)) {
    const at: Path = ['alarms', 'change', name];
    const alarm = known.get(name);
    if (alarm === undefined) {
      const near = nearestName(name, [...known.keys()]);
      report.problem({
        path: at,
        atKey: true,
        what: `there is no alarm ${name}${near === undefined ? '' : `; did you mean ${near}?`}`,
        value: name,
      });
      continue;
    }
    const check = checkFor(config, alarm);
    if (check === undefined) {
      report.warning({
        path: at,
        atKey: true,
        what: `collection.metrics is ${config.collection.metrics}, which this alarm has no check for: the change does nothing`,
        value: name,
      });
      continue;
    }
    for (const field of uselessOverrides(check, change))
      report.problem({
        path: [...at, field],
        what: `this alarm has no ${field} of its own: its condition stands in its ${check.promql === undefined ? 'rule' : 'PromQL'}; write one of your own`,
      });
    const before = problemsOfAlarm(alarm).length;
    const [after] = problemsOfAlarm(changedAlarm(alarm, change)).slice(before);
    if (after !== undefined)
      report.problem({ path: at, atKey: true, what: after.what, ...(after.limit === undefined ? {} : { limit: after.limit }) });
    if (change.actions !== undefined)
      for (const problem of actionProblems({ ...alarm, actions: change.actions }, check))
        report.problem({ ...problem, path: [...at, 'actions', ...problem.path] });
    if (change.warmUp !== undefined) checkWarmUp(change.warmUp, [...at, 'warmUp'], report);
    for (const [index, cluster] of (change.clusters ?? []).entries())
      if (!config.clusters.some((each) => each.name === cluster))
        report.problem({ path: [...at, 'clusters', index], what: 'there is no such cluster', value: cluster });
    const why = Object.keys(change.namespaces).length === 0 ? undefined : whyNoNamespaces(check);
    if (why !== undefined)
      report.problem({ path: [...at, 'namespaces'], atKey: true, what: `this alarm cannot differ by namespace: ${why}` });
  }
}

function checkNames(patterns: readonly string[], at: Path, known: Known, report: CheckReport): void {
  const names = [...known.keys()];
  for (const [index, pattern] of patterns.entries()) {
    if (names.some((name) => matchesName(pattern, name))) continue;
    const near = nearestName(pattern, names);
    report.problem({
      path: [...at, index],
      what: `no alarm has this name${near === undefined ? '' : `; did you mean ${near}?`}`,
      value: pattern,
    });
  }
}

function checkMutes(config: Config, known: Known, report: CheckReport): void {
  for (const [index, mute] of config.alarms.mute.entries()) {
    const at: Path = ['alarms', 'mute', index];
    const wrong = checkSchedule(mute.schedule);
    if (wrong !== undefined) report.problem({ path: [...at, 'schedule'], what: wrong, value: mute.schedule });
    const ms = secondsOf(mute.duration) * 1000;
    if (ms < 60_000 || ms > MAX_MUTE_MS)
      report.problem({
        path: [...at, 'duration'],
        what: 'a mute rule lasts neither shorter nor longer',
        limit: '1m to 15d',
        value: mute.duration,
      });
    try {
      zoneOffsetMs(0, mute.timeZone);
    } catch {
      report.problem({
        path: [...at, 'timeZone'],
        what: 'nobody knows this time zone',
        limit: 'such as UTC or Asia/Seoul',
        value: mute.timeZone,
      });
    }
    // A name with a colon is of one thing that an alarm is made for: `log-silence:prod-audit`.
    checkNames(
      mute.alarms.map((name) => name.split(':')[0] ?? name),
      [...at, 'alarms'],
      known,
      report,
    );
    if (mute.alarms.includes('*'))
      report.warning({ path: [...at, 'alarms'], what: 'every alarm is quiet in this time, those that tell of a dead pipeline as well' });
  }
}

function checkLoadBalancers({ alarms, clusters }: Config, report: CheckReport): void {
  const seen = new Set<string>();
  for (const [index, one] of alarms.loadBalancers.entries()) {
    const at: Path = ['alarms', 'loadBalancers', index];
    if (!clusters.some(({ name }) => name === one.cluster))
      report.problem({ path: [...at, 'cluster'], what: 'there is no such cluster', value: one.cluster });
    const key = `${one.cluster} ${one.name}`;
    if (seen.has(key))
      report.problem({ path: [...at, 'name'], what: 'another load balancer of this cluster has the name', value: one.name });
    seen.add(key);
  }
}

function checkWarmUp(text: string, path: Path, report: CheckReport): void {
  const minutes = secondsOf(text) / 60;
  if (minutes >= WARM_UP_MINUTES.min && minutes <= WARM_UP_MINUTES.max) return;
  report.problem({ path, what: 'CloudWatch warms an alarm up neither shorter nor longer', limit: '1m to 2d', value: text });
}
