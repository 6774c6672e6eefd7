import { imbalance } from '../core/delivery/counts.ts';
import type { SourceReport } from '../core/delivery/deliver.ts';
import { formatMetrics } from './emf.ts';

/** Prints the metrics of one source's events as one EMF line, and an error where its counts do not add up. */
export function printCounts(
  source: string,
  { counts, delay, returned, wouldExclude, deadLettered }: SourceReport,
  { namespace, functionName, nowMs }: { readonly namespace: string; readonly functionName: string; readonly nowMs: number },
): void {
  const line = { namespace, source, function: functionName, nowMs, counts, delay };
  console.log(formatMetrics({ ...line, returnedByReason: returned, wouldExcludeByRule: wouldExclude, deadLetteredByReason: deadLettered }));
  const missing = imbalance(counts);
  if (missing !== 0)
    console.error(JSON.stringify({ level: 'error', message: 'counts do not add up', source, unaccounted: missing, counts }));
}
