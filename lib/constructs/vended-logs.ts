import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Settings of CloudWatch's deliveries of one kind of access log. */
export interface VendedLogsProps {
  /** Starts the names of sources and destination, at most 40 characters. */
  readonly name: string;
  readonly resourceArns: readonly string[];
  /** Such as `ALB_ACCESS_LOGS`. */
  readonly logTypes: readonly string[];
  /** ARN of the bucket with the prefix behind it. */
  readonly destinationArn: string;
}

/** Deliveries of vended logs as JSON into a bucket, one per load balancer and log type. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html */
export class VendedLogs extends Construct {
  readonly deliveries: readonly CfnDelivery[];

  constructor(scope: Construct, id: string, props: VendedLogsProps) {
    super(scope, id);
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name: props.name,
      outputFormat: 'json',
      destinationResourceArn: props.destinationArn,
    });
    const deliveries: CfnDelivery[] = [];
    for (const [position, resourceArn] of props.resourceArns.entries()) {
      for (const logType of props.logTypes) {
        const suffix = `${position}-${logType.replaceAll('_', '-').toLowerCase()}`;
        const source = new CfnDeliverySource(this, `Source${suffix}`, {
          name: `${props.name}-${suffix}`.slice(0, 60),
          resourceArn,
          logType,
        });
        const delivery = new CfnDelivery(this, `Delivery${suffix}`, {
          deliverySourceName: source.name,
          deliveryDestinationArn: destination.attrArn,
        });
        delivery.addResourceDependency(source);
        // Deliveries to one destination are refused while another one is being made.
        const before = deliveries.at(-1);
        if (before !== undefined) delivery.addResourceDependency(before);
        deliveries.push(delivery);
      }
    }
    this.deliveries = deliveries;
  }
}
