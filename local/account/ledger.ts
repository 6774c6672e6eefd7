/** A payload on its way: the run follows its events to their end. */
export interface Shipment {
  readonly events: number;
  readonly logGroup: string;
  readonly filter: string;
  /** Machine ms when its events were put. */
  readonly putElapsedMs: number;
  /** Sent a second time on purpose, to show that nothing is stored twice. */
  readonly isRedelivery: boolean;
}

/** Events of one log group, on their way in. */
export interface GroupCounts {
  /** Events read from the files. */
  read: number;
  /** Accepted by PutLogEvents. */
  put: number;
  /** Text cut to 1 MB (these are put, too). */
  cut: number;
  /** No text at all: PutLogEvents refuses them. */
  empty: number;
  /** Refused by PutLogEvents for their time. */
  refusedByTime: number;
}

/** Events that one subscription filter forwarded, and what became of them. */
export interface FilterCounts {
  readonly logGroup: string;
  readonly filter: string;
  readonly destination: string;
  matched: number;
  unmatched: number;
  payloads: number;
  /** Sent a second time on purpose. */
  redelivered: number;
  /** Taken by a function, redelivered ones included. */
  done: number;
  /** Given up and kept in the on-failure bucket. */
  keptAside: number;
  /** Gone: no permission, no on-failure destination, or expired in the stream. */
  lost: number;
}

/** Events by function, over all attempts: what its metrics must add up to. */
export interface AttemptCounts {
  events: number;
  /** Events of attempts that failed before they could report any metric. */
  unreported: number;
}

/** Delay of a group of events: machine ms from PutLogEvents to the end of the invocation that indexed them. */
export interface DelaySample {
  readonly ms: number;
  readonly events: number;
}

/** Everything that the run itself counts, apart from what the functions say. */
export class Ledger {
  readonly groups = new Map<string, GroupCounts>();
  readonly filters = new Map<string, FilterCounts>();
  readonly attempts = new Map<string, AttemptCounts>();
  readonly delays: DelaySample[] = [];
  /** Why events were lost, in words, each once, with how many. */
  readonly losses = new Map<string, number>();

  group(name: string): GroupCounts {
    return entry(this.groups, name, () => ({ read: 0, put: 0, cut: 0, empty: 0, refusedByTime: 0 }));
  }

  filter(logGroup: string, filter: string, destination: string): FilterCounts {
    return entry(this.filters, `${logGroup} ${filter}`, () => ({
      ...{ logGroup, filter, destination },
      ...{ matched: 0, unmatched: 0, payloads: 0, redelivered: 0, done: 0, keptAside: 0, lost: 0 },
    }));
  }

  attempt(functionName: string): AttemptCounts {
    return entry(this.attempts, functionName, () => ({ events: 0, unreported: 0 }));
  }

  /** A function took them. */
  done(shipments: readonly Shipment[], elapsedMs: number): void {
    for (const shipment of shipments) {
      this.#of(shipment).done += shipment.events;
      if (!shipment.isRedelivery) this.delays.push({ ms: elapsedMs - shipment.putElapsedMs, events: shipment.events });
    }
  }

  /** They were given up, and an object in the on-failure bucket holds them. */
  keptAside(shipments: readonly Shipment[]): void {
    for (const shipment of shipments) this.#of(shipment).keptAside += shipment.events;
  }

  /** They were kept aside, were sent again from there, and a function took them. */
  takenLater(shipments: readonly Shipment[], elapsedMs: number): void {
    for (const shipment of shipments) this.#of(shipment).keptAside -= shipment.events;
    this.done(shipments, elapsedMs);
  }

  /** They are gone. */
  lost(shipments: readonly Shipment[], reason: string): void {
    for (const shipment of shipments) {
      this.#of(shipment).lost += shipment.events;
      this.losses.set(reason, (this.losses.get(reason) ?? 0) + shipment.events);
    }
  }

  /** Events that are neither taken nor given up yet. */
  underWay(): number {
    let count = 0;
    for (const { matched, redelivered, done, keptAside, lost } of this.filters.values())
      count += matched + redelivered - done - keptAside - lost;
    return count;
  }

  #of(shipment: Shipment): FilterCounts {
    const found = this.filters.get(`${shipment.logGroup} ${shipment.filter}`);
    if (!found) throw new Error(`no filter ${shipment.filter} on ${shipment.logGroup}`);
    return found;
  }
}

function entry<T>(map: Map<string, T>, key: string, make: () => T): T {
  let found = map.get(key);
  if (found === undefined) {
    found = make();
    map.set(key, found);
  }
  return found;
}
