import { type Counts, excludedTotal, imbalance } from '../core/delivery/counts.ts';
import type { Delay } from '../core/delivery/settle.ts';

/** What one invocation measured of one source. */
export interface IndexerMetrics {
  readonly namespace: string;
  readonly source: string;
  readonly function: string;
  readonly nowMs: number;
  readonly counts: Counts;
  readonly delay: Delay;
  /** Why documents of this source were returned, by reason. A property, not a dimension: reasons are many. */
  readonly returnedByReason: { readonly [reason: string]: number };
  /** Events that dry-run exclusions would have dropped, by rule. */
  readonly wouldExcludeByRule?: { readonly [rule: string]: number };
  /** Dead letters, by reason. */
  readonly deadLetteredByReason?: { readonly [reason: string]: number };
}

/**
 * One line in CloudWatch's embedded metric format (EMF): counts as metrics by source and by function, exclusions by rule as properties.
 * `DelayMs` is the greatest event time to indexed of the invocation, `DelayMsAverage` its mean; both only where something was indexed.
 * `Unaccounted` only where the counts do not add up: it must never appear.
 */
export function formatMetrics(metrics: IndexerMetrics): string {
  const { counts, delay } = metrics;
  const values: { [name: string]: number } = {
    Received: counts.received,
    Indexed: counts.indexed,
    Duplicate: counts.duplicate,
    DeadLettered: counts.deadLettered,
    Excluded: excludedTotal(counts),
    Joined: counts.joined,
    Returned: counts.returned,
    ControlMessages: counts.controlMessages,
  };
  if (counts.handedOn !== undefined) values['HandedOn'] = counts.handedOn;
  const missing = imbalance(counts);
  if (missing !== 0) values['Unaccounted'] = Math.abs(missing);
  const times: { [name: string]: number } = {};
  if (delay.documents > 0) {
    times['DelayMs'] = delay.maxMs;
    times['DelayMsAverage'] = Math.round(delay.sumMs / delay.documents);
  }
  const definitions = [
    ...Object.keys(values).map((Name) => ({ Name, Unit: 'Count' })),
    ...Object.keys(times).map((Name) => ({ Name, Unit: 'Milliseconds' })),
  ];
  return JSON.stringify({
    _aws: {
      Timestamp: metrics.nowMs,
      CloudWatchMetrics: [{ Namespace: metrics.namespace, Dimensions: [['Source'], ['Function']], Metrics: definitions }],
    },
    Source: metrics.source,
    Function: metrics.function,
    ...values,
    ...times,
    excludedByRule: counts.excluded,
    returnedByReason: metrics.returnedByReason,
    wouldExcludeByRule: metrics.wouldExcludeByRule ?? {},
    deadLetteredByReason: metrics.deadLetteredByReason ?? {},
  });
}
