import type { PipelineRequest } from './approval.ts';

/** How urgent an alert is, from most to least. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Names and values by which alerts are routed, grouped, silenced and inhibited. An absent label is the same as an empty one. */
export type Labels = { readonly [name: string]: string };

/** A link under the message. */
export interface Link {
  /** Which button it is; `other` carries a text of its own. */
  readonly kind: 'alarm' | 'logs' | 'dashboard' | 'runbook' | 'console' | 'other';
  readonly url: string;
  readonly text?: string;
}

/** What an alarm compares, as far as the notification tells. */
export interface Measurement {
  /** Metric, expression or query result, as people know it. */
  readonly metric: string;
  readonly namespace?: string;
  readonly statistic?: string;
  readonly unit?: string;
  /** The newest value that led to the change of state. */
  readonly value?: number;
  readonly threshold?: number;
  /** Bounds of an anomaly band at that time. */
  readonly lower?: number;
  readonly upper?: number;
  /** CloudWatch's name, such as `GreaterThanThreshold`. */
  readonly comparison?: string;
  readonly periodSeconds?: number;
  readonly evaluationPeriods?: number;
  readonly datapointsToAlarm?: number;
}

/** A line of details under the headline: plain text, not trusted. */
export interface Detail {
  readonly name: string;
  readonly value: string;
}

/** Kinds of message that are understood; anything else is `json` or `text`. */
export const ALERT_KINDS = [
  'metric-alarm',
  'anomaly-alarm',
  'composite-alarm',
  'log-alarm',
  'promql-alarm',
  'alertmanager',
  'autoscaling',
  'backup',
  'budget',
  'cloudformation',
  'codebuild',
  'codepipeline',
  'eks',
  'github-actions',
  'guardduty',
  'health',
  'kubernetes-node',
  'malware-scan',
  'rds',
  'security-hub',
  'storm',
  'json',
  'text',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/**
 * One thing that is wrong, or was. Texts come from others and are neither escaped nor redacted yet: that is the message's business.
 * Times are milliseconds since the epoch.
 */
export interface Alert {
  /** What it is: the same key is the same alert, whoever tells of it and how often. */
  readonly key: string;
  readonly kind: AlertKind;
  /**
   * `state` fires until it is resolved and is repeated meanwhile; `once` is an event that has happened: told once, neither repeated nor resolved.
   */
  readonly lifecycle: 'state' | 'once';
  readonly title: string;
  readonly severity: Severity;
  readonly labels: Labels;
  readonly startsAt: number;
  /** When it ended; in the future or absent while it fires. */
  readonly endsAt?: number;
  /** Orders reports of one alert: an older one never replaces a newer one. */
  readonly updatedAt: number;
  /** Whether an alarm lost its data: it neither fires by a value nor is it resolved. */
  readonly isBlind?: boolean;
  /** Why, in the words of the sender. */
  readonly reason?: string;
  readonly description?: string;
  readonly measurement?: Measurement;
  readonly details?: readonly Detail[];
  readonly links?: readonly Link[];
  /** Window that the logs link and the log lines cover. */
  readonly window?: { readonly fromMs: number; readonly toMs: number };
  /** JSON of a `MetricWidget` for GetMetricWidgetImage, without start and end. */
  readonly widget?: string;
  /** A decision that somebody waits for, or that was made; with `request` it can be made from the message. */
  readonly approval?: { readonly request?: PipelineRequest };
}

/** Whether it has ended by a time. An end in the future has not come yet. */
export function isResolved(alert: Pick<Alert, 'endsAt'>, nowMs: number): boolean {
  return alert.endsAt !== undefined && alert.endsAt <= nowMs;
}

/** The more urgent of two. */
export function worse(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) <= SEVERITIES.indexOf(b) ? a : b;
}
