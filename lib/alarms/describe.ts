import type { Config } from '../config/resolve.ts';
import type { AlarmConfig, Severity } from '../config/schema-alarms.ts';

/** What a deployed alarm says of itself. */
export interface AlarmAbout {
  readonly config: Pick<Config, 'alarms'>;
  readonly cluster: string | undefined;
  readonly name: string;
  readonly alarm: AlarmConfig;
  readonly severity: Severity;
  readonly owner: string;
  readonly namespace: string | undefined;
  /** Name of the saved query that explains it, where it is deployed. */
  readonly query: string | undefined;
}

/** Longest description of an alarm, in characters (PutMetricAlarm). */
const MAX_DESCRIPTION = 1024;
/** Tag values may not hold other characters; a link with # has no place in one. */
const NOT_IN_TAGS = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u;
/** Longest value of a tag. */
const MAX_TAG_VALUE = 256;

/** Whether a text may be the value of a tag; one that may not does not travel with notifications. */
export function fitsTag(text: string): boolean {
  return text.length <= MAX_TAG_VALUE && !NOT_IN_TAGS.test(text);
}

/** Where people read what to do. Without `runbookUrl` it is the file of this app. */
export function runbookOf({ config, name }: Pick<AlarmAbout, 'config' | 'name'>): string {
  const { runbookUrl } = config.alarms;
  if (runbookUrl === undefined) return `docs/alarms.md#${name}`;
  return runbookUrl.includes('{alarm}') ? runbookUrl.replaceAll('{alarm}', name) : `${runbookUrl}#${name}`;
}

/** A runbook as a tag: no tag holds a #. The name of our own file does without; a link with one is read from the description. */
function runbookTag(runbook: string): string {
  return runbook.startsWith('https://') ? runbook : runbook.replace('#', ':');
}

/** Text under the alarm in the console and in a plain notification: what is wrong, what to do, where to read on. */
export function describeAlarm(about: AlarmAbout): string {
  const { alarm, namespace, cluster, query, severity } = about;
  const where = [
    cluster === undefined ? 'account' : `cluster ${cluster}`,
    ...(namespace === undefined ? [] : [`namespace ${namespace}`]),
  ].join(', ');
  const end = [`Severity: ${severity}`, ...(query === undefined ? [] : [`Query: ${query}`]), `Runbook: ${runbookOf(about)}`].join('\n');
  const text = `${alarm.title} (${where})\n${alarm.do}`;
  const room = MAX_DESCRIPTION - end.length - 1;
  // CloudWatch counts what JavaScript counts; half of a surrogate pair at the end would be a text that no template can hold.
  return `${text.length <= room ? text : `${text.slice(0, room - 1).replace(/[\uD800-\uDBFF]$/, '')}…`}\n${end}`;
}

/** Tags by which a notification is routed: they travel with it. */
export function tagsOf(about: AlarmAbout): { readonly [key: string]: string } {
  const { alarm, cluster, name, namespace, owner, query, severity } = about;
  const tags: { [key: string]: string | undefined } = {
    severity,
    team: owner,
    alarm: name,
    // One that no tag may hold, with a comma for example, is read from the description, which has it whole.
    title: alarm.title,
    cluster,
    namespace,
    query,
    runbook: runbookTag(runbookOf(about)),
  };
  const kept = Object.entries(tags).filter((entry): entry is [string, string] => {
    const [, value] = entry;
    return value !== undefined && fitsTag(value);
  });
  return Object.fromEntries(kept);
}

/** Keys of the tags above: only these travel, not those that cost reports use. */
export const TRAVELLING_TAGS: readonly string[] = ['severity', 'team', 'alarm', 'title', 'cluster', 'namespace', 'query', 'runbook'];
