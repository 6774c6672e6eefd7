import { Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { storageFormat, tableParameters } from '../athena/glue.ts';
import type { Column, Table } from '../athena/types.ts';

/** Settings of a database. */
export interface GlueTablesProps {
  readonly databaseName: string;
  readonly tables: readonly Table[];
}

/**
 * A database with its tables. Partitions are computed from what stands in a table's parameters, so there is no crawler to pay and no function that adds
 * partitions; a day that nobody added cannot be missing. https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export class GlueTables extends Construct {
  readonly database: CfnDatabase;
  readonly tables: readonly CfnTable[];

  constructor(scope: Construct, id: string, props: GlueTablesProps) {
    super(scope, id);
    const catalogId = Stack.of(this).account;
    this.database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseInput: { name: props.databaseName, description: 'Access logs, archive and dead letters of eks-telemetry.' },
    });
    this.tables = props.tables.map((table) => this.makeTable(table, catalogId, props.databaseName));
  }

  private makeTable(table: Table, catalogId: string, databaseName: string): CfnTable {
    const { inputFormat, outputFormat, library, parameters } = storageFormat(table.format);
    const made = new CfnTable(this, table.name, {
      catalogId,
      databaseName,
      tableInput: {
        name: table.name,
        description: table.description,
        tableType: 'EXTERNAL_TABLE',
        parameters: tableParameters(table),
        partitionKeys: table.partitions.map(({ name, comment }) => ({ name, type: 'string', comment })),
        storageDescriptor: {
          location: `${table.location}/`,
          columns: table.columns.map(columnOf),
          inputFormat,
          outputFormat,
          serdeInfo: { serializationLibrary: library, parameters },
        },
      },
    });
    made.addResourceDependency(this.database);
    return made;
  }
}

function columnOf({ name, type, comment }: Column): CfnTable.ColumnProperty {
  return { name, type, comment };
}
