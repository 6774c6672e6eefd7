import { CfnMetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { PlannedFilter } from '../alarms/planned.ts';

/** Settings of a metric filter. */
export interface MetricFilterProps {
  readonly filter: PlannedFilter;
  /** At most 512 characters, unique in the log group. */
  readonly filterName: string;
}

/** Counts the events of a log group that match a pattern. */
export class MetricFilter extends Construct {
  readonly filter: CfnMetricFilter;

  constructor(scope: Construct, id: string, props: MetricFilterProps) {
    super(scope, id);
    const { filter, filterName } = props;
    this.filter = new CfnMetricFilter(this, 'Filter', {
      filterName,
      logGroupName: filter.logGroup,
      filterPattern: filter.filterPattern,
      metricTransformations: [
        {
          metricNamespace: filter.metricNamespace,
          metricName: filter.metricName,
          metricValue: filter.metricValue,
          unit: 'Count',
          ...(filter.defaultValue === undefined ? {} : { defaultValue: filter.defaultValue }),
        },
      ],
    });
  }
}
