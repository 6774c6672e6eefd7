import { checkSchedule, MAX_MUTE_MS } from '../../../lambdas/core/alarms/mute.ts';
import { WARM_UP_MINUTES } from '../../../lambdas/core/alarms/warm-up.ts';
import { zoneOffsetMs } from '../../../lambdas/core/alarms/windows.ts';
import { actionProblems } from '../../alarms/actions.ts';
import { loadCatalogue } from '../../alarms/catalogue.ts';
import { changedAlarm, uselessOverrides } from '../../alarms/changed.ts';
import { problemsOfAlarm } from '../../alarms/check-shape.ts';
import { fitsTag } from '../../alarms/describe.ts';
import { whyNoNamespaces } from '../../alarms/namespaces.ts';
import { checkFor } from '../../alarms/plan.ts';
import { matchesName, secondsOf } from '../../alarms/spec.ts';
import { nearestName } from '../nearest-name.ts';
import type { Path } from '../problems.ts';
import type { Config } from '../resolve.ts';
import { checkAlarmLimits } from './alarm-limits.ts';
import { checkCircles, checkReferences, type KnownAlarms } from './alarm-references.ts';
import { type Check, type CheckReport, reportDuplicates } from './context.ts';

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
  checkCircles(config.alarms.own, known, report);
  checkOwners(config, report);
  // What cannot be read cannot be counted either.
  const isReadable = Object.values(config.alarms.own).every((alarm) => problemsOfAlarm(alarm).length === 0);
  if (isReadable && !isIncomplete(['clusters']) && !isIncomplete(['sources'])) checkAlarmLimits(config, report);
};

function knownAlarms({ alarms }: Config): KnownAlarms {
  return new Map([...loadCatalogue().alarms.map(({ name, alarm }) => [name, alarm] as const), ...Object.entries(alarms.own)]);
}

function checkOwn(config: Config, known: KnownAlarms, report: CheckReport): void {
  for (const [name, alarm] of Object.entries(config.alarms.own)) {
    const at: Path = ['alarms', 'own', name];
    for (const finding of problemsOfAlarm(alarm)) report.problem({ ...finding, path: [...at, ...finding.path] });
    checkReferences(config, alarm, at, known, report);
    for (const problem of actionProblems(alarm, checkFor(config, alarm), config.region))
      report.problem({ ...problem, path: [...at, 'actions', ...problem.path] });
    if (alarm.warmUp !== undefined) checkWarmUp(alarm.warmUp, [...at, 'warmUp'], report);
  }
}

/** An owner is the tag `team`, by which messages are routed: one that no tag may hold would be told to whom it does not concern. */
function checkOwners({ alarms }: Config, report: CheckReport): void {
  const expectTag = (owner: string | undefined, path: Path): void => {
    if (owner === undefined || fitsTag(owner)) return;
    report.problem({ path, what: 'the tag `team` cannot hold this', limit: 'letters, digits, blanks and _ . : / = + - @', value: owner });
  };
  expectTag(alarms.owner, ['alarms', 'owner']);
  for (const [name, { owner }] of Object.entries(alarms.own)) expectTag(owner, ['alarms', 'own', name, 'owner']);
  for (const [name, { namespaces, owner }] of Object.entries(alarms.change)) {
    expectTag(owner, ['alarms', 'change', name, 'owner']);
    for (const [namespace, one] of Object.entries(namespaces))
      expectTag(one.owner, ['alarms', 'change', name, 'namespaces', namespace, 'owner']);
  }
}

function checkChanges(config: Config, known: KnownAlarms, report: CheckReport): void {
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
      for (const problem of actionProblems({ ...alarm, actions: change.actions }, check, config.region))
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

function checkNames(patterns: readonly string[], at: Path, known: KnownAlarms, report: CheckReport): void {
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

function checkMutes(config: Config, known: KnownAlarms, report: CheckReport): void {
  reportDuplicates(
    config.alarms.mute,
    { key: ({ name }) => name, path: (index) => ['alarms', 'mute', index, 'name'], what: 'two mute rules have this name' },
    report,
  );
  for (const [index, mute] of config.alarms.mute.entries()) {
    const at: Path = ['alarms', 'mute', index];
    const wrong = checkSchedule(mute.schedule);
    if (wrong !== undefined) report.problem({ path: [...at, 'schedule'], what: wrong, value: mute.schedule });
    const ms = secondsOf(mute.duration) * 1000;
    if (ms % 60_000 !== 0 || ms < 60_000 || ms > MAX_MUTE_MS)
      report.problem({
        path: [...at, 'duration'],
        what: 'a mute rule lasts whole minutes, neither fewer nor more',
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
