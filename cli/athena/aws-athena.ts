import type { AthenaClient } from '@aws-sdk/client-athena';
import type { AthenaApi } from './account.ts';

/** Largest page that GetQueryResults gives. */
const PAGE_ROWS = 1000;
/** StartQueryExecution allows some 20 calls a second for all of an account: throttled calls are tried again for about a minute. */
const ATTEMPTS = 8;

/** Athena by the SDK, which is loaded only when it is needed. */
export async function connectAthena(region: string | undefined): Promise<AthenaApi> {
  const sdk = await import('@aws-sdk/client-athena');
  const client: AthenaClient = new sdk.AthenaClient({ ...(region === undefined ? {} : { region }), maxAttempts: ATTEMPTS });
  return {
    async start({ sql, parameters, database, workgroup }) {
      const { QueryExecutionId } = await client.send(
        new sdk.StartQueryExecutionCommand({
          QueryString: sql,
          WorkGroup: workgroup,
          QueryExecutionContext: { Database: database, Catalog: 'AwsDataCatalog' },
          ...(parameters.length === 0 ? {} : { ExecutionParameters: [...parameters] }),
        }),
      );
      if (!QueryExecutionId) throw new Error('Athena started the query but gave no id');
      return QueryExecutionId;
    },
    async state(id) {
      const { QueryExecution } = await client.send(new sdk.GetQueryExecutionCommand({ QueryExecutionId: id }));
      return {
        status: QueryExecution?.Status?.State ?? 'UNKNOWN',
        reason: QueryExecution?.Status?.StateChangeReason ?? QueryExecution?.Status?.AthenaError?.ErrorMessage,
        bytesScanned: QueryExecution?.Statistics?.DataScannedInBytes ?? 0,
        engineMs: QueryExecution?.Statistics?.EngineExecutionTimeInMillis ?? 0,
      };
    },
    async page(id, token) {
      const { ResultSet, NextToken } = await client.send(
        new sdk.GetQueryResultsCommand({
          QueryExecutionId: id,
          MaxResults: PAGE_ROWS,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      return {
        columns: (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({ name: Name ?? '', type: Type ?? 'varchar' })),
        rows: (ResultSet?.Rows ?? []).map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue)),
        next: NextToken,
      };
    },
    async stop(id) {
      await client.send(new sdk.StopQueryExecutionCommand({ QueryExecutionId: id }));
    },
  };
}
