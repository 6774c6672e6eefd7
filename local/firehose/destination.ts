/** A record on its way out. */
export interface OutgoingRecord {
  readonly recordId: string;
  readonly data: Buffer;
  readonly arrivalMs: number;
  readonly partitionKeys?: { readonly [key: string]: string };
}

/** What became of the records of a delivery stream, in events: a line of S3, a document of OpenSearch. */
export interface DeliveredCounts {
  delivered: number;
  /** Refused by the destination for good; an object under the error prefix holds them. */
  refused: number;
  objects: number;
}

/** What a destination needs of the world. */
export interface DestinationPorts {
  readonly now: () => number;
  /** Calls at a time of the run's clock, which goes on until then. */
  readonly at: (atMs: number, run: () => void) => void;
  /** Calls at a time of the run's clock, if the run gets that far. */
  readonly atPassing: (atMs: number, run: () => void) => void;
  readonly track: (work: Promise<void>) => void;
  readonly putObject: (bucket: string, key: string, body: Uint8Array, isGzip: boolean) => void;
  /** An id that is the same in every run. */
  readonly nextId: () => string;
}

/** Where a delivery stream's records go. */
export interface Destination {
  readonly counts: DeliveredCounts;
  /** Records that wait in a buffer. */
  readonly waiting: number;
  add(record: OutgoingRecord): void;
  /** Delivers what waits, as if its time had come. */
  flush(): void;
}
