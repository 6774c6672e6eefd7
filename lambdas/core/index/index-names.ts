import type { Reader } from '../rules/compile.ts';
import { indexName, periodWindow } from './index-name.ts';

/** Index names of one cluster: a name is kept until an event of its family falls outside its period, which is nearly never within a payload. */
export class IndexNames {
  readonly #clusterIndexName: string;
  readonly #kept = new Map<string, { startMs: number; endMs: number; name: string }>();

  constructor(clusterIndexName: string) {
    this.#clusterIndexName = clusterIndexName;
  }

  nameOf({ familyName, family }: Pick<Reader, 'familyName' | 'family'>, timeMs: number): string {
    const kept = this.#kept.get(familyName);
    if (kept !== undefined && timeMs >= kept.startMs && timeMs < kept.endMs) return kept.name;
    const name = indexName(familyName, this.#clusterIndexName, family.period, timeMs);
    this.#kept.set(familyName, { ...periodWindow(family.period, timeMs), name });
    return name;
  }
}
