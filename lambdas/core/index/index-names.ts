import type { Reader } from '../rules/compile.ts';
import { indexName, periodWindow } from './index-name.ts';

/** What one index covers, in ms since the epoch. */
export interface NamedPeriod {
  readonly startMs: number;
  readonly endMs: number;
  readonly name: string;
}

/** Index names of one cluster: a name is kept until an event of its family falls outside its period, which is nearly never within a payload. */
export class IndexNames {
  readonly #clusterIndexName: string;
  readonly #kept = new Map<string, NamedPeriod>();

  constructor(clusterIndexName: string) {
    this.#clusterIndexName = clusterIndexName;
  }

  nameOf(reader: Pick<Reader, 'familyName' | 'family'>, timeMs: number): string {
    return this.periodOf(reader, timeMs).name;
  }

  /** The name of the index of an event of that time, and of all events from `startMs` until before `endMs`. */
  periodOf({ familyName, family }: Pick<Reader, 'familyName' | 'family'>, timeMs: number): NamedPeriod {
    const kept = this.#kept.get(familyName);
    if (kept !== undefined && timeMs >= kept.startMs && timeMs < kept.endMs) return kept;
    const name = indexName(familyName, this.#clusterIndexName, family.period, timeMs);
    const period = { ...periodWindow(family.period, timeMs), name };
    this.#kept.set(familyName, period);
    return period;
  }
}
