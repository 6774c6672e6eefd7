import { appendFileSync } from 'node:fs';
import { addCounts, type Counts, emptyCounts } from '../../lambdas/core/delivery/counts.ts';

/** What one EMF line of a function says of one source. */
export interface EmfCounts {
  readonly namespace: string;
  readonly source: string;
  readonly function: string;
  readonly atMs: number;
  readonly counts: Counts;
  /** Event time to indexed, on the run's clock. */
  readonly delayMs: number | undefined;
}

/** Reads a line of a function's output as embedded metrics of ours; undefined for any other line. */
export function readEmf(line: string): EmfCounts | undefined {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return undefined;
  let value: { readonly [name: string]: unknown };
  try {
    value = JSON.parse(line) as { readonly [name: string]: unknown };
  } catch {
    return undefined;
  }
  const aws = value['_aws'] as { Timestamp?: number; CloudWatchMetrics?: readonly { Namespace?: string }[] } | undefined;
  const namespace = aws?.CloudWatchMetrics?.[0]?.Namespace;
  const { Source: source, Function: functionName } = value;
  if (namespace === undefined || typeof source !== 'string' || typeof functionName !== 'string') return undefined;
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
  };
  const delayMs = typeof value['DelayMs'] === 'number' ? value['DelayMs'] : undefined;
  return { namespace, source, function: functionName, atMs: aws?.Timestamp ?? 0, counts, delayMs };
}

/** Exclusions by rule; where a line names no rule, or its rules do not make up the metric, the rest goes under `unnamed`. */
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

/** Collects the functions' metrics: a file with every line, and the sums by source and by function. */
export class MetricsLog {
  readonly bySource = new Map<string, Counts>();
  readonly byFunction = new Map<string, Counts>();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Takes a line of output. Returns what it says where it holds metrics. */
  take(line: string): EmfCounts | undefined {
    const emf = readEmf(line);
    if (!emf) return undefined;
    appendFileSync(this.#file, `${line}\n`);
    addTo(this.bySource, emf.source, emf.counts);
    addTo(this.byFunction, emf.function, emf.counts);
    return emf;
  }
}

function addTo(map: Map<string, Counts>, key: string, counts: Counts): void {
  const sum = map.get(key) ?? emptyCounts();
  addCounts(sum, counts);
  map.set(key, sum);
}
