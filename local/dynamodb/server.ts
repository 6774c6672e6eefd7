import type { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { listen, type RunningServer } from '../http/server.ts';
import type { Resource } from '../template/resolver.ts';

/** What dynalite takes and gives: an HTTP server that answers like DynamoDB. */
type Dynalite = (options: {
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}) => ReturnType<typeof createServer>;

/** Starts DynamoDB's semantics on this machine, in memory: conditions, expressions and indexes of the real thing by dynalite. */
export async function startDynamoDb(): Promise<RunningServer> {
  const dynalite = createRequire(import.meta.url)('dynalite') as Dynalite;
  return listen(dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }), 0);
}

/** Makes a table as its resource describes it; encryption, recovery and time to live have no counterpart. */
export async function createTable(url: string, table: TableSpec): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.CreateTable',
      authorization: 'AWS4-HMAC-SHA256 Credential=local/20261121/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      'x-amz-date': '20261121T000000Z',
    },
    body: JSON.stringify({ ...table, BillingMode: 'PAY_PER_REQUEST' }),
  });
  if (answer.status !== 200) throw new Error(`table ${table.TableName} was not made: ${await answer.text()}`);
}

/** A table as CreateTable takes it. */
export interface TableSpec {
  readonly TableName: string;
  readonly KeySchema: unknown;
  readonly AttributeDefinitions: unknown;
  readonly GlobalSecondaryIndexes?: unknown;
}

/** Reads a table from its resource. */
export function readTableSpec({ properties }: Pick<Resource, 'properties'>): TableSpec {
  return {
    TableName: String(properties['TableName']),
    KeySchema: properties['KeySchema'],
    AttributeDefinitions: properties['AttributeDefinitions'],
    ...(properties['GlobalSecondaryIndexes'] === undefined ? {} : { GlobalSecondaryIndexes: properties['GlobalSecondaryIndexes'] }),
  };
}
