import type { Measurement } from '../alert.ts';
import { type JsonObject, listAt, numberAt, objectAt, textAt, timeOf, valueAt } from '../incoming.ts';

/** What an alarm measures, its dimensions, and a widget that draws it. */
export interface MetricFacts {
  readonly measurement?: Measurement;
  readonly dimensions: readonly (readonly [string, string])[];
  readonly widget?: string;
}

/** Reads `Trigger` of a notification, and the value that led to the change from its reason. */
export function measurementOf(
  trigger: JsonObject | undefined,
  reason: string | undefined,
  reasonData: JsonObject | undefined,
): MetricFacts {
  if (trigger === undefined) return { ...fromReasonAlone(reason), dimensions: [] };
  const shown = shownMetric(trigger);
  if (shown === undefined) return { ...fromReasonAlone(reason), dimensions: [] };
  const band = bandOf(reason, reasonData);
  const threshold = numberAt(trigger, 'Threshold') ?? numberAt(reasonData, 'threshold') ?? thresholdIn(reason);
  const value = newestValue(reason, reasonData);
  const measurement: Measurement = {
    metric: shown.metric,
    ...put('namespace', shown.namespace),
    ...put('statistic', shown.statistic),
    ...put('unit', textAt(trigger, 'Unit') ?? textAt(reasonData, 'unit')),
    ...put('value', value),
    ...(trigger['ThresholdMetricId'] ? band : put('threshold', threshold)),
    ...put('comparison', textAt(trigger, 'ComparisonOperator') ?? comparisonIn(reason)),
    ...put('periodSeconds', shown.periodSeconds ?? numberAt(trigger, 'Period')),
    ...put('evaluationPeriods', numberAt(trigger, 'EvaluationPeriods')),
    ...put('datapointsToAlarm', numberAt(trigger, 'DatapointsToAlarm')),
  };
  const widget = widgetOf(trigger, shown, measurement);
  return { measurement, dimensions: shown.dimensions, ...(widget === undefined ? {} : { widget }) };
}

interface ShownMetric {
  readonly metric: string;
  readonly namespace?: string;
  readonly statistic?: string;
  readonly periodSeconds?: number;
  readonly dimensions: readonly (readonly [string, string])[];
}

function shownMetric(trigger: JsonObject): ShownMetric | undefined {
  const name = textAt(trigger, 'MetricName');
  if (name !== undefined) {
    return {
      metric: name,
      ...put('namespace', textAt(trigger, 'Namespace')),
      ...put('statistic', statisticOf(textAt(trigger, 'ExtendedStatistic') ?? textAt(trigger, 'Statistic'))),
      ...put('periodSeconds', numberAt(trigger, 'Period')),
      dimensions: dimensionsOf(listAt(trigger, 'Dimensions')),
    };
  }
  const metrics = listAt(trigger, 'Metrics');
  const bandId = textAt(trigger, 'ThresholdMetricId');
  // The one that is compared; of a band and its metric both return data.
  const main = metrics.find((metric) => valueAt(metric, 'ReturnData') !== false && textAt(metric, 'Id') !== bandId) ?? metrics[0];
  if (main === undefined) return undefined;
  const stats = metrics.map((metric) => objectAt(metric, 'MetricStat')).filter((stat) => stat !== undefined);
  const own = objectAt(main, 'MetricStat') ?? (stats.length === 1 ? stats[0] : undefined);
  const dimensions = dedupe(stats.flatMap((stat) => dimensionsOf(listAt(stat, 'Metric', 'Dimensions'))));
  const expression = textAt(main, 'Expression');
  return {
    metric: textAt(main, 'Label') ?? expression ?? textAt(own, 'Metric', 'MetricName') ?? textAt(main, 'Id') ?? 'expression',
    ...put('namespace', textAt(own ?? stats[0], 'Metric', 'Namespace')),
    ...(expression === undefined ? put('statistic', statisticOf(textAt(own, 'Stat'))) : {}),
    ...put('periodSeconds', numberAt(main, 'Period') ?? numberAt(own ?? stats[0], 'Period')),
    dimensions,
  };
}

/** SNS writes `AVERAGE` and the API `Average`. */
function statisticOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const known = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'];
  return known.find((one) => one.toUpperCase() === name.toUpperCase().replace('_', '')) ?? name;
}

function dimensionsOf(list: readonly unknown[]): [string, string][] {
  return list.flatMap((dimension): [string, string][] => {
    const name = textAt(dimension, 'name') ?? textAt(dimension, 'Name');
    const value = textAt(dimension, 'value') ?? textAt(dimension, 'Value');
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
}

/** Dimensions on which all metrics of an expression agree: others tell of none of them. */
function dedupe(pairs: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of pairs) values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values].filter(([, set]) => set.size === 1).map(([name, set]) => [name, [...set][0] as string] as const);
}

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const FIRST_DATAPOINT = new RegExp(String.raw`\[\s*(${NUMBER})\s*\(`);
const BAND = new RegExp(String.raw`lower\D{0,40}?(${NUMBER}).{0,80}?upper\D{0,40}?(${NUMBER})`, 's');
const QUERY_VALUE = new RegExp(String.raw`query results? \[\s*(${NUMBER})`);
const REASON_THRESHOLD = new RegExp(String.raw`threshold \((${NUMBER})\)`);

