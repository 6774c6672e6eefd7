/**
 * Priority of the template or policy of an index pattern. Two of our patterns can only match the same index when one is longer (`eks-audit-prod-*` and
 * `eks-audit-prod-2-*`), and then the longer one is meant. Starts above OpenSearch's own templates.
 */
export function patternPriority(pattern: string): number {
  return 500 + pattern.length;
}
