import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { addCounts, type Counts, emptyCounts } from '../../lambdas/core/delivery/counts.ts';
import { readEmf } from '../../lambdas/core/reconcile/emf.ts';
import { reconcileSource, type Verdict } from '../../lambdas/core/reconcile/reconcile.ts';

/** Reconciles the metrics of a local run. `sinceMs`: only as far back from the last of them, on the run's own clock. */
export async function reconcileFile(file: string, sinceMs: number | undefined): Promise<Verdict[]> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  const found: { readonly source: string; readonly atMs: number; readonly counts: Counts }[] = [];
  for await (const line of lines) {
    const emf = readEmf(line);
    if (emf) found.push(emf);
  }
  const lastMs = found.reduce((last, { atMs }) => Math.max(last, atMs), 0);
  const sums = new Map<string, Counts>();
  for (const { source, atMs, counts } of found) {
    if (sinceMs !== undefined && atMs < lastMs - sinceMs) continue;
    const sum = sums.get(source) ?? emptyCounts();
    addCounts(sum, counts);
    sums.set(source, sum);
  }
  // CloudWatch's test messages belong to no source and hold no event.
  return [...sums]
    .filter(([, counts]) => counts.received > 0 || counts.controlMessages === 0)
    .map(([source, counts]) => reconcileSource({ source, counts }));
}
