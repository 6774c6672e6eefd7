import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** Settings of the table of alerts. */
export interface AlertTableProps {
  readonly tableName: string;
  readonly encryptionKey: IKey;
}

/** What fires, what was told and what is silenced. Goes with the stack: it knows nothing that the alarms do not know. */
export class AlertTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: AlertTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      tableName: props.tableName,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.encryptionKey,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // May be days late: rows are forgotten by it, never timed.
      timeToLiveAttribute: 'ttl',
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: 'due',
      partitionKey: { name: 'due', type: AttributeType.STRING },
      sortKey: { name: 'flushAt', type: AttributeType.NUMBER },
      projectionType: ProjectionType.ALL,
    });
  }
}
