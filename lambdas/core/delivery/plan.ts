/** Limits of one `_bulk` request. */
export interface BulkLimits {
  /** Bytes of the body before compression. Small data nodes take 10 MiB, others 100; 5 MiB is planned for. */
  readonly maxBytes: number;
  /** Documents (action and source line together). */
  readonly maxDocuments: number;
}

/** What the planner needs of a document. */
export interface Sized {
  readonly bytes: number;
}

/** Documents for one request, in their order. */
export interface PlannedRequest<T extends Sized> {
  readonly documents: readonly T[];
  readonly bytes: number;
}

/**
 * Splits documents into requests: in order, each at most `maxBytes` and `maxDocuments`, as few as that allows.
 * A document that is bigger than `maxBytes` gets a request of its own: only the engine may say that it is too big.
 */
export function planRequests<T extends Sized>(documents: readonly T[], limits: BulkLimits): PlannedRequest<T>[] {
  const requests: PlannedRequest<T>[] = [];
  let current: T[] = [];
  let bytes = 0;
  for (const document of documents) {
    if (current.length > 0 && (bytes + document.bytes > limits.maxBytes || current.length >= limits.maxDocuments)) {
      requests.push({ documents: current, bytes });
      current = [];
      bytes = 0;
    }
    current.push(document);
    bytes += document.bytes;
  }
  if (current.length > 0) requests.push({ documents: current, bytes });
  return requests;
}

/** Halves what failed as a whole, so that the halves are sent apart; both are smaller than what came in. */
export function halve<T>(documents: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = Math.ceil(documents.length / 2);
  return [documents.slice(0, middle), documents.slice(middle)];
}
