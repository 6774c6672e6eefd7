import type { Labels } from './alert.ts';
import { canonicalLabels, labelOf } from './labels.ts';
import { compileMatchers, type LabelTest, type Matcher } from './matchers.ts';

/** Alerts of one kind make those of another superfluous: a dead node its pods. Plain data. */
export interface InhibitRule {
  readonly name: string;
  readonly source: readonly Matcher[];
  readonly target: readonly Matcher[];
  /** Labels that must agree between both; two absent ones agree. */
  readonly equal: readonly string[];
}

/** A rule ready to run. */
export interface Inhibition {
  readonly name: string;
  readonly isSource: LabelTest;
  readonly isTarget: LabelTest;
  /** One text for the labels that must agree. */
  readonly equalOf: (labels: Labels) => string;
}

/** Makes rules ready to run. */
export function compileInhibitions(rules: readonly InhibitRule[]): Inhibition[] {
  return rules.map(({ name, source, target, equal }) => ({
    name,
    isSource: compileMatchers(source),
    isTarget: compileMatchers(target),
    equalOf: (labels) => canonicalLabels(Object.fromEntries(equal.map((label) => [label, labelOf(labels, label)]))),
  }));
}

/** An alert that fires and is the source of a rule. */
export interface FiringSource {
  readonly rule: string;
  readonly labels: Labels;
  /** When it ends, in ms; absent while nobody knows. */
  readonly endsAt?: number;
}

/**
 * The rule by which one of the sources inhibits an alert. An alert that is a source of the rule itself is not inhibited by alerts that match both sides, so two
 * of a kind do not silence each other, and nothing silences itself.
 */
export function inhibitedBy(
  labels: Labels,
  rules: readonly Inhibition[],
  sources: readonly FiringSource[],
  nowMs: number,
): string | undefined {
  for (const rule of rules) {
    if (!rule.isTarget(labels)) continue;
    const equal = rule.equalOf(labels);
    const isTwoSided = rule.isSource(labels);
    const source = sources.find(
      (candidate) =>
        candidate.rule === rule.name &&
        (candidate.endsAt === undefined || candidate.endsAt > nowMs) &&
        rule.isSource(candidate.labels) &&
        rule.equalOf(candidate.labels) === equal &&
        !(isTwoSided && rule.isTarget(candidate.labels)),
    );
    if (source) return rule.name;
  }
  return undefined;
}

/** Somebody does not want to hear of some alerts for a while. Plain data. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  /** In ms since the epoch. */
  readonly startsAt: number;
  readonly endsAt: number;
  readonly author: string;
  readonly comment: string;
  /** Of two versions the later one counts. */
  readonly updatedAt: number;
}

/** Follows from the clock alone. */
export function silenceState({ startsAt, endsAt }: Pick<Silence, 'startsAt' | 'endsAt'>, nowMs: number): 'pending' | 'active' | 'expired' {
  if (nowMs >= endsAt) return 'expired';
  return nowMs < startsAt ? 'pending' : 'active';
}

/** Makes a test of silences that are active at `nowMs`: gives the id of the one that covers the labels. A silence without matchers covers nothing. */
export function compileSilences(silences: readonly Silence[], nowMs: number): (labels: Labels) => string | undefined {
  const active = silences
    .filter((silence) => silence.matchers.length > 0 && silenceState(silence, nowMs) === 'active')
    .map(({ id, matchers }) => ({ id, matches: compileMatchers(matchers) }));
  return (labels) => active.find(({ matches }) => matches(labels))?.id;
}
