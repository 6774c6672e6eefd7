import { decideByDatapoints, evaluationRange, type PointKind } from './datapoint-state.ts';
import { type Contributor, contributorId, cutReason, type Decision } from './decision.ts';
import type { AlarmQuery, MetricAlarm } from './definition.ts';
import { MathError } from './math-functions.ts';
import { MathSyntaxError, parseMath } from './math-parse.ts';
import { runMath } from './math-run.ts';
import { type MathValue, type Series, series } from './math-value.ts';
import type { MetricReader } from './metric-data.ts';
import { type EvaluatedPoint, metricReason, metricReasonData } from './metric-reason.ts';
import { parseInsightsQuery, runInsightsQuery } from './metrics-insights.ts';
import { type AlarmState, breachesBand, breachesThreshold, isBandComparison, type StaticComparison } from './state.ts';
import { type Datapoint, percentileOf, samplesNeeded } from './statistic.ts';
import { SLIDING, type Window, windowsAt } from './windows.ts';

/** What an evaluation remembers of the one before. */
export interface MetricMemory {
  readonly state: AlarmState;
  /** Contributors that were in ALARM, by id. */
  readonly contributors: ReadonlyMap<string, Contributor>;
}

/** One series that an alarm compares: of the whole alarm, or of one contributor. */
interface Watched {
  readonly attributes: { readonly [name: string]: string } | undefined;
  readonly values: Series;
  readonly counts: readonly number[];
}

/**
 * Evaluates a metric alarm at a time. An expression that cannot be computed leaves INSUFFICIENT_DATA with the reason, as CloudWatch's
 * EVALUATION_ERROR does; nothing is thrown.
 */
export function evaluateMetricAlarm(alarm: MetricAlarm, data: MetricReader, memory: MetricMemory, nowMs: number): Decision {
  const windows = windowsAt(nowMs, alarm.periodSeconds, evaluationRange(alarm.evaluationPeriods), alarm.window ?? SLIDING);
  try {
    const evaluation = new Evaluation(alarm, data, windows);
    const watched = evaluation.watched();
    const band = alarm.thresholdMetricId === undefined ? undefined : evaluation.bandFor(alarm.thresholdMetricId);
    const [first] = watched;
    if (watched.length === 1 && first !== undefined && first.attributes === undefined) {
      const found = decideSeries(alarm, first, windows, band, memory.state, nowMs);
      return { state: found.state, reason: found.reason, reasonData: found.reasonData, ...valueMember(found.value) };
    }
    return overContributors(alarm, watched, windows, memory, nowMs);
  } catch (error) {
    if (!(error instanceof MathError) && !(error instanceof MathSyntaxError)) throw error;
    return {
      state: 'INSUFFICIENT_DATA',
      reason: cutReason(`Unable to evaluate the alarm: ${error.message}`),
      reasonData: JSON.stringify({ version: '1.0', evaluationState: 'EVALUATION_ERROR' }),
    };
  }
}

const valueMember = (value: number | undefined): { value?: number } => (value === undefined ? {} : { value });

/** One look at an alarm's queries. */
class Evaluation {
  readonly #alarm: MetricAlarm;
  readonly #data: MetricReader;
  readonly #windows: readonly Window[];
  readonly #values = new Map<string, MathValue>();
  readonly #underWay = new Set<string>();
  /** Samples behind each window of the metrics read so far: the smallest, so that a percentile of few shows. */
  #counts: readonly number[] = [];

  constructor(alarm: MetricAlarm, data: MetricReader, windows: readonly Window[]) {
    this.#alarm = alarm;
    this.#data = data;
    this.#windows = windows;
  }

