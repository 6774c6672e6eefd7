import type { Rules, SourceRule } from './rules.ts';

/** The source that a log group belongs to: an exact name before prefixes, the longest prefix first. */
export function sourceOf(rules: Pick<Rules, 'sources'>, logGroup: string): SourceRule | undefined {
  let best: SourceRule | undefined;
  let bestLength = -1;
  for (const source of rules.sources) {
    for (const group of source.logGroups) {
      if (group === logGroup) return source;
      const prefix = group.endsWith('*') ? group.slice(0, -1) : undefined;
      if (prefix !== undefined && logGroup.startsWith(prefix) && prefix.length > bestLength) {
        best = source;
        bestLength = prefix.length;
      }
    }
  }
  return best;
}

/** Its name, for counts and dead letters; `unknown` for a log group of no source. */
export function sourceNameOf(rules: Pick<Rules, 'sources'>, logGroup: string): string {
  return sourceOf(rules, logGroup)?.name ?? 'unknown';
}
