import { appendFileSync } from 'node:fs';
import { addCounts, type Counts, emptyCounts } from '../../lambdas/core/delivery/counts.ts';
import { type EmfCounts, readEmf } from '../../lambdas/core/reconcile/emf.ts';

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

  /** Documents that all functions together have indexed. */
  indexedTotal(): number {
    return this.#total('indexed');
  }

  /** Documents that were there already. */
  duplicateTotal(): number {
    return this.#total('duplicate');
  }

  #total(count: 'indexed' | 'duplicate'): number {
    let total = 0;
    for (const counts of this.bySource.values()) total += counts[count];
    return total;
  }
}

function addTo(map: Map<string, Counts>, key: string, counts: Counts): void {
  const sum = map.get(key) ?? emptyCounts();
  addCounts(sum, counts);
  map.set(key, sum);
}
