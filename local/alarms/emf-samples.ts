import type { MetricId } from '../../lambdas/core/alarms/definition.ts';
import { type Sample, sampleOf } from '../../lambdas/core/alarms/statistic.ts';

/** A sample with the metric that it belongs to. */
export interface EmfSample {
  readonly metric: MetricId;
  readonly sample: Sample;
}

interface Directive {
  readonly Namespace?: unknown;
  readonly Dimensions?: unknown;
  readonly Metrics?: unknown;
}

/**
 * The samples that CloudWatch takes of a log event in the embedded metric format: `_aws` (version 1) or `CloudWatchMetrics` at the top (version 0, which
 * Container Insights writes). Each set of dimensions is a metric of its own. Empty for any other event; Lambda's own words in front of the JSON do not matter.
 */
export function emfSamples(message: string, timeMs: number): EmfSample[] {
  const start = message.indexOf('{');
  if (start < 0 || !(message.includes('"_aws"') || message.includes('"CloudWatchMetrics"'))) return [];
  let event: { readonly [name: string]: unknown };
  try {
    event = JSON.parse(message.slice(start)) as { readonly [name: string]: unknown };
  } catch {
    return [];
  }
  const aws = event['_aws'] as { readonly Timestamp?: unknown; readonly CloudWatchMetrics?: unknown } | undefined;
  const directives = aws?.CloudWatchMetrics ?? event['CloudWatchMetrics'];
  const given = Number(aws?.Timestamp ?? event['Timestamp']);
  const atMs = Number.isFinite(given) && given > 0 ? given : timeMs;
  return (Array.isArray(directives) ? (directives as readonly Directive[]) : []).flatMap((directive) => samplesOf(directive, event, atMs));
}

function samplesOf({ Namespace, Dimensions, Metrics }: Directive, event: { readonly [name: string]: unknown }, atMs: number): EmfSample[] {
  if (typeof Namespace !== 'string' || !Array.isArray(Dimensions) || !Array.isArray(Metrics)) return [];
  const found: EmfSample[] = [];
  for (const set of Dimensions as readonly (readonly string[])[]) {
    const dimensions = Object.fromEntries(set.map((name) => [name, String(event[name] ?? '')]));
    for (const { Name, Unit } of Metrics as readonly { readonly Name: string; readonly Unit?: string }[]) {
      const values = [event[Name]].flat();
      for (const value of values) {
        if (typeof value === 'number')
          found.push({ metric: { namespace: Namespace, metricName: Name, dimensions }, sample: sampleOf(atMs, value, Unit) });
      }
    }
  }
  return found;
}
