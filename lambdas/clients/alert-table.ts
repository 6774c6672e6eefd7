import { applyChange } from '../core/alerts/memory-store.ts';
import type { FiringSource, Silence } from '../core/alerts/mute.ts';
import type { AlertRow, AlertStore, GroupChange, GroupRow, GroupSeed } from '../core/alerts/store.ts';
import { putSilence, putSource, readSilences, readSources, removeSource } from './alert-mutes.ts';
import { asSeen, DUE_PARTITION, groupIdOf, groupItem, groupKey, groupOf, itemOf, META, rowOf, seconds, slim } from './alert-rows.ts';
import { type Item, numberOf, textOf, toItem } from './attribute-value.ts';
import type { CallAws } from './aws-json.ts';
import { DynamoTable } from './dynamo-table.ts';

/** Index of groups by when they are due. */
const DUE_INDEX = 'due';

/**
 * Alerts in one DynamoDB table: keys `pk` and `sk`, time to live in `ttl`, index `due` of `due` and `flushAt`. A group and its alerts share a partition.
 * Every write has a condition, so of any number of consumers one wins; reads that a decision hangs on are consistent.
 */
export class AlertTable implements AlertStore {
  readonly #table: DynamoTable;

  constructor(call: CallAws, name: string) {
    this.#table = new DynamoTable(call, name);
  }

  async alert(groupId: string, fingerprint: string): Promise<AlertRow | undefined> {
    const item = await this.#table.get(toItem({ pk: groupKey(groupId), sk: `alert#${fingerprint}` }));
    return item && rowOf(groupId, item);
  }

  async putAlert(row: AlertRow, seen: AlertRow | undefined, expiresAt: number): Promise<boolean> {
    return this.#table.when('PutItem', { Item: itemOf(row, expiresAt), ...asSeen(seen) });
  }

  async liveAlerts(groupId: string): Promise<AlertRow[]> {
    const items = await this.#table.query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :alert)',
      FilterExpression: 'closed = :open',
      ExpressionAttributeValues: toItem({ ':pk': groupKey(groupId), ':alert': 'alert#', ':open': false }),
    });
    return items.map((item) => rowOf(groupId, item));
  }

  async closeAlerts(rows: readonly AlertRow[], expiresAt: number): Promise<void> {
    // Some at a time: a digest of a storm closes hundreds.
    for (let at = 0; at < rows.length; at += 25) {
      await Promise.all(
        rows.slice(at, at + 25).map((row) => this.putAlert({ ...row, alert: slim(row.alert), closed: true }, row, expiresAt)),
      );
    }
  }

  async touchGroup({ id, labels, receiver, routeId }: GroupSeed, firstFlushAt: number): Promise<GroupRow> {
    const answer = await this.#table.call('UpdateItem', {
      Key: groupItemKey(id),
      UpdateExpression:
        'SET receiver = :receiver, routeId = :route, groupLabels = :labels, flushAt = if_not_exists(flushAt, :first), due = :due REMOVE #ttl ADD rev :one',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toItem({
        ':receiver': receiver,
        ':route': routeId,
        ':labels': JSON.stringify(labels),
        ':first': firstFlushAt,
        ':due': DUE_PARTITION,
        ':one': 1,
      }),
      ReturnValues: 'ALL_NEW',
    });
    return groupOf(id, answer['Attributes'] as Item);
  }

  async hastenGroup(id: string, flushAt: number): Promise<void> {
    await this.#table.when('UpdateItem', {
      Key: groupItemKey(id),
      UpdateExpression: 'SET flushAt = :at',
      ConditionExpression: 'flushAt > :at',
      ExpressionAttributeValues: toItem({ ':at': flushAt }),
    });
  }

  async group(id: string): Promise<GroupRow | undefined> {
    const item = await this.#table.get(groupItemKey(id));
    return item && groupOf(id, item);
  }

  async claimGroup(
    id: string,
    { claimId, nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number; readonly claimId: string },
  ): Promise<GroupRow | undefined> {
    const answer = await this.#table.ifHeld('UpdateItem', {
      Key: groupItemKey(id),
      UpdateExpression: 'SET claimUntil = :until, claimId = :claim',
      ConditionExpression: 'flushAt <= :now AND (attribute_not_exists(claimUntil) OR claimUntil <= :now)',
      ExpressionAttributeValues: toItem({ ':until': untilMs, ':claim': claimId, ':now': nowMs }),
      ReturnValues: 'ALL_NEW',
    });
    return answer && groupOf(id, answer['Attributes'] as Item);
  }

  async finishGroup(group: GroupRow, claimId: string, change: GroupChange): Promise<boolean> {
    // Alerts that come in meanwhile count `rev` up: the row is read again, and the change is made to what it is now.
    let now = group;
    for (let attempt = 0; attempt < 10; attempt++) {
      const isDone = await this.#table.when('PutItem', {
        Item: groupItem(applyChange(now, group.rev, change), change.expiresAt),
        ConditionExpression: 'claimId = :claim AND rev = :rev',
        ExpressionAttributeValues: toItem({ ':claim': claimId, ':rev': now.rev }),
      });
      if (isDone) return true;
      const item = await this.#table.get(groupItemKey(group.id));
      if (item === undefined || textOf(item, 'claimId') !== claimId) return false;
      now = groupOf(group.id, item);
    }
    return false;
  }

  async countFirst(receiver: string, windowStartMs: number, expiresAt: number): Promise<number> {
    const answer = await this.#table.call('UpdateItem', {
      Key: toItem({ pk: `storm#${receiver}`, sk: String(windowStartMs) }),
      UpdateExpression: 'SET #ttl = :ttl ADD firsts :one',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toItem({ ':ttl': seconds(expiresAt), ':one': 1 }),
      ReturnValues: 'UPDATED_NEW',
    });
    return numberOf(answer['Attributes'] as Item, 'firsts') ?? 1;
  }

  putSource(source: FiringSource, fingerprint: string, expiresAt: number): Promise<void> {
    return putSource(this.#table, source, fingerprint, expiresAt);
  }

  removeSource(rule: string, fingerprint: string): Promise<void> {
    return removeSource(this.#table, rule, fingerprint);
  }

  sources(rules: readonly string[]): Promise<FiringSource[]> {
    return readSources(this.#table, rules);
  }

  silences(): Promise<Silence[]> {
    return readSilences(this.#table);
  }

  /** Writes a silence; of two versions the later one stays. It is forgotten `keptMs` after its end. */
  putSilence(silence: Silence, keptMs: number): Promise<boolean> {
    return putSilence(this.#table, silence, keptMs);
  }

  /** Groups that are due by a time, the earliest first. The index is a little behind the table. */
  async dueGroups(nowMs: number, limit: number): Promise<GroupRow[]> {
    const answer = await this.#table.call('Query', {
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'due = :due AND flushAt <= :now',
      ExpressionAttributeValues: toItem({ ':due': DUE_PARTITION, ':now': nowMs }),
      Limit: limit,
    });
    return ((answer['Items'] ?? []) as Item[]).map((item) => groupOf(groupIdOf(item), item));
  }

  /** All groups that something is in, a page at a time. */
  async *openGroups(): AsyncGenerator<GroupRow> {
    const request = {
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'due = :due',
      ExpressionAttributeValues: toItem({ ':due': DUE_PARTITION }),
    };
    for await (const page of this.#table.pages(request)) for (const item of page) yield groupOf(groupIdOf(item), item);
  }
}

const groupItemKey = (id: string): Item => toItem({ pk: groupKey(id), sk: META });
