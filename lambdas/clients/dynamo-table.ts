import type { Item } from './attribute-value.ts';
import { AwsError, type CallAws } from './aws-json.ts';

/** One table of DynamoDB with the few ways in which it is read and written here. Every call rejects with an `AwsError` or a `TransportError`. */
export class DynamoTable {
  readonly #call: CallAws;
  readonly #name: string;

  constructor(call: CallAws, name: string) {
    this.#call = call;
    this.#name = name;
  }

  /** Calls an action on this table. */
  call(action: string, request: object): ReturnType<CallAws> {
    return this.#call(action, { TableName: this.#name, ...request });
  }

  /** An item as it is now, not as a replica has it. */
  async get(Key: Item): Promise<Item | undefined> {
    const answer = await this.call('GetItem', { Key, ConsistentRead: true });
    return answer['Item'] as Item | undefined;
  }

  /** All items that a query finds, a page at a time. */
  async *pages(request: object): AsyncGenerator<Item[]> {
    let start: unknown;
    do {
      const answer = await this.call('Query', { ...request, ...(start === undefined ? {} : { ExclusiveStartKey: start }) });
      yield (answer['Items'] ?? []) as Item[];
      start = answer['LastEvaluatedKey'];
    } while (start !== undefined);
  }

  /** All items of a partition, as they are now. */
  async query(request: object): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of this.pages({ ...request, ConsistentRead: true })) items.push(...page);
    return items;
  }

  /** Writes, and says whether the write's condition held. */
  async when(action: 'PutItem' | 'UpdateItem', request: object): Promise<boolean> {
    return (await this.ifHeld(action, request)) !== undefined;
  }

  /** Writes and gives the answer; undefined where the write's condition did not hold. */
  async ifHeld(action: 'PutItem' | 'UpdateItem', request: object): Promise<Awaited<ReturnType<CallAws>> | undefined> {
    try {
      return await this.call(action, request);
    } catch (error) {
      if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException') return undefined;
      throw error;
    }
  }
}
