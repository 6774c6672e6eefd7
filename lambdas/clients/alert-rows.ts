import type { Alert, Labels } from '../core/alerts/alert.ts';
import type { AlertRow, GroupRow, PostedMessage, ToldEntry } from '../core/alerts/store.ts';
import { flagOf, type Item, numberOf, textOf, toItem } from './attribute-value.ts';

/** The one partition of the index of groups by when they are due. */
export const DUE_PARTITION = 'due';
/** Sort key of a group's own item. */
export const META = 'group';

/** Time to live of an item: whole seconds, never too early. */
export const seconds = (ms: number): number => Math.ceil(ms / 1000);

/** Partition of a group and its alerts. */
export const groupKey = (id: string): string => `group#${id}`;

/** Id of a group by its item. */
export const groupIdOf = (item: Item): string => (textOf(item, 'pk') ?? '').slice('group#'.length);

/** What a closed alert keeps: enough to know it again. */
export function slim({ key, kind, lifecycle, severity, startsAt, endsAt, updatedAt }: Alert): Alert {
  return { key, kind, lifecycle, title: '', severity, labels: {}, startsAt, updatedAt, ...(endsAt === undefined ? {} : { endsAt }) };
}

/** An alert as an item. */
export function itemOf({ alert, closed, fingerprint, groupId }: AlertRow, expiresAt: number): Item {
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

/** An item as an alert; the group is in its key. */
export function rowOf(groupId: string, item: Item): AlertRow {
  return {
    groupId,
    fingerprint: (textOf(item, 'sk') ?? '').slice('alert#'.length),
    alert: JSON.parse(textOf(item, 'alert') ?? '{}') as Alert,
    closed: flagOf(item, 'closed'),
  };
}

/** A row that is as it was seen, or still not there. A repeated write after a lost answer finds it changed by itself, and reads again. */
export function asSeen(seen: AlertRow | undefined): object {
  if (seen === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const { closed, alert } = seen;
  const end = alert.endsAt === undefined ? 'attribute_not_exists(endsAt)' : 'endsAt = :end';
  return {
    ConditionExpression: `updatedAt = :seen AND closed = :closed AND ${end}`,
    ExpressionAttributeValues: toItem({ ':seen': alert.updatedAt, ':closed': closed, ':end': alert.endsAt }),
  };
}

/** A group as an item. */
export function groupItem(
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

/** An item as a group. */
export function groupOf(id: string, item: Item): GroupRow {
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
