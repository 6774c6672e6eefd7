import { createHash } from 'node:crypto';
import type { AlarmDefinition, LogAlarm, MetricAlarm, MetricId } from '../../lambdas/core/alarms/definition.ts';
import { alarmIntervalMs } from '../../lambdas/core/alarms/definition.ts';
import { AlarmEngine } from '../../lambdas/core/alarms/engine.ts';
import { LogMetrics } from '../../lambdas/core/alarms/log-metrics.ts';
import { type AlarmLogEvent, runLogAlarm } from '../../lambdas/core/alarms/run-log-alarm.ts';
import type { AlarmState } from '../../lambdas/core/alarms/state.ts';
import { sampleOf } from '../../lambdas/core/alarms/statistic.ts';
import type { AlarmSources, Transition } from '../../lambdas/core/alarms/transition.ts';
import { watchedBy } from '../../lib/alarms/deployed.ts';
import type { AlarmPlan, PlannedAlarm } from '../../lib/alarms/planned.ts';
import type { Config } from '../../lib/config/load.ts';
import { nearestName } from '../../lib/config/nearest-name.ts';
import type { Path } from '../../lib/config/problems.ts';
import { alertsOf } from './messages.ts';
import { durationMs, expandValues, showDuration } from './notation.ts';
import { runPromtool, whyNoPromtool } from './promtool.ts';
import type { Scenario } from './scenario-file.ts';
import { differences, GIVE_INSTEAD, metricNames, ScenarioStore, sorted } from './scenario-parts.ts';

/** One thing that a scenario expected and that was otherwise, with its place below the scenario. */
export interface Failure {
  readonly path: Path;
  readonly what: string;
}