function newestValue(reason: string | undefined, data: JsonObject | undefined): number | undefined {
  const evaluated = listAt(data, 'evaluatedDatapoints');
  let newest: { readonly at: number; readonly value: number } | undefined;
  for (const point of evaluated) {
    const at = timeOf(valueAt(point, 'timestamp'));
    const value = numberAt(point, 'value') ?? numberAt(point, 'sampleCount');
    if (at !== undefined && value !== undefined && (newest === undefined || at > newest.at)) newest = { at, value };
  }
  if (newest) return newest.value;
  const recent = listAt(data, 'recentDatapoints').filter((value): value is number => typeof value === 'number');
  if (recent.length > 0) return recent.at(-1);
  // "Threshold Crossed: 2 out of the last 3 datapoints [12.0 (21/11/26 08:25:00), 7.0 (…)] were …": the newest stands first.
  const found = FIRST_DATAPOINT.exec(reason ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

function bandOf(reason: string | undefined, data: JsonObject | undefined): { readonly lower?: number; readonly upper?: number } {
  const lists = { lower: listAt(data, 'recentLowerThresholds').at(-1), upper: listAt(data, 'recentUpperThresholds').at(-1) };
  if (typeof lists.lower === 'number' || typeof lists.upper === 'number') {
    return { ...put('lower', numberAt(lists, 'lower')), ...put('upper', numberAt(lists, 'upper')) };
  }
  const found = BAND.exec(reason ?? '');
  if (found) return { lower: Number(found[1]), upper: Number(found[2]) };
  const thresholds = [...(reason ?? '').matchAll(new RegExp(String.raw`(lower|upper) thresholds? \[(${NUMBER})\]`, 'g'))];
  return Object.fromEntries(thresholds.map(([, which, value]) => [which, Number(value)]));
}

function thresholdIn(reason: string | undefined): number | undefined {
  const found = REASON_THRESHOLD.exec(reason ?? '')?.[1];
  return found === undefined ? undefined : Number(found);
}

/** EventBridge and log alarms say how they compare in words only: "was (not) greater than or equal to the threshold". */
function comparisonIn(reason: string | undefined): string | undefined {
  const found = /\b(greater|less) than (or equal to )?the threshold/.exec(reason ?? '');
  if (!found) return undefined;
  return `${found[1] === 'greater' ? 'Greater' : 'Less'}Than${found[2] === undefined ? '' : 'OrEqualTo'}Threshold`;
}

/** Log alarms say their value in the reason only. */
function fromReasonAlone(reason: string | undefined): { readonly measurement?: Measurement } {
  const value = QUERY_VALUE.exec(reason ?? '')?.[1] ?? FIRST_DATAPOINT.exec(reason ?? '')?.[1];
  const threshold = thresholdIn(reason);
  if (value === undefined && threshold === undefined) return {};
  return {
    measurement: {
      metric: 'query result',
      ...put('value', value && Number(value)),
      ...put('threshold', threshold),
      ...put('comparison', comparisonIn(reason)),
    },
  };
}

/** What GetMetricWidgetImage draws: the metrics as the alarm has them, and a line for the threshold. */
function widgetOf(trigger: JsonObject, shown: ShownMetric, measurement: Measurement): string | undefined {
  const metrics: unknown[] = [];
  if (textAt(trigger, 'MetricName') !== undefined && shown.namespace !== undefined) {
    metrics.push([
      shown.namespace,
      shown.metric,
      ...shown.dimensions.flat(),
      { stat: shown.statistic ?? 'Average', period: shown.periodSeconds ?? 60 },
    ]);
  } else {
    for (const metric of listAt(trigger, 'Metrics')) {
      const stat = objectAt(metric, 'MetricStat');
      const id = textAt(metric, 'Id');
      const visible = valueAt(metric, 'ReturnData') !== false;
      if (stat) {
        const period = numberAt(stat, 'Period') ?? 60;
        const dimensions = dimensionsOf(listAt(stat, 'Metric', 'Dimensions')).flat();
        metrics.push([
          textAt(stat, 'Metric', 'Namespace') ?? '',
          textAt(stat, 'Metric', 'MetricName') ?? '',
          ...dimensions,
          { id, stat: textAt(stat, 'Stat'), period, visible },
        ]);
      } else if (textAt(metric, 'Expression') !== undefined) {
        metrics.push([{ expression: textAt(metric, 'Expression'), label: textAt(metric, 'Label'), id, visible }]);
      }
    }
  }
  if (metrics.length === 0 || metrics.length > 100) return undefined;
  const { threshold } = measurement;
  return JSON.stringify({
    metrics,
    view: 'timeSeries',
    ...(threshold === undefined ? {} : { annotations: { horizontal: [{ value: threshold, label: 'threshold' }] } }),
  });
}

function put<K extends string, V>(name: K, value: V | undefined | ''): { readonly [key in K]?: V } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { readonly [key in K]?: V });
}
