import type { MetricGroup } from './metric-groups.ts';

/** Most values of one metric in a line of the embedded metric format. */
const MAX_VALUES = 100;

/**
 * The groups as lines in CloudWatch's embedded metric format: `RequestDurationMs` with all its values and their counts, so that CloudWatch makes p50, p95
 * and p99 of any period, and `Requests`; by load balancer, target group and class of status, and by load balancer and class of status. The percentiles of
 * the minute stand beside them for Logs Insights. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricLines(groups: readonly MetricGroup[], namespace: string): string[] {
  return groups.filter(({ requests }) => requests > 0).flatMap((group) => linesOf(group, namespace));
}

function linesOf(group: MetricGroup, namespace: string): string[] {
  const values = group.durations.values();
  const lines: string[] = [];
  // More distinct values than one line may hold go on in another one: CloudWatch adds them up.
  for (let at = 0; at === 0 || at < values.length; at += MAX_VALUES)
    lines.push(lineOf(group, namespace, values.slice(at, at + MAX_VALUES), at === 0));
  return lines;
}

function lineOf(
  group: MetricGroup,
  namespace: string,
  values: readonly { readonly value: number; readonly count: number }[],
  isFirst: boolean,
): string {
  const metrics = [
    ...(values.length > 0 ? [{ Name: 'RequestDurationMs', Unit: 'Milliseconds' }] : []),
    ...(isFirst ? [{ Name: 'Requests', Unit: 'Count' }] : []),
  ];
  const { durations } = group;
  return JSON.stringify({
    _aws: {
      Timestamp: group.minuteMs,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [
            ['LoadBalancer', 'TargetGroup', 'StatusClass'],
            ['LoadBalancer', 'StatusClass'],
          ],
          Metrics: metrics,
        },
      ],
    },
    LoadBalancer: group.loadBalancer,
    TargetGroup: group.targetGroup,
    StatusClass: group.statusClass,
    ...(values.length > 0
      ? { RequestDurationMs: { Values: values.map(({ value }) => value), Counts: values.map(({ count }) => count) } }
      : {}),
    ...(isFirst ? { Requests: group.requests } : {}),
    ...(isFirst && durations.count > 0
      ? { p50Ms: durations.percentile(0.5), p95Ms: durations.percentile(0.95), p99Ms: durations.percentile(0.99), maxMs: durations.max }
      : {}),
  });
}
