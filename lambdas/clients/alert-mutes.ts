import type { Labels } from '../core/alerts/alert.ts';
import type { FiringSource, Silence } from '../core/alerts/mute.ts';
import { seconds } from './alert-rows.ts';
import { type Item, numberOf, textOf, toItem } from './attribute-value.ts';
import type { DynamoTable } from './dynamo-table.ts';

const SILENCES = 'silences';
const sourceKey = (rule: string): string => `source#${rule}`;

/** Notes that a source of an inhibition fires. */
export async function putSource(
  table: DynamoTable,
  { endsAt, labels, rule }: FiringSource,
  fingerprint: string,
  expiresAt: number,
): Promise<void> {
  const Item = toItem({ pk: sourceKey(rule), sk: fingerprint, labels: JSON.stringify(labels), endsAt, ttl: seconds(expiresAt) });
  await table.call('PutItem', { Item });
}

/** Notes that it ended. */
export async function removeSource(table: DynamoTable, rule: string, fingerprint: string): Promise<void> {
  await table.call('DeleteItem', { Key: toItem({ pk: sourceKey(rule), sk: fingerprint }) });
}

/** Sources of some rules that fire. */
export async function readSources(table: DynamoTable, rules: readonly string[]): Promise<FiringSource[]> {
  const found = await Promise.all(
    rules.map(async (rule) => (await table.query(partition(sourceKey(rule)))).map((item) => sourceOf(rule, item))),
  );
  return found.flat();
}

function sourceOf(rule: string, item: Item): FiringSource {
  const endsAt = numberOf(item, 'endsAt');
  return { rule, labels: JSON.parse(textOf(item, 'labels') ?? '{}') as Labels, ...(endsAt === undefined ? {} : { endsAt }) };
}

/** All silences that are not forgotten yet: pending, active and expired ones. */
export async function readSilences(table: DynamoTable): Promise<Silence[]> {
  const items = await table.query(partition(SILENCES));
  return items.map((item) => JSON.parse(textOf(item, 'silence') ?? '{}') as Silence);
}

/** Writes a silence, and says whether it did: of two versions the later one stays. It is forgotten `keptMs` after its end. */
export async function putSilence(table: DynamoTable, silence: Silence, keptMs: number): Promise<boolean> {
  return table.when('PutItem', {
    Item: toItem({
      pk: SILENCES,
      sk: silence.id,
      silence: JSON.stringify(silence),
      updatedAt: silence.updatedAt,
      ttl: seconds(silence.endsAt + keptMs),
    }),
    ConditionExpression: 'attribute_not_exists(pk) OR updatedAt < :at',
    ExpressionAttributeValues: toItem({ ':at': silence.updatedAt }),
  });
}

const partition = (pk: string): object => ({ KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: toItem({ ':pk': pk }) });
