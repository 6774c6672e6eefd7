import { createHash } from 'node:crypto';
import type { AccessLogRules, AccessLogSource } from '../../lambdas/core/access-logs/rules.ts';
import type { IndexFamily, Rules, SourceRule } from '../../lambdas/core/rules/rules.ts';
import type { Config } from '../../lib/config/load.ts';
import { type AccessLogConfig, accessLogRules } from '../../lib/config/load-balancers.ts';
import { nearestName } from '../../lib/config/nearest-name.ts';
import type { SourceConfig } from '../../lib/config/resolve.ts';
import { rulesFor } from '../../lib/config/rules.ts';
import { UsageError } from './options.ts';
import type { TimeRange } from './time-range.ts';

/** What is read again, with the rules of the deployed function. */
export type Subject =
  | { readonly kind: 'events'; readonly source: SourceConfig; readonly rules: Rules; readonly rule: SourceRule }
  | { readonly kind: 'files'; readonly log: AccessLogConfig; readonly rules: AccessLogRules; readonly source: AccessLogSource };

/** Days that no retention excludes: a range that somebody names is wanted, and its indices are as young as the backfill (ISM counts from their making). */
const ANY_AGE_DAYS = 365_000;

/** Finds the source by its name; a name that is none is used wrongly. */
export function subjectOf(config: Config, name: string): Subject {
  const source = config.sources.find((candidate) => candidate.name === name);
  if (source !== undefined) {
    const rules = rulesFor(config, source.cluster);
    const rule = rules.sources.find((candidate) => candidate.name === name);
    if (rule === undefined) throw new UsageError(`${name} has route ${source.route}: nothing of it is indexed`);
    return { kind: 'events', source, rules: { ...rules, sources: [rule] }, rule };
  }
  const log = config.loadBalancers.logs.find((candidate) => candidate.name === name);
  if (log === undefined) {
    const names = [...config.sources, ...config.loadBalancers.logs].map((each) => each.name);
    const near = nearestName(name, names);
    throw new UsageError(`no source "${name}"${near === undefined ? '' : `, did you mean ${near}`}; sources are ${names.join(' ')}`);
  }
  const rules = accessLogRules(config);
  const found = rules.sources.find((candidate) => candidate.name === name) as AccessLogSource;
  // Lines were put into the log group and counted as metrics when they came: not again.
  const { logGroup: _logGroup, ...rest } = found;
  return { kind: 'files', log, rules, source: { ...rest, search: true, metrics: false } };
}

/** Families that the source's documents may go to. */
export function familiesOf(subject: Subject): string[] {
  if (subject.kind === 'files') return [...new Set(Object.values(subject.source.families))];
  const { rule, rules } = subject;
  return [...new Set([rule.family, ...Object.values(rule.controlPlaneFamilies ?? {}), ...rules.applications.map(({ family }) => family)])];
}

/** The rules with the range that was named in place of the bounds of live events. */
export function rulesWithin<T extends Pick<Rules, 'families' | 'timeBounds'>>(rules: T, { fromMs, toMs }: TimeRange, nowMs: number): T {
  const families = Object.fromEntries(
    Object.entries(rules.families).map(([name, family]): [string, IndexFamily] => [name, { ...family, retentionDays: ANY_AGE_DAYS }]),
  );
  return { ...rules, families, timeBounds: { backMs: nowMs - fromMs, aheadMs: toMs - nowMs } };
}

/** Hash of what decides about a document of the source: its text, its `_id` and its index. A comment or another source changes nothing. */
export function hashOf(subject: Subject): string {
  const { rules } = subject;
  const used = new Set(familiesOf(subject));
  const families = Object.entries(rules.families).filter(([name]) => used.has(name));
  const decides = {
    ...{ account: rules.account, region: rules.region, redaction: rules.redaction },
    families: families.map(([name, { period }]) => [name, period]),
    ...(subject.kind === 'files' ? { source: subject.source } : { rule: subject.rule, applications: subject.rules.applications }),
  };
  return createHash('sha256').update(JSON.stringify(decides)).digest('hex').slice(0, 16);
}
