import { AlertTable } from '../../lambdas/clients/alert-table.ts';
import { type AwsPorts, createAwsClient, DYNAMODB } from '../../lambdas/clients/aws-json.ts';

/** The table as the stack makes it. */
export const TABLE_SPEC = {
  TableName: 'alerts',
  KeySchema: [
    { AttributeName: 'pk', KeyType: 'HASH' },
    { AttributeName: 'sk', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'sk', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'S' },
    { AttributeName: 'flushAt', AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'due',
      KeySchema: [
        { AttributeName: 'due', KeyType: 'HASH' },
        { AttributeName: 'flushAt', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
} as const;

/** Ports of a client on this machine. */
export function awsPorts(env: { readonly [name: string]: string }): AwsPorts {
  return {
    env: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', ...env },
    now: () => Date.now(),
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    remainingMs: () => 30_000,
  };
}

/** A store on a server that answers like DynamoDB. */
export function tableAt(url: string): AlertTable {
  return new AlertTable(createAwsClient(DYNAMODB, { region: 'us-east-1' }, awsPorts({ AWS_ENDPOINT_URL_DYNAMODB: url })), 'alerts');
}
