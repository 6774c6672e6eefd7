import type { Alert, Labels } from '../core/alerts/alert.ts';
import { applyChange } from '../core/alerts/memory-store.ts';
import type { FiringSource, Silence } from '../core/alerts/mute.ts';
import type { AlertRow, AlertStore, GroupChange, GroupRow, GroupSeed, PostedMessage, ToldEntry } from '../core/alerts/store.ts';
import { flagOf, type Item, numberOf, textOf, toItem } from './attribute-value.ts';
import { AwsError, type CallAws } from './aws-json.ts';

/** Index of groups by when they are due. */
export const DUE_INDEX = 'due';
/** The one partition of that index. */
export const DUE_PARTITION = 'due';

const META = 'group';
const SILENCES = 'silences';
const seconds = (ms: number): number => Math.ceil(ms / 1000);
const groupKey = (id: string): string => `group#${id}`;

/**
 * Alerts in one DynamoDB table: keys `pk` and `sk`, time to live in `ttl`, index `due` of `due` and `flushAt`. A group and its alerts share a partition.
 * Every write has a condition, so of any number of consumers one wins; reads that a decision hangs on are consistent.
 */
export class AlertTable implements AlertStore {
  readonly #call: CallAws;
  readonly #table: string;

  constructor(call: CallAws, table: string) {
    this.#call = call;
    this.#table = table;
  }

  async alert(groupId: string, fingerprint: string): Promise<AlertRow | undefined> {
    const item = await this.#get(groupKey(groupId), `alert#${fingerprint}`);
    return item && rowOf(groupId, item);
  }

  async putAlert(row: AlertRow, seen: AlertRow | undefined, expiresAt: number): Promise<boolean> {
    return this.#when(() => this.#call('PutItem', { TableName: this.#table, Item: itemOf(row, expiresAt), ...asSeen(seen) }));
  }

