import { alarmsIn, type CompositeRule, parseRule, ruleHolds } from './composite-rule.ts';
import { alarmTime, type Contributor, type Decision } from './decision.ts';
import { type AlarmDefinition, alarmIntervalMs, type CompositeAlarm } from './definition.ts';
import { evaluateLogAlarm, type LogResult } from './log-alarm.ts';
import { evaluateMetricAlarm } from './metric-alarm.ts';
import { isMuted, type MuteRule } from './mute.ts';
import { evaluatePromqlAlarm, type PromqlContributor } from './promql-alarm.ts';
import type { AlarmState } from './state.ts';
import { decideSuppression, NOTHING_DONE, type SuppressedBy, type SuppressionMemory } from './suppression.ts';
import { type AlarmSources, type AlarmStatus, actionsFor, longTime, nameIn, suppressedFrom, type Transition } from './transition.ts';
import { isWarm } from './warm-up.ts';

interface Memory {
  state: AlarmState;
  sinceMs: number;
  reason: string;
  reasonData: string;
  contributors: Map<string, Contributor>;
  series: ReadonlyMap<string, PromqlContributor>;
  results: readonly LogResult[];
  nextMs: number;
  suppression: SuppressionMemory;
  suppressedBy: SuppressedBy | undefined;
  /** State whose actions a mute rule keeps back. */
  mutedState: AlarmState | undefined;
  rule: CompositeRule | undefined;
}

/**
 * All alarms of an account on one clock. Call `evaluate` at growing times; it looks at each alarm when its interval has passed and gives the changes in
 * their order. Composites follow in the same call, whatever depth they have.
 */
export class AlarmEngine {
  readonly #alarms: readonly AlarmDefinition[];
  readonly #byName: ReadonlyMap<string, AlarmDefinition>;
  readonly #memories = new Map<string, Memory>();
  readonly #mutes: readonly MuteRule[];
  readonly #createdMs: number;

