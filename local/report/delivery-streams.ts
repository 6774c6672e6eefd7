import type { Wired } from '../run/wired.ts';

/** What a delivery stream took and gave. */
export interface DeliveryStreamReport {
  readonly name: string;
  /** Where it delivers: `s3://bucket` or an index name without its date. */
  readonly to: string;
  /** Records: put by others, put again by its function, and what the function answered. */
  readonly received: number;
  readonly putAgain: number;
  readonly ok: number;
  readonly dropped: number;
  readonly failed: number;
  /** Events at the destination, those that it refused (they lie under the error prefix), and objects. */
  readonly delivered: number;
  readonly refused: number;
  readonly objects: number;
}

/** The delivery streams of a run, in the templates' order. */
export function deliveryStreamReports({ account }: Pick<Wired, 'account'>): DeliveryStreamReport[] {
  return [...account.deliveryStreams.values()].map(({ spec, counts, delivered }) => ({
    name: spec.name,
    to: spec.destination.kind === 's3' ? `s3://${spec.destination.place.bucket}` : spec.destination.indexName,
    ...counts,
    ...delivered,
  }));
}

/** Documents that delivery streams have brought to the search. */
export function documentsByFirehose({ account }: Pick<Wired, 'account'>): number {
  let count = 0;
  for (const { spec, delivered } of account.deliveryStreams.values()) if (spec.destination.kind === 'search') count += delivered.delivered;
  return count;
}