  async liveAlerts(groupId: string): Promise<AlertRow[]> {
    const items = await this.#query({
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :alert)',
      FilterExpression: 'closed = :open',
      ExpressionAttributeValues: toItem({ ':pk': groupKey(groupId), ':alert': 'alert#', ':open': false }),
      ConsistentRead: true,
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
    const answer = await this.#call('UpdateItem', {
      TableName: this.#table,
      Key: toItem({ pk: groupKey(id), sk: META }),
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
    await this.#when(() =>
      this.#call('UpdateItem', {
        TableName: this.#table,
        Key: toItem({ pk: groupKey(id), sk: META }),
        UpdateExpression: 'SET flushAt = :at',
        ConditionExpression: 'flushAt > :at',
        ExpressionAttributeValues: toItem({ ':at': flushAt }),
      }),
    );
  }

  async group(id: string): Promise<GroupRow | undefined> {
    const item = await this.#get(groupKey(id), META);
    return item && groupOf(id, item);
  }

  async claimGroup(
    id: string,
    { claimId, nowMs, untilMs }: { readonly nowMs: number; readonly untilMs: number; readonly claimId: string },
  ): Promise<GroupRow | undefined> {
    try {
      const answer = await this.#call('UpdateItem', {
        TableName: this.#table,
        Key: toItem({ pk: groupKey(id), sk: META }),
        UpdateExpression: 'SET claimUntil = :until, claimId = :claim',
        ConditionExpression: 'flushAt <= :now AND (attribute_not_exists(claimUntil) OR claimUntil <= :now)',
        ExpressionAttributeValues: toItem({ ':until': untilMs, ':claim': claimId, ':now': nowMs }),
        ReturnValues: 'ALL_NEW',
      });
      return groupOf(id, answer['Attributes'] as Item);
    } catch (error) {
      if (isConditionFailure(error)) return undefined;
      throw error;
    }
  }

  async finishGroup(group: GroupRow, claimId: string, change: GroupChange): Promise<boolean> {
    // Alerts that come in meanwhile count `rev` up: the row is read again, and the change is made to what it is now.
    let now = group;
    for (let attempt = 0; attempt < 10; attempt++) {
      const next = applyChange(now, group.rev, change);
      const isDone = await this.#when(() =>
        this.#call('PutItem', {
          TableName: this.#table,
          Item: groupItem(next, change.expiresAt),
          ConditionExpression: 'claimId = :claim AND rev = :rev',
          ExpressionAttributeValues: toItem({ ':claim': claimId, ':rev': now.rev }),
        }),
      );
      if (isDone) return true;
      const item = await this.#get(groupKey(group.id), META);
      if (item === undefined || textOf(item, 'claimId') !== claimId) return false;
      now = groupOf(group.id, item);
    }
    return false;
  }

  async countFirst(receiver: string, windowStartMs: number, expiresAt: number): Promise<number> {
    const answer = await this.#call('UpdateItem', {
      TableName: this.#table,
      Key: toItem({ pk: `storm#${receiver}`, sk: String(windowStartMs) }),
      UpdateExpression: 'SET #ttl = :ttl ADD firsts :one',
      ExpressionAttributeNames: { '#ttl': 'ttl' },
      ExpressionAttributeValues: toItem({ ':ttl': seconds(expiresAt), ':one': 1 }),
      ReturnValues: 'UPDATED_NEW',
    });
    return numberOf(answer['Attributes'] as Item, 'firsts') ?? 1;
  }

  async putSource({ endsAt, labels, rule }: FiringSource, fingerprint: string, expiresAt: number): Promise<void> {
    const Item = toItem({ pk: `source#${rule}`, sk: fingerprint, labels: JSON.stringify(labels), endsAt, ttl: seconds(expiresAt) });
    await this.#call('PutItem', { TableName: this.#table, Item });
  }

  async removeSource(rule: string, fingerprint: string): Promise<void> {
    await this.#call('DeleteItem', { TableName: this.#table, Key: toItem({ pk: `source#${rule}`, sk: fingerprint }) });
  }

  async sources(rules: readonly string[]): Promise<FiringSource[]> {
    const found = await Promise.all(
      rules.map(async (rule) => {
        const items = await this.#query({
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: toItem({ ':pk': `source#${rule}` }),
          ConsistentRead: true,
        });
        return items.map((item): FiringSource => {
          const endsAt = numberOf(item, 'endsAt');
          return { rule, labels: JSON.parse(textOf(item, 'labels') ?? '{}') as Labels, ...(endsAt === undefined ? {} : { endsAt }) };
        });
      }),
    );
    return found.flat();
  }

  async silences(): Promise<Silence[]> {
    const items = await this.#query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: toItem({ ':pk': SILENCES }),
      ConsistentRead: true,
    });
    return items.map((item) => JSON.parse(textOf(item, 'silence') ?? '{}') as Silence);
  }

  /** Writes a silence; of two versions the later one stays. It is forgotten `keptMs` after its end. */
  async putSilence(silence: Silence, keptMs: number): Promise<boolean> {
    return this.#when(() =>
      this.#call('PutItem', {
        TableName: this.#table,
        Item: toItem({
          pk: SILENCES,
          sk: silence.id,
          silence: JSON.stringify(silence),
          updatedAt: silence.updatedAt,
          ttl: seconds(silence.endsAt + keptMs),
        }),
        ConditionExpression: 'attribute_not_exists(pk) OR updatedAt < :at',
        ExpressionAttributeValues: toItem({ ':at': silence.updatedAt }),
      }),
    );
  }

  /** Groups that are due by a time, the earliest first. The index is a little behind the table. */
  async dueGroups(nowMs: number, limit: number): Promise<GroupRow[]> {
    const answer = await this.#call('Query', {
      TableName: this.#table,
      IndexName: DUE_INDEX,
      KeyConditionExpression: 'due = :due AND flushAt <= :now',
      ExpressionAttributeValues: toItem({ ':due': DUE_PARTITION, ':now': nowMs }),
      Limit: limit,
    });
    return ((answer['Items'] ?? []) as Item[]).map((item) => groupOf((textOf(item, 'pk') ?? '').slice('group#'.length), item));
  }

  /** All groups that something is in, a page at a time. */
  async *openGroups(): AsyncGenerator<GroupRow> {
    let start: unknown;
    do {
      const answer = await this.#call('Query', {
        TableName: this.#table,
        IndexName: DUE_INDEX,
        KeyConditionExpression: 'due = :due',
        ExpressionAttributeValues: toItem({ ':due': DUE_PARTITION }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      for (const item of (answer['Items'] ?? []) as Item[]) yield groupOf((textOf(item, 'pk') ?? '').slice('group#'.length), item);
      start = answer['LastEvaluatedKey'];
    } while (start !== undefined);
  }

  async #get(pk: string, sk: string): Promise<Item | undefined> {
    const answer = await this.#call('GetItem', { TableName: this.#table, Key: toItem({ pk, sk }), ConsistentRead: true });
    return answer['Item'] as Item | undefined;
  }

  async #query(request: object): Promise<Item[]> {
    const items: Item[] = [];
    let start: unknown;
    do {
      const answer = await this.#call('Query', {
        TableName: this.#table,
        ...request,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      });
      items.push(...((answer['Items'] ?? []) as Item[]));
      start = answer['LastEvaluatedKey'];
    } while (start !== undefined);
    return items;
  }

  /** Whether a write's condition held. */
  async #when(write: () => Promise<unknown>): Promise<boolean> {
    try {
      await write();
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  }
}