  /** Throws RuleSyntaxError for a composite whose rule cannot be read, Error for two alarms of one name. */
  constructor(alarms: readonly AlarmDefinition[], createdMs: number, mutes: readonly MuteRule[] = []) {
    this.#alarms = alarms;
    this.#byName = new Map(alarms.map((alarm) => [alarm.name, alarm]));
    if (this.#byName.size < alarms.length) throw new Error('two alarms have the same name');
    this.#mutes = mutes;
    this.#createdMs = createdMs;
    for (const alarm of alarms) {
      this.#memories.set(alarm.name, {
        state: 'INSUFFICIENT_DATA',
        sinceMs: createdMs,
        reason: 'Unchecked: Initial alarm creation',
        reasonData: '{}',
        contributors: new Map(),
        series: new Map(),
        results: [],
        nextMs: createdMs,
        suppression: NOTHING_DONE,
        suppressedBy: undefined,
        mutedState: undefined,
        rule: alarm.kind === 'composite' ? parseRule(alarm.rule) : undefined,
      });
    }
  }

  get alarms(): readonly AlarmDefinition[] {
    return this.#alarms;
  }

  /** The state of an alarm by its name or ARN. */
  status(name: string): AlarmStatus | undefined {
    const memory = this.#memories.get(nameIn(name));
    if (memory === undefined) return undefined;
    const { state, sinceMs, reason, suppressedBy } = memory;
    return {
      state,
      sinceMs,
      reason,
      suppressedBy,
      contributors: [...memory.contributors.values()].filter((each) => each.state === 'ALARM'),
    };
  }

  /** Earliest time at which an alarm is due. */
  get nextMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { nextMs } of this.#memories.values()) next = Math.min(next, nextMs);
    return next;
  }

  /** Looks at every alarm that is due at a time. */
  evaluate(nowMs: number, sources: AlarmSources): Transition[] {
    const transitions: Transition[] = [];
    for (const alarm of this.#alarms) {
      const memory = this.#memories.get(alarm.name) as Memory;
      if (memory.nextMs > nowMs) continue;
      const interval = alarmIntervalMs(alarm);
      memory.nextMs = Math.floor(nowMs / interval) * interval + interval;
      if (alarm.kind === 'composite') {
        // It follows the others in the same call; only the periods of a suppressor end by themselves.
        if (alarm.suppressor === undefined) memory.nextMs = Number.POSITIVE_INFINITY;
        continue;
      }
      this.#evaluateOne(alarm, memory, nowMs, sources, transitions);
    }
    // A composite of composites settles after as many rounds as it is deep; a circle of them never would: CloudWatch stops to evaluate it, and `check` refuses it.
    for (let round = 0; round <= this.#alarms.length; round++) {
      let changed = false;
      for (const alarm of this.#alarms)
        if (alarm.kind === 'composite') changed = this.#evaluateComposite(alarm, nowMs, transitions) || changed;
      if (!changed) break;
    }
    this.#endMutes(nowMs, transitions);
    return transitions;
  }

  #evaluateOne(
    alarm: Exclude<AlarmDefinition, CompositeAlarm>,
    memory: Memory,
    nowMs: number,
    sources: AlarmSources,
    transitions: Transition[],
  ): void {
    if (!isWarm(alarm, this.#createdMs, nowMs, sources.metrics)) return;
    let decision: Decision;
    if (alarm.kind === 'metric') {
      decision = evaluateMetricAlarm(alarm, sources.metrics, memory, nowMs);
    } else if (alarm.kind === 'log') {
      const evaluated = evaluateLogAlarm(alarm, sources.queryLogs(alarm, nowMs), memory);
      memory.results = evaluated.results;
      decision = evaluated.decision;
    } else {
      const answer = sources.promql(alarm.query, nowMs);
      if (answer === undefined) return;
      const evaluated = evaluatePromqlAlarm(alarm, answer, { contributors: memory.series }, nowMs);
      memory.series = evaluated.memory.contributors;
      decision = evaluated.decision;
    }
    this.#take(alarm, memory, decision, nowMs, transitions);
  }

  #take(alarm: AlarmDefinition, memory: Memory, decision: Decision, nowMs: number, transitions: Transition[]): void {
    const changedContributors: { before: AlarmState; now: Contributor }[] = [];
    if (decision.contributors !== undefined) {
      for (const now of decision.contributors) {
        const before = memory.contributors.get(now.id)?.state ?? 'OK';
        if (before !== now.state) changedContributors.push({ before, now });
        if (now.state === 'ALARM') memory.contributors.set(now.id, now);
        else memory.contributors.delete(now.id);
      }
    }
    const from = memory.state;
    // What keeps an alarm without a state is worth knowing, though it changes nothing.
    if (decision.state === from) memory.reason = decision.reason;
    if (decision.state !== from) {
      Object.assign(memory, { state: decision.state, sinceMs: nowMs, reason: decision.reason, reasonData: decision.reasonData });
      // CloudWatch acts for each contributor that changed, and for the alarm as well; a log alarm acts for its contributors only.
      const silent = alarm.kind === 'log' && changedContributors.length > 0;
      transitions.push(this.#transition(alarm, memory, { atMs: nowMs, from, decision, silent }));
    }
    for (const { before, now } of changedContributors) {
      transitions.push(
        this.#transition(alarm, memory, { atMs: nowMs, from: before, decision: { ...now, contributors: [] }, contributor: now }),
      );
    }
  }

  #transition(
    alarm: AlarmDefinition,
    memory: Memory,
    change: { atMs: number; from: AlarmState; decision: Decision; contributor?: Contributor; silent?: boolean },
  ): Transition {
    const { atMs, from, decision, contributor } = change;
    const actions = change.silent === true ? [] : actionsFor(alarm, decision.state);
    const isMutedNow = actions.length > 0 && isMuted(this.#mutes, alarm.name, atMs);
    if (contributor === undefined) memory.mutedState = isMutedNow ? decision.state : undefined;
    const heldBy = alarm.actionsEnabled === false ? 'ActionsDisabled' : isMutedNow ? 'MuteRule' : undefined;
    return {
      alarm,
      atMs,
      from,
      to: decision.state,
      reason: decision.reason,
      reasonData: decision.reasonData,
      ...(decision.value === undefined ? {} : { value: decision.value }),
      ...(contributor === undefined ? {} : { contributor }),
      triggeredBy: [],
      actions: heldBy === undefined ? actions : [],
      ...(heldBy === undefined || actions.length === 0 ? {} : { heldBy }),
      isLate: false,
    };
  }

  #evaluateComposite(alarm: CompositeAlarm, nowMs: number, transitions: Transition[]): boolean {
    const memory = this.#memories.get(alarm.name) as Memory;
    const rule = memory.rule as CompositeRule;
    const stateOf = (name: string): AlarmState | undefined => this.#memories.get(nameIn(name))?.state;
    const holds = ruleHolds(rule, stateOf);
    // Until every child was looked at once, a fresh composite knows nothing; afterwards it is OK or ALARM.
    const isUnchecked =
      memory.state === 'INSUFFICIENT_DATA' && !holds && alarmsIn(rule).every((name) => stateOf(name) === 'INSUFFICIENT_DATA');
    const state: AlarmState = holds ? 'ALARM' : isUnchecked ? 'INSUFFICIENT_DATA' : 'OK';
    const previous = memory.state;
    const suppression = decideSuppression(
      {
        hasChanged: state !== previous,
        suppressor: alarm.suppressor === undefined ? undefined : stateOf(alarm.suppressor.alarm),
        periods: alarm.suppressor,
        nowMs,
      },
      memory.suppression,
    );
    memory.suppression = suppression.memory;
    memory.suppressedBy = suppression.suppressedBy;
    const hasChanged = state !== previous;
    if (!hasChanged && !suppression.performs) return false;
    const triggeredBy = hasChanged ? this.#lastChangedOf(rule, nowMs) : [];
    if (hasChanged) {
      const reason = triggeredBy
        .slice(0, 1)
        .map((child) => `${child.alarm} transitioned to ${child.state} at ${longTime(child.atMs)}`)
        .join('');
      const reasonData = JSON.stringify({
        triggeringAlarms: triggeredBy.map((child) => ({
          arn: child.alarm,
          state: { value: child.state, timestamp: alarmTime(child.atMs) },
        })),
      });
      Object.assign(memory, { state, sinceMs: nowMs, reason, reasonData });
    }
    const decision: Decision = { state, reason: memory.reason, reasonData: memory.reasonData };
    const silent = !suppression.performs;
    const transition = this.#transition(alarm, memory, {
      atMs: nowMs,
      from: hasChanged ? previous : suppressedFrom(state),
      decision,
      silent,
    });
    const isHeld = suppression.suppressedBy !== undefined && actionsFor(alarm, state).length > 0;
    transitions.push({
      ...transition,
      triggeredBy,
      ...(isHeld ? { heldBy: suppression.suppressedBy } : {}),
      isLate: !hasChanged,
    });
    return hasChanged;
  }

  /** Children that the rule names and that changed last: they led to the composite's change. */
  #lastChangedOf(rule: CompositeRule, nowMs: number): Transition['triggeredBy'] {
    const children = [...new Set(alarmsIn(rule))].flatMap((name) => {
      const memory = this.#memories.get(nameIn(name));
      return memory === undefined ? [] : [{ alarm: name, state: memory.state, atMs: memory.sinceMs }];
    });
    const newest = Math.max(...children.map(({ atMs }) => atMs), Number.NEGATIVE_INFINITY);
    return children.filter(({ atMs }) => atMs === newest && atMs <= nowMs);
  }

  /** An alarm that still has the state that a mute rule kept quiet acts when the rule ends. */
  #endMutes(nowMs: number, transitions: Transition[]): void {
    for (const alarm of this.#alarms) {
      const memory = this.#memories.get(alarm.name) as Memory;
      if (memory.mutedState === undefined || isMuted(this.#mutes, alarm.name, nowMs)) continue;
      const isStill = memory.mutedState === memory.state;
      memory.mutedState = undefined;
      if (!isStill) continue;
      const { state, reason, reasonData } = memory;
      const decision: Decision = { state, reason, reasonData };
      transitions.push({ ...this.#transition(alarm, memory, { atMs: nowMs, from: suppressedFrom(state), decision }), isLate: true });
    }
  }
}
