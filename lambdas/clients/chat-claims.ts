import { seconds } from './alert-rows.ts';
import { toItem } from './attribute-value.ts';
import type { DynamoTable } from './dynamo-table.ts';

/** A call is known again for so long, in ms: longer than Slack's signature is good and Lambda delivers. */
const KNOWN_MS = 3_600_000;

/** One call, and who works on it. */
export interface CallClaim {
  /** What tells calls apart. */
  readonly key: string;
  /** This invocation: a write whose answer was lost finds itself when it is tried again. */
  readonly claimId: string;
  readonly nowMs: number;
}

/**
 * Notes that a call is worked on; false where somebody else does already. Slack and Lambda both deliver at least once, and a signed request can be sent again
 * while its signature is fresh: a call is done at most once, and whoever asked sees that there is no answer.
 */
export async function claimCall(table: DynamoTable, { claimId, key, nowMs }: CallClaim): Promise<boolean> {
  return table.when('PutItem', {
    Item: toItem({ pk: `chat#${key}`, sk: 'call', claimId, ttl: seconds(nowMs + KNOWN_MS) }),
    ConditionExpression: 'attribute_not_exists(pk) OR claimId = :claim',
    ExpressionAttributeValues: toItem({ ':claim': claimId }),
  });
}