function isConditionFailure(error: unknown): boolean {
  return error instanceof AwsError && error.code === 'ConditionalCheckFailedException';
}

/** What a closed alert keeps: enough to know it again. */
function slim({ key, kind, lifecycle, severity, startsAt, endsAt, updatedAt }: Alert): Alert {
  return { key, kind, lifecycle, title: '', severity, labels: {}, startsAt, updatedAt, ...(endsAt === undefined ? {} : { endsAt }) };
}

function itemOf({ alert, closed, fingerprint, groupId }: AlertRow, expiresAt: number): Item {
  return toItem({
    pk: groupKey(groupId),
    sk: `alert#${fingerprint}`,
    alert: JSON.stringify(alert),
    updatedAt: alert.updatedAt,
    endsAt: alert.endsAt,
    closed,
    ttl: seconds(expiresAt),
  });
}

function rowOf(groupId: string, item: Item): AlertRow {
  return {
    groupId,
    fingerprint: (textOf(item, 'sk') ?? '').slice('alert#'.length),
    alert: JSON.parse(textOf(item, 'alert') ?? '{}') as Alert,
    closed: flagOf(item, 'closed'),
  };
}

/** A row that is as it was seen, or still not there. A repeated write after a lost answer finds it changed by itself, and reads again. */
function asSeen(seen: AlertRow | undefined): object {
  if (seen === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const { closed, alert } = seen;
  const end = alert.endsAt === undefined ? 'attribute_not_exists(endsAt)' : 'endsAt = :end';
  return {
    ConditionExpression: `updatedAt = :seen AND closed = :closed AND ${end}`,
    ExpressionAttributeValues: toItem({ ':seen': alert.updatedAt, ':closed': closed, ':end': alert.endsAt }),
  };
}

function groupItem(
  { failures, flushAt, givenUp, id, labels, posted, receiver, rev, routeId, tickAt, told }: GroupRow,
  expiresAt: number,
): Item {
  return toItem({
    pk: groupKey(id),
    sk: META,
    receiver,
    routeId,
    groupLabels: JSON.stringify(labels),
    rev,
    failures,
    givenUp,
    flushAt,
    tickAt,
    told: told && JSON.stringify(told),
    posted: posted && JSON.stringify(posted),
    // Only groups with something in them are in the index, and only empty ones are forgotten.
    ...(flushAt === undefined ? { ttl: seconds(expiresAt) } : { due: DUE_PARTITION }),
  });
}

function groupOf(id: string, item: Item): GroupRow {
  const told = textOf(item, 'told');
  const posted = textOf(item, 'posted');
  const flushAt = numberOf(item, 'flushAt');
  const tickAt = numberOf(item, 'tickAt');
  return {
    id,
    receiver: textOf(item, 'receiver') ?? '',
    routeId: textOf(item, 'routeId') ?? '',
    labels: JSON.parse(textOf(item, 'groupLabels') ?? '{}') as Labels,
    rev: numberOf(item, 'rev') ?? 0,
    failures: numberOf(item, 'failures') ?? 0,
    ...(flagOf(item, 'givenUp') ? { givenUp: true } : {}),
    ...(flushAt === undefined ? {} : { flushAt }),
    ...(tickAt === undefined ? {} : { tickAt }),
    ...(told === undefined ? {} : { told: JSON.parse(told) as ToldEntry }),
    ...(posted === undefined ? {} : { posted: JSON.parse(posted) as PostedMessage }),
  };
}
