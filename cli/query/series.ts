import { parseQuery } from '../../lambdas/core/insights/parse-query.ts';

/** Whether a query counts over time (`stats … by bin(5m)`): only then do bars say anything; a list of events has times too. */
export function isSeries(text: string): boolean {
  const last = parseQuery(text).commands.findLast((command) => command.kind === 'stats');
  return last?.kind === 'stats' && last.by.some(({ expression }) => expression.kind === 'call' && STEPS.has(expression.name.toLowerCase()));
}

const STEPS = new Set(['bin', 'datefloor', 'dateceil']);
