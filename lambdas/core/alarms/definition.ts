import type { Comparison, MissingData } from './state.ts';
import type { EvaluationWindow } from './windows.ts';

/** A metric by its name and the whole set of its dimensions: another set is another metric. */
export interface MetricId {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: { readonly [name: string]: string };
}

/** One entry of an alarm's `Metrics`: a metric with its statistic, a metric math expression, or a Metrics Insights query. */
export type AlarmQuery =
  | { readonly id: string; readonly metric: MetricId; readonly statistic: string; readonly unit?: string; readonly returnData: boolean }
  | { readonly id: string; readonly expression: string; readonly returnData: boolean };

/** Delays the first evaluation after an alarm was made or changed (`WarmUpConfiguration`). */
export interface WarmUp {
  readonly minutes: number;
  /** Waits the whole time even where the evaluation window is filled earlier. */
  readonly wholeTime: boolean;
}

/** Members that every kind of alarm has. */
interface AlarmBase {
  /** Unique in an account and Region, 255 characters at most. */
  readonly name: string;
  readonly description?: string;
  readonly tags?: { readonly [key: string]: string };
  readonly actionsEnabled?: boolean;
  readonly alarmActions?: readonly string[];
  readonly okActions?: readonly string[];
  readonly insufficientDataActions?: readonly string[];
  readonly warmUp?: WarmUp;
}

/** A metric alarm, on one metric, on metric math, on an anomaly detection band or on a Metrics Insights query. */
export interface MetricAlarm extends AlarmBase {
  readonly kind: 'metric';
  /** Exactly one returns data; with `thresholdMetricId` the band returns it as well. */
  readonly queries: readonly AlarmQuery[];
  /** 10, 20, 30 or a multiple of 60. */
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: Comparison;
  /** For a static comparison. */
  readonly threshold?: number;
  /** Id of the band, for a band comparison. */
  readonly thresholdMetricId?: string;
  readonly treatMissingData: MissingData;
  /** `ignore`: too few samples under a percentile keep the state. @default evaluate */
  readonly lowSamples?: 'evaluate' | 'ignore';
  readonly window?: EvaluationWindow;
}

/** An alarm on the results of a Logs Insights query that runs on a schedule (`AWS::CloudWatch::LogAlarm`). */
export interface LogAlarm extends AlarmBase {
  readonly kind: 'log';
  readonly query: string;
  /** Such as `count(*)` or `avg(ms) by host | sort desc`. */
  readonly aggregation: string;
  readonly logGroups: readonly string[];
  /** How often the query runs. */
  readonly everySeconds: number;
  /** The query's range, counted back from each run. */
  readonly startOffsetSeconds: number;
  readonly endOffsetSeconds: number;
  readonly resultsToAlarm: number;
  readonly resultsToEvaluate: number;
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly treatMissingData: MissingData;
}

/** An alarm on a PromQL instant query: every series that it returns breaches. */
export interface PromqlAlarm extends AlarmBase {
  readonly kind: 'promql';
  readonly query: string;
  readonly everySeconds: number;
  /** How long a series must be returned before it is an alarm; Prometheus' `for`. */
  readonly pendingSeconds: number;
  /** How long it must be gone before it is none; Prometheus' `keep_firing_for`. */
  readonly recoverySeconds: number;
}

/** An alarm on the states of others. */
export interface CompositeAlarm extends AlarmBase {
  readonly kind: 'composite';
  readonly rule: string;
  /** Name of an alarm that keeps this one's actions back while it is in ALARM. */
  readonly suppressor?: { readonly alarm: string; readonly waitSeconds: number; readonly extensionSeconds: number };
}

/** Any alarm. */
export type AlarmDefinition = MetricAlarm | LogAlarm | PromqlAlarm | CompositeAlarm;

/** How often an alarm is looked at, in ms. A composite is looked at whenever one of the others changes, and here every ten seconds. */
export function alarmIntervalMs(alarm: AlarmDefinition): number {
  switch (alarm.kind) {
    case 'metric':
      return Math.min(alarm.periodSeconds, 60) * 1000;
    case 'log':
    case 'promql':
      return alarm.everySeconds * 1000;
    case 'composite':
      return 10_000;
  }
}
