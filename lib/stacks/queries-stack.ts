import type { Construct } from 'constructs';
import type { ClusterQueries } from '../config/query-plan.ts';
import { SavedQueries } from '../constructs/saved-queries.ts';
import { TelemetryStack, type TelemetryStackProps } from './telemetry-stack.ts';

/** What a queries stack builds on. */
export interface QueriesStackProps extends TelemetryStackProps {
  readonly queries: ClusterQueries;
}

/** Saved queries of one cluster. They name log groups and need nothing of other stacks, so they can be deployed alone. */
export class QueriesStack extends TelemetryStack {
  constructor(scope: Construct, props: QueriesStackProps) {
    const { cluster, deployed } = props.queries;
    super(scope, props, {
      nameParts: [cluster, 'queries'],
      description: `eks-telemetry: saved Logs Insights queries of cluster ${cluster}.`,
      holdsData: false,
    });
    new SavedQueries(this, 'Queries', { queries: deployed });
  }
}
