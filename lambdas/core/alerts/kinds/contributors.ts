import { type JsonObject, objectAt, parseObject, textAt, valueAt } from '../incoming.ts';
import { canonicalLabels } from '../labels.ts';

export type Pair = readonly [name: string, value: string];

/** One time series of an alarm that watches many: log alarms, PromQL alarms, alarms on a query with GROUP BY. */
export interface Contributor {
  readonly id: string;
  readonly attributes: readonly Pair[];
}

const ONE = ['AlarmContributor', 'alarmContributor', 'Contributor', 'contributor'];
const MANY = ['AlarmContributors', 'alarmContributors', 'Contributors', 'contributors'];
const IDS = ['AlarmContributorId', 'alarmContributorId', 'ContributorId', 'contributorId'];
const ATTRIBUTES = ['AlarmContributorAttributes', 'alarmContributorAttributes', 'ContributorAttributes', 'contributorAttributes'];

/**
 * Contributors that a notification tells of; mostly one. AWS documents the names for its API (DescribeAlarmContributors: ContributorId, ContributorAttributes), for
 * EventBridge (alarmContributor) and, for SNS, only in words: every spelling of these is read, whether they stand in an object, in a list or on the top level, and
 * attributes as an object, as a list of pairs or as JSON in a text. Without an id the attributes are the id.
 */
export function contributorsOf(holder: JsonObject | undefined): Contributor[] {
  const nested = [...ONE.map((name) => valueAt(holder, name)), ...MANY.flatMap((name) => asList(valueAt(holder, name)))];
  const found = nested.flatMap((one) => contributorOf(objectAt(one), [...IDS, 'Id', 'id'], [...ATTRIBUTES, 'Attributes', 'attributes']));
  return found.length > 0 ? found : contributorOf(holder, IDS, ATTRIBUTES);
}

function contributorOf(holder: JsonObject | undefined, ids: readonly string[], attributeNames: readonly string[]): Contributor[] {
  const id = ids.map((name) => textAt(holder, name)).find((text) => text !== undefined);
  const attributes = attributeNames.map((name) => pairsOf(valueAt(holder, name))).find((pairs) => pairs.length > 0) ?? [];
  if (id === undefined && attributes.length === 0) return [];
  return [{ id: id ?? canonicalLabels(Object.fromEntries(attributes)), attributes }];
}

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Names and values of an object, of a list of pairs (`Key`, `key`, `Name` or `name` with `Value` or `value`), or of the JSON that a text holds. */
export function pairsOf(value: unknown): Pair[] {
  if (Array.isArray(value))
    return value.flatMap((item): Pair[] => {
      const name = ['Key', 'key', 'Name', 'name'].map((member) => textAt(item, member)).find((text) => text !== undefined);
      return name === undefined ? [] : [[name, textAt(item, 'Value') ?? textAt(item, 'value') ?? '']];
    });
  const object = typeof value === 'string' ? parseObject(value) : objectAt(value);
  return Object.entries(object ?? {}).flatMap(([name, member]): Pair[] =>
    typeof member === 'string' || typeof member === 'number' || typeof member === 'boolean' ? [[name, String(member)]] : [],
  );
}