  watched(): Watched[] {
    const { queries, thresholdMetricId } = this.#alarm;
    const returned = queries.filter(({ id, returnData }) => returnData && id !== thresholdMetricId);
    const [query] = returned;
    if (returned.length !== 1 || query === undefined) throw new MathError(`one query returns data, not ${returned.length}`);
    const insights = 'expression' in query ? parseInsightsQuery(query.expression) : undefined;
    if (insights !== undefined) {
      return runInsightsQuery(insights, this.#data, this.#windows).map(({ attributes, points }) => ({
        attributes,
        values: points.map((point) => point?.value),
        counts: points.map((point) => point?.sampleCount ?? 0),
      }));
    }
    const value = this.#valueOf(query.id);
    if (value?.kind === 'scalar') throw new MathError('the expression is a number, and an alarm needs a time series');
    if (value?.kind === 'series') return [{ attributes: undefined, values: value.series, counts: this.#counts }];
    throw new MathError('the expression gives several time series, and an alarm on metric math takes one');
  }

  bandFor(id: string): readonly [Series, Series] {
    const value = this.#valueOf(id);
    const [upper, lower] = value?.kind === 'list' ? value.list : [];
    if (upper === undefined || lower === undefined) throw new MathError(`${id} is no anomaly detection band`);
    return [lower, upper];
  }

  #query(id: string): AlarmQuery | undefined {
    return this.#alarm.queries.find((query) => query.id === id);
  }

  #valueOf(id: string): MathValue | undefined {
    const known = this.#values.get(id);
    if (known !== undefined) return known;
    const query = this.#query(id);
    if (query === undefined) return undefined;
    if (this.#underWay.has(id)) throw new MathError(`the expression ${id} is made of itself`);
    this.#underWay.add(id);
    const value = 'metric' in query ? this.#readMetric(query) : this.#runExpression(query.expression);
    this.#values.set(id, value);
    return value;
  }

  #readMetric(query: Extract<AlarmQuery, { metric: unknown }>): MathValue {
    const points = this.#data.points(query.metric, query.statistic, this.#windows, query.unit);
    const counts = points.map((point: Datapoint | undefined) => point?.sampleCount ?? 0);
    this.#counts = this.#counts.length === 0 ? counts : counts.map((count, index) => Math.min(count, this.#counts[index] ?? count));
    return series(points.map((point) => point?.value));
  }

  #runExpression(expression: string): MathValue {
    return runMath(parseMath(expression), {
      windows: this.#windows,
      periodSeconds: this.#alarm.periodSeconds,
      metricIds: this.#alarm.queries.flatMap((query) => ('metric' in query ? [query.id] : [])),
      lookUp: (id) => this.#valueOf(id),
      quotaOf: (id) => {
        const query = this.#query(id);
        return query !== undefined && 'metric' in query ? this.#data.quota(query.metric) : undefined;
      },
      bandOf: (id, deviations) => this.#data.band(this.#alarm.name, id, deviations, this.#windows),
    });
  }
}

interface SeriesDecision {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string;
  readonly value: number | undefined;
}

function decideSeries(
  alarm: MetricAlarm,
  { values, counts }: Watched,
  windows: readonly Window[],
  band: readonly [Series, Series] | undefined,
  previous: AlarmState,
  nowMs: number,
): SeriesDecision {
  const points = windows.map((window, index): EvaluatedPoint => {
    const lower = band?.[0][index];
    const upper = band?.[1][index];
    const within = lower === undefined || upper === undefined ? {} : { band: { lower, upper } };
    return { window, value: values[index], sampleCount: counts[index] ?? 0, ...within };
  });
  const rule = { ...alarm, treatMissingData: treatmentOf(alarm) };
  const decision = decideByDatapoints(
    points.map((point) => kindOf(alarm, point)),
    rule,
    previous,
  );
  const evaluated = decision.evaluated.map((position) => points[position] as EvaluatedPoint);
  const value = evaluated.at(-1)?.value;
  const reasonData = metricReasonData(alarm, evaluated, nowMs);
  if (hasTooFewSamples(alarm, evaluated)) {
    return { state: previous, reason: 'Unchanged: too few samples for the percentile, and these are ignored.', reasonData, value };
  }
  return {
    state: decision.state,
    reason: metricReason(rule, decision, evaluated, { from: previous, to: decision.state }),
    reasonData,
    value,
  };
}

