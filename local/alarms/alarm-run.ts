import { createHash } from 'node:crypto';
import type { AlarmDefinition, LogAlarm } from '../../lambdas/core/alarms/definition.ts';
import { AlarmEngine } from '../../lambdas/core/alarms/engine.ts';
import { type LogMetricFilter, LogMetrics } from '../../lambdas/core/alarms/log-metrics.ts';
import { MetricStore } from '../../lambdas/core/alarms/metric-data.ts';
import type { MuteRule } from '../../lambdas/core/alarms/mute.ts';
import { snsMessage, snsSubject } from '../../lambdas/core/alarms/notification.ts';
import { type AlarmLogEvent, runLogAlarm } from '../../lambdas/core/alarms/run-log-alarm.ts';
import type { Transition } from '../../lambdas/core/alarms/transition.ts';
import type { RunClock } from '../clock/run-clock.ts';
import type { StoredEvent } from '../logs/event-store.ts';
import type { Resolver } from '../template/resolver.ts';
import { emfSamples } from './emf-samples.ts';
import { readAlarm, readMetricFilters, readMuteRule } from './read-definitions.ts';

/** How long after the last event alarms are looked at, in ms: long enough for what the last lines set off to be over. */
const AFTERMATH_MS = 20 * 60_000;
/** What CloudWatch adds to the size of an event, in bytes. */
const EVENT_OVERHEAD_BYTES = 26;

/** What an alarm run needs. */
export interface AlarmRunParts {
  readonly clock: Pick<RunClock, 'now' | 'at'>;
  readonly account: string;
  readonly region: string;
  /** When the run began: the alarms were made then. */
  readonly startMs: number;
  /** Hands a notification to a topic. */
  readonly publish: (topicArn: string, message: string, subject: string) => void;
}

/** Alarms with what they need, as templates have them. */
export interface AlarmSet {
  readonly definitions: readonly AlarmDefinition[];
  readonly filters: readonly LogMetricFilter[];
  readonly mutes: readonly MuteRule[];
}

/**
 * The alarms of the templates over the events of the run, on the run's clock: metric filters and embedded metrics make the points, log alarms run their
 * queries, composites follow. What an alarm does goes to its topics. AWS's own metrics have no source here but AWS/Logs' counts of events.
 */
export class AlarmRun {
  readonly transitions: Transition[] = [];
  /** Actions that are no topics, by the service in their ARN: nothing here does them. */
  readonly notDone = new Map<string, number>();
  readonly engine: AlarmEngine;
  readonly store = new MetricStore();
  readonly #parts: AlarmRunParts;
  readonly #logMetrics: LogMetrics;
  readonly #queriedGroups: ReadonlySet<string>;
  readonly #events: AlarmLogEvent[] = [];
  #untilMs = 0;
  #isTicking = false;

  /** Throws for a metric filter that CloudWatch would refuse, and for a rule that cannot be read. */
  constructor({ definitions, filters, mutes }: AlarmSet, parts: AlarmRunParts) {
    this.#parts = parts;
    this.engine = new AlarmEngine(definitions, parts.startMs, mutes);
    this.#logMetrics = new LogMetrics(filters, this.store);
    const [refused] = this.#logMetrics.refused;
    if (refused !== undefined)
      throw new Error(`metric filter ${refused.filter.metricName}: ${refused.problems.map(({ reason }) => reason).join(', ')}`);
    this.#queriedGroups = new Set(definitions.flatMap((alarm) => (alarm.kind === 'log' ? [...alarm.logGroups] : [])));
  }

  /** Reads the alarms of the templates; undefined where there are none. */
  static wire(resolver: Resolver, parts: AlarmRunParts): AlarmRun | undefined {
    const definitions = resolver.resources((type) => type.startsWith('AWS::CloudWatch::')).flatMap((resource) => readAlarm(resource) ?? []);
    const filters = resolver.resources((type) => type === 'AWS::Logs::MetricFilter').flatMap(readMetricFilters);
    const mutes = resolver.resources((type) => type === 'AWS::CloudWatch::AlarmMuteRule').map(readMuteRule);
    return definitions.length === 0 ? undefined : new AlarmRun({ definitions, filters, mutes }, parts);
  }

  /** Takes events of a log group, as they are stored. */
  take(logGroup: string, logStream: string, events: readonly StoredEvent[]): void {
    for (const { timestamp, message } of events) {
      this.#logMetrics.take(logGroup, timestamp, message, Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES);
      for (const { metric, sample } of emfSamples(message, timestamp)) this.store.add(metric, sample);
      if (this.#queriedGroups.has(logGroup)) this.#events.push({ timeMs: timestamp, message, logStream, logGroup });
    }
    // What our own functions write of the messages that alarms set off must not keep the run going.
    if (events.length === 0 || logGroup.startsWith('/aws/lambda/')) return;
    this.#untilMs = this.#parts.clock.now() + AFTERMATH_MS;
    this.#tickLater();
  }

  #tickLater(): void {
    if (this.#isTicking) return;
    const { clock } = this.#parts;
    const nextMs = Math.max(this.engine.nextMs, clock.now() + 1);
    if (nextMs > this.#untilMs) return;
    this.#isTicking = true;
    clock.at(nextMs, () => {
      this.#isTicking = false;
      this.#tick();
      this.#tickLater();
    });
  }

  #tick(): void {
    const hash = (algorithm: string) => (text: string) => createHash(algorithm).update(text).digest('hex');
    const transitions = this.engine.evaluate(this.#parts.clock.now(), {
      metrics: this.store,
      queryLogs: (alarm: LogAlarm, nowMs: number) => runLogAlarm(alarm, this.#events, nowMs, { md5: hash('md5'), sha256: hash('sha256') }),
      // No Prometheus runs here: such an alarm keeps its state, and the report names it.
      promql: () => undefined,
    });
    for (const transition of transitions) {
      this.transitions.push(transition);
      for (const action of transition.actions) this.#act(action, transition);
    }
  }

  #act(action: string, transition: Transition): void {
    const service = action.split(':')[2] ?? '';
    if (service !== 'sns') {
      this.notDone.set(service, (this.notDone.get(service) ?? 0) + 1);
      return;
    }
    const { account, region, startMs, publish } = this.#parts;
    const owner = { account, region, regionName: region, partition: 'aws', configuredMs: startMs };
    publish(action, snsMessage(transition, owner), snsSubject(transition, owner));
  }
}
