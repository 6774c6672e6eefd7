import type { ExclusionCondition, ExclusionRule } from '../rules/rules.ts';
import { type FoundValue, valuesAt } from './json-value.ts';

/** What exclusions look at. */
export interface Excludable {
  /** JSON text of the document as it would be indexed, envelope included. */
  readonly document: string;
  /** The event's text as it came, before redaction: `@message`. */
  readonly message: string;
}

/** What the rules say: the rule that drops the event, and the dry runs that would. */
export interface Exclusion {
  readonly excludedBy: string | undefined;
  readonly wouldExclude: readonly string[];
}

const KEPT: Exclusion = { excludedBy: undefined, wouldExclude: [] };

/** Asks the rules in their order; the first that drops the event has it, dry runs before it are noted. */
export function exclude(rules: readonly ExclusionRule[], event: Excludable): Exclusion {
  if (rules.length === 0) return KEPT;
  let wouldExclude: string[] | undefined;
  for (const rule of rules) {
    if (!rule.when.every((condition) => holds(condition, event))) continue;
    if (rule.countOnly !== true) return { excludedBy: rule.name, wouldExclude: wouldExclude ?? [] };
    wouldExclude = [...(wouldExclude ?? []), rule.name];
  }
  return wouldExclude ? { excludedBy: undefined, wouldExclude } : KEPT;
}

/** Whether one of the field's values meets all that the condition asks. Values compare as text, so that 403 and "403" are the same. */
function holds(condition: ExclusionCondition, event: Excludable): boolean {
  const values: readonly FoundValue[] = condition.field === '@message' ? [event.message] : valuesAt(event.document, condition.field);
  return values.some((value) => value !== null && meets(condition, String(value)));
}

function meets({ equals, in: list, startsWith, contains }: ExclusionCondition, value: string): boolean {
  if (equals !== undefined && value !== String(equals)) return false;
  if (list !== undefined && !list.some((item) => String(item) === value)) return false;
  if (startsWith !== undefined && !value.startsWith(startsWith)) return false;
  return contains === undefined || value.includes(contains);
}