/** Alarms on AWS/DynamoDB ignore missing data, whatever they say (PutMetricAlarm). */
function treatmentOf(alarm: MetricAlarm): MetricAlarm['treatMissingData'] {
  return alarm.queries.some((query) => 'metric' in query && query.metric.namespace === 'AWS/DynamoDB') ? 'ignore' : alarm.treatMissingData;
}

function kindOf({ comparison, threshold }: MetricAlarm, { value, band }: EvaluatedPoint): PointKind {
  if (value === undefined) return 'missing';
  if (isBandComparison(comparison)) {
    // A model that has nothing to say yet is like a point that is not there.
    if (band === undefined) return 'missing';
    return breachesBand(value, comparison, band) ? 'breaching' : 'notBreaching';
  }
  return breachesThreshold(value, comparison as StaticComparison, threshold ?? 0) ? 'breaching' : 'notBreaching';
}

/** `EvaluateLowSampleCountPercentile: ignore`: the samples of all evaluated periods together are too few for the percentile. */
function hasTooFewSamples({ lowSamples, queries }: MetricAlarm, points: readonly EvaluatedPoint[]): boolean {
  if (lowSamples !== 'ignore' || points.length === 0) return false;
  const [query] = queries;
  const share = query !== undefined && 'metric' in query ? percentileOf(query.statistic) : undefined;
  if (share === undefined) return false;
  return points.reduce((total, { sampleCount }) => total + sampleCount, 0) < samplesNeeded(share);
}

/** An alarm on several series is in ALARM while one of them is. A series that is gone is judged by its missing data until it is forgotten. */
function overContributors(
  alarm: MetricAlarm,
  watched: readonly Watched[],
  windows: readonly Window[],
  memory: MetricMemory,
  nowMs: number,
): Decision {
  const contributors: Contributor[] = [];
  const seen = new Set<string>();
  const judge = (each: Watched): void => {
    const attributes = each.attributes ?? {};
    const id = contributorId(attributes);
    seen.add(id);
    const before = memory.contributors.get(id)?.state ?? 'OK';
    const { state, reason, reasonData, value } = decideSeries(alarm, each, windows, undefined, before, nowMs);
    const next = state === 'INSUFFICIENT_DATA' ? 'OK' : state;
    if (next === 'ALARM' || before === 'ALARM')
      contributors.push({ id, attributes, state: next, reason, reasonData, ...valueMember(value) });
  };
  for (const each of watched) judge(each);
  // A series that fired and is gone (its pod was deleted) has only missing points now.
  for (const [id, { attributes, state }] of memory.contributors) {
    if (!seen.has(id) && state === 'ALARM') judge({ attributes, values: windows.map(() => undefined), counts: [] });
  }
  const firing = contributors.filter(({ state }) => state === 'ALARM').length;
  const isEmpty = watched.length === 0;
  const emptyState: AlarmState =
    treatmentOf(alarm) === 'breaching'
      ? 'ALARM'
      : treatmentOf(alarm) === 'ignore'
        ? memory.state
        : treatmentOf(alarm) === 'missing'
          ? 'INSUFFICIENT_DATA'
          : 'OK';
  const state: AlarmState = firing > 0 ? 'ALARM' : isEmpty ? emptyState : 'OK';
  const most = 100;
  const reason =
    firing >= most
      ? `At least ${most} time series evaluated to ALARM`
      : isEmpty
        ? 'The query returned no time series'
        : `${firing} out of ${watched.length} time series evaluated to ALARM`;
  return {
    state,
    reason,
    reasonData: JSON.stringify({ version: '1.0', queryDate: new Date(nowMs).toISOString(), evaluated: watched.length, firing }),
    contributors,
  };
}
