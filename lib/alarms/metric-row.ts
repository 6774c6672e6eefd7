/**
 * What a metric does when nothing happens, or when its thing is gone. `stops`: a node, pod or domain that is gone sends nothing more, it does not send 0.
 * `sparse`: written only when something happened, so that no data is good news. `constant`: a service sends it as long as the thing exists, 0 included.
 */
export type WhenIdle = 'stops' | 'sparse' | 'constant';

/** Metrics that share a unit, their sets of dimensions and their behaviour. */
export interface MetricRow {
  readonly namespace: string;
  readonly names: readonly string[];
  readonly unit: string;
  /** Every set of dimensions under which the metric is published; each is a metric of its own. */
  readonly sets: readonly (readonly string[])[];
  readonly idle: WhenIdle;
  /** Largest value of one sample, where there is one: a status is 0 or 1. */
  readonly most?: number;
  /** What people get wrong. */
  readonly note?: string;
}

/** A row in short: names with blanks between, sets separated by commas, their dimensions by blanks. */
export function metricRow(
  namespace: string,
  names: string,
  unit: string,
  sets: string,
  idle: WhenIdle,
  rest: { readonly most?: number; readonly note?: string } = {},
): MetricRow {
  return {
    namespace,
    names: names.trim().split(/\s+/),
    unit,
    sets: sets.split(',').map((set) =>
      set
        .trim()
        .split(/\s+/)
        .filter((name) => name !== ''),
    ),
    idle,
    ...rest,
  };
}
