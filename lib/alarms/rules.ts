import { alarmsIn, type CompositeRule } from '../../lambdas/core/alarms/composite-rule.ts';

/**
 * A rule with the names of deployed alarms in place of those of the catalogue. A name that stands for several (one per source) becomes any of them, or
 * each of them inside of AT_LEAST; one that is not deployed drops out. Undefined where nothing is left that could ever fire.
 */
export function deployedRule(rule: CompositeRule, namesOf: (name: string) => readonly string[]): string | undefined {
  const printed = print(rule, namesOf);
  return printed === undefined || printed === 'FALSE'
    ? undefined
    : printed.replace(/^\((.*)\)$/, (whole, inner: string) => (isOne(inner) ? inner : whole));
}

function isOne(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '(') depth++;
    if (char === ')') depth--;
    if (depth < 0) return false;
  }
  return depth === 0;
}

const quoted = (name: string): string => `"${name}"`;

function print(rule: CompositeRule, namesOf: (name: string) => readonly string[]): string | undefined {
  switch (rule.kind) {
    case 'constant':
      return rule.value ? 'TRUE' : 'FALSE';
    case 'state': {
      const parts = namesOf(rule.alarm).map((name) => `${rule.state}(${quoted(name)})`);
      if (parts.length === 0) return undefined;
      return parts.length === 1 ? parts[0] : `(${parts.join(' OR ')})`;
    }
    case 'not': {
      const inner = print(rule.of, namesOf);
      return inner === undefined ? undefined : `NOT ${inner}`;
    }
    case 'and':
    case 'or': {
      const sides = [print(rule.left, namesOf), print(rule.right, namesOf)].filter((side) => side !== undefined);
      // What is not deployed is never in ALARM: it takes an AND with it, and an OR does without.
      if (sides.length === 0 || (rule.kind === 'and' && sides.length < 2 && !hasNegation(rule))) return undefined;
      return sides.length === 1 ? sides[0] : `(${sides.join(rule.kind === 'and' ? ' AND ' : ' OR ')})`;
    }
    case 'atLeast': {
      const names = rule.alarms.flatMap((name) => namesOf(name));
      if (names.length === 0 || (!rule.isPercent && names.length < rule.least)) return undefined;
      const least = `${rule.least}${rule.isPercent ? '%' : ''}`;
      return `AT_LEAST(${least}, ${rule.isNegated ? 'NOT ' : ''}${rule.state}, (${names.map(quoted).join(', ')}))`;
    }
  }
}

/** `… AND NOT ALARM(x)` holds without x. */
function hasNegation(rule: CompositeRule): boolean {
  return rule.kind === 'and' && (rule.left.kind === 'not' || rule.right.kind === 'not');
}

/** Names of the catalogue that a rule uses. */
export function namesInRule(rule: CompositeRule): string[] {
  return [...new Set(alarmsIn(rule))];
}
