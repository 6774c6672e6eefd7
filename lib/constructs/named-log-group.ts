import { RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Settings of a log group of our own. */
export interface NamedLogGroupProps {
  /** Fixed name: CloudWatch's account-level subscription can leave out groups by name only. */
  readonly logGroupName: string;
  /** Key of the group; its policy must let CloudWatch Logs use it. */
  readonly encryptionKey?: IKey | undefined;
  /**
   * How long a function's own log is kept.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly retention?: RetentionDays;
}

/** A log group of the pipeline itself: named, with retention, gone with the stack (the logs that it carries are elsewhere). */
export class NamedLogGroup extends Construct {
  readonly logGroup: LogGroup;
  /** The name as plain text. */
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: NamedLogGroupProps) {
    super(scope, id);
    this.logGroupName = props.logGroupName;
    this.logGroup = new LogGroup(this, 'Group', {
      logGroupName: props.logGroupName,
      retention: props.retention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(props.encryptionKey === undefined ? {} : { encryptionKey: props.encryptionKey }),
    });
  }
}
