import type { Counts } from '../delivery/counts.ts';

/** What one EMF line of a function says of one source. */
export interface EmfCounts {
  readonly namespace: string;
  readonly source: string;
  readonly function: string;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly counts: Counts;
}

/** Reads a line of a function's output as embedded metrics of ours; undefined for any other line. Never throws. */
export function readEmf(line: string): EmfCounts | undefined {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  let value: { readonly [name: string]: unknown };
  try {
    value = JSON.parse(line) as { readonly [name: string]: unknown };
  } catch {
    return undefined;
  }
  const aws = value['_aws'] as { Timestamp?: unknown; CloudWatchMetrics?: readonly { Namespace?: unknown }[] } | undefined;
  const namespace = aws?.CloudWatchMetrics?.[0]?.Namespace;
  const { Source: source, Function: functionName } = value;
  if (typeof namespace !== 'string' || typeof source !== 'string' || typeof functionName !== 'string') return undefined;
  const count = (name: string): number => (typeof value[name] === 'number' ? value[name] : 0);
  const counts: Counts = {
    received: count('Received'),
    indexed: count('Indexed'),
    duplicate: count('Duplicate'),
    deadLettered: count('DeadLettered'),
    excluded: excludedOf(value['excludedByRule'], count('Excluded')),
    joined: count('Joined'),
    returned: count('Returned'),
    controlMessages: count('ControlMessages'),
    ...(value['HandedOn'] === undefined ? {} : { handedOn: count('HandedOn') }),
  };
  return { namespace, source, function: functionName, atMs: typeof aws?.Timestamp === 'number' ? aws.Timestamp : 0, counts };
}

/** Exclusions by rule; what the metric counts beyond the rules that are named goes under `unnamed`. */
function excludedOf(byRule: unknown, total: number): { [rule: string]: number } {
  const excluded: { [rule: string]: number } = {};
  let named = 0;
  for (const [rule, count] of Object.entries(typeof byRule === 'object' && byRule !== null ? byRule : {})) {
    if (typeof count !== 'number') continue;
    excluded[rule] = count;
    named += count;
  }
  if (total > named) excluded['unnamed'] = total - named;
  return excluded;
}