/** What a scenario came to. */
export interface ScenarioResult {
  readonly failures: readonly Failure[];
  /** Everything that changed, in its order; what Prometheus evaluates changes there. */
  readonly transitions: readonly Transition[];
  /** Why nothing was evaluated: the engine that it needs is not on this machine. */
  readonly skipped?: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Namespace of the metrics that stand for the states of other alarms. */
const STATES_NAMESPACE = 'Scenario/States';

/** Runs a scenario against the planned alarms of its config. Throws ScenarioError for one that asks for what is not there. */
export function runScenario(scenario: Scenario, config: Config, plan: AlarmPlan): ScenarioResult {
  return new ScenarioRun(scenario, config, plan).run();
}

/** A scenario that names something that its config does not have. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  readonly path: Path;
  constructor(path: Path, message: string) {
    super(message);
    this.path = path;
  }
}

class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #config: Config;
  readonly #plan: AlarmPlan;
  readonly #startMs: number;
  readonly #store: ScenarioStore;
  readonly #events: AlarmLogEvent[] = [];

  constructor(scenario: Scenario, config: Config, plan: AlarmPlan) {
    this.#scenario = scenario;
    this.#config = config;
    this.#plan = plan;
    this.#startMs = Date.parse(scenario.start);
    this.#store = new ScenarioStore(scenario.bands);
  }

  run(): ScenarioResult {
    const subject = this.#planned(this.#scenario.alarm, ['alarm']);
    if (this.#scenario.input !== undefined) return this.#onPrometheus(subject);
    const watched = watchedBy(subject, this.#plan.alarms);
    this.#fillMetrics(subject, watched);
    this.#fillLogs(watched);
    this.#expectStatesOf(watched);
    const definitions = watched.map((planned) => this.#stateGiven(planned) ?? this.#withActions(planned));
    const createdMs = this.#scenario.fresh ? this.#startMs : this.#startMs - 3 * DAY_MS;
    const engine = new AlarmEngine(definitions, createdMs, this.#plan.mutes);
    const checks = this.#checks(subject);
    const endMs =
      this.#startMs +
      Math.max(MINUTE_MS, ...checks.map(({ atMs }) => atMs), ...Object.keys(this.#scenario.tells ?? {}).map((at) => durationMs(at) ?? 0));
    const stepMs = Math.min(MINUTE_MS, ...definitions.map(alarmIntervalMs));
    const sources = this.#sources();
    const transitions: Transition[] = [];
    const failures: Failure[] = [];
    for (let nowMs = this.#startMs; nowMs <= endMs; nowMs += stepMs) {
      transitions.push(...engine.evaluate(nowMs, sources));
      for (const check of checks) {
        if (this.#startMs + check.atMs < nowMs || this.#startMs + check.atMs >= nowMs + stepMs) continue;
        const failure = check.look(engine);
        if (failure !== undefined) failures.push({ path: check.path, what: failure });
      }
    }
    return {
      failures: [...failures, ...this.#toldFailures(subject, transitions), ...this.#messageFailures(subject, transitions)],
      transitions,
    };
  }

  #onPrometheus({ definition, id }: PlannedAlarm): ScenarioResult {
    if (definition.kind !== 'promql') throw new ScenarioError(['input'], `${id} is no PromQL alarm here: say profile: otel`);
    const skipped = whyNoPromtool();
    if (skipped !== undefined) return { failures: [], transitions: [], skipped };
    return { failures: runPromtool(this.#scenario, definition, this.#plan.cluster ?? ''), transitions: [] };
  }

  #planned(id: string, path: Path): PlannedAlarm {
    const found = this.#plan.alarms.find((one) => one.id === id) ?? this.#plan.alarms.find((one) => one.name === id);
    if (found !== undefined) return found;
    const reason = this.#plan.leftOut.find(({ name }) => name === id.split(':')[0])?.reason;
    const near = nearestName(
      id,
      this.#plan.alarms.map((one) => one.id),
    );
    const hint = reason !== undefined ? `: ${reason}` : near === undefined ? '' : `; did you mean ${near}?`;
    throw new ScenarioError(path, `the config deploys no alarm ${id}${hint}`);
  }

  #withActions({ definition, severity, tells }: PlannedAlarm): AlarmDefinition {
    const topic = `arn:aws:sns:us-east-1:111122223333:alerts-${severity}`;
    return tells ? { ...definition, alarmActions: [topic], okActions: [topic] } : definition;
  }

  /** An alarm whose states the scenario gives: it watches them instead of its own metric. */
  #stateGiven({ name, id, definition }: PlannedAlarm): MetricAlarm | undefined {
    const { states } = this.#scenario;
    const text = states[id] ?? states[name];
    if (text === undefined) return undefined;
    const metric: MetricId = { namespace: STATES_NAMESPACE, metricName: id, dimensions: {} };
    this.#put(metric, text, MINUTE_MS);
    return {
      kind: 'metric',
      name: definition.name,
      queries: [{ id: 'm1', metric, statistic: 'Maximum', returnData: true }],
      periodSeconds: 60,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      comparison: 'GreaterThanThreshold',
      threshold: 0,
      treatMissingData: 'missing',
    };
  }

  #put(metric: MetricId, text: string, everyMs: number, unit?: string): void {
    const values = expandValues(text);
    if (typeof values === 'string') throw new ScenarioError(['values'], values);
    for (const [index, value] of values.entries())
      if (value !== undefined) this.#store.add(metric, sampleOf(this.#startMs + index * everyMs, value, unit));
  }

  /** A state of an alarm that takes no part would be given in vain. */
  #expectStatesOf(watched: readonly PlannedAlarm[]): void {
    const names = watched.flatMap(({ id, name }) => [id, name]);
    for (const name of Object.keys(this.#scenario.states)) {
      if (names.includes(name)) continue;
      const near = nearestName(name, names);
      throw new ScenarioError(
        ['states', name],
        `${name} takes no part in ${this.#scenario.alarm}${near === undefined ? '' : `; did you mean ${near}?`}`,
      );
    }
  }

  #fillMetrics({ definition, name }: PlannedAlarm, watched: readonly PlannedAlarm[]): void {
    const { values, metrics, every, quota } = this.#scenario;
    const period = definition.kind === 'metric' ? definition.periodSeconds * 1000 : MINUTE_MS;
    const everyMs = every === undefined ? Math.min(period, MINUTE_MS) : (durationMs(every) ?? MINUTE_MS);
    const queries = definition.kind === 'metric' ? definition.queries.filter((query) => 'metric' in query) : [];
    if (quota !== undefined) for (const query of queries) if ('metric' in query) this.#store.setQuota(query.metric, quota);
    if (values !== undefined) {
      if (definition.kind !== 'metric') throw new ScenarioError(['values'], `${name} looks at no metric: ${GIVE_INSTEAD[definition.kind]}`);
      const given = typeof values === 'string' ? Object.fromEntries(queries.map(({ id }) => [id, values])) : values;
      if (typeof values === 'string' && queries.length !== 1)
        throw new ScenarioError(
          ['values'],
          `${name} has ${queries.length} metrics: give values by their ids (${queries.map(({ id }) => id).join(', ')}), or metrics`,
        );
      for (const [id, text] of Object.entries(given)) {
        const query = queries.find((each) => each.id === id);
        if (query === undefined || !('metric' in query))
          throw new ScenarioError(['values', id], `${name} has no metric of this id; it has ${queries.map((each) => each.id).join(', ')}`);
        this.#put(query.metric, text, everyMs, query.unit);
      }
    }
    const asked = new Set(watched.flatMap((planned) => metricNames(planned)));
    for (const [index, { metric, dimensions, values: text, every: own, unit }] of metrics.entries()) {
      if (!asked.has(metric)) {
        const near = nearestName(metric, [...asked]);
        throw new ScenarioError(
          ['metrics', index, 'metric'],
          `${name} does not look at ${metric}${near === undefined ? '' : `; did you mean ${near}?`}`,
        );
      }
      const [namespace = '', metricName = ''] = [metric.slice(0, metric.lastIndexOf(' ')), metric.slice(metric.lastIndexOf(' ') + 1)];
      this.#put({ namespace, metricName, dimensions }, text, own === undefined ? everyMs : (durationMs(own) ?? everyMs), unit);
    }
  }

  #fillLogs(watched: readonly PlannedAlarm[]): void {
    const metrics = new LogMetrics(
      watched.flatMap(({ filters }) => filters),
      this.#store,
    );
    for (const [index, { source, at, stream, message, count, every }] of this.#scenario.logs.entries()) {
      const found = this.#config.sources
        .filter(({ cluster }) => cluster === this.#plan.cluster)
        .find(({ name, kind }) => name === source || kind === source);
      if (found === undefined) throw new ScenarioError(['logs', index, 'source'], `the config has no source ${source}`);
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      for (let i = 0; i < count; i++) {
        const timeMs = this.#startMs + (durationMs(at) ?? 0) + i * (durationMs(every) ?? 0);
        this.#events.push({ timeMs, message: text, logStream: stream, logGroup: found.logGroup });
        metrics.take(found.logGroup, timeMs, text, Buffer.byteLength(text) + 26);
      }
    }
    this.#events.sort((a, b) => a.timeMs - b.timeMs);
  }

  #sources(): AlarmSources {
    const hash = (algorithm: string) => (text: string) => createHash(algorithm).update(text).digest('hex');
    const series = this.#scenario.series?.map(({ labels, values }) => ({ labels, values: expandValues(values) }));
    return {
      metrics: this.#store,
      queryLogs: (alarm: LogAlarm, nowMs: number) => runLogAlarm(alarm, this.#events, nowMs, { md5: hash('md5'), sha256: hash('sha256') }),
      promql: (_query, nowMs) => {
        const minute = Math.floor((nowMs - this.#startMs) / MINUTE_MS);
        return series?.flatMap(({ labels, values }) => {
          const value = typeof values === 'string' ? undefined : values[minute];
          return value === undefined ? [] : [{ labels, value }];
        });
      },
    };
  }

  #checks(
    subject: PlannedAlarm,
  ): readonly { readonly atMs: number; readonly path: Path; readonly look: (engine: AlarmEngine) => string | undefined }[] {
    const { expect } = this.#scenario;
    const list = Array.isArray(expect)
      ? expect.map((item, index) => ({ ...item, path: ['expect', index] as Path }))
      : Object.entries(expect).map(([at, state]) => ({
          at,
          state,
          path: ['expect', at] as Path,
          alarm: undefined,
          contributor: undefined,
        }));
    return list.map(({ at, state, path, alarm, contributor }) => {
      const planned = alarm === undefined ? subject : this.#planned(alarm, [...path, 'alarm']);
      const look = (engine: AlarmEngine): string | undefined => {
        const status = engine.status(planned.definition.name);
        if (status === undefined) return `${planned.id} does not take part: name it as alarm of the scenario, or in its rule`;
        const wanted = contributor === undefined ? undefined : JSON.stringify(sorted(contributor));
        const isFiring = status.contributors.some(({ attributes }) => JSON.stringify(sorted(attributes)) === wanted);
        const actual: AlarmState = contributor === undefined ? status.state : isFiring ? 'ALARM' : 'OK';
        if (actual === state) return undefined;
        return `at ${at} ${planned.id}${contributor === undefined ? '' : ` ${JSON.stringify(contributor)}`} is ${actual}, expected ${state}: ${status.reason}`;
      };
      return { atMs: durationMs(at) ?? 0, path, look };
    });
  }

  #messageFailures(subject: PlannedAlarm, transitions: readonly Transition[]): Failure[] {
    const alerts = alertsOf(transitions.filter(({ alarm }) => alarm.name === subject.definition.name));
    return (this.#scenario.messages ?? []).flatMap((wanted, index): Failure[] => {
      const path: Path = ['messages', index];
      const atThatTime = alerts.filter(({ atMs }) => atMs === this.#startMs + (durationMs(wanted.at) ?? 0));
      const misses = atThatTime.map((alert) => differences(alert, wanted));
      if (misses.some((found) => found.length === 0)) return [];
      const what = misses[0] === undefined ? 'there is no message at this time' : misses[0].join('; ');
      return [{ path, what: `at ${wanted.at} ${subject.id}: ${what}` }];
    });
  }

  #toldFailures(subject: PlannedAlarm, transitions: readonly Transition[]): Failure[] {
    const { tells } = this.#scenario;
    if (tells === undefined) return [];
    const told = transitions.filter(({ alarm, actions }) => alarm.name === subject.definition.name && actions.length > 0);
    const actual = told.map(({ atMs, to }) => `${showDuration(atMs - this.#startMs)} ${to}`);
    const expected = Object.entries(tells).map(([at, state]) => `${showDuration(durationMs(at) ?? 0)} ${state}`);
    if (actual.join(', ') === expected.join(', ')) return [];
    return [
      { path: ['tells'], what: `${subject.id} tells ${actual.join(', ') || 'nothing'}; expected ${expected.join(', ') || 'nothing'}` },
    ];
  }
}
