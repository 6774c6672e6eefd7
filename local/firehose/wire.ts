import type { Ledger, Shipment } from '../account/ledger.ts';
import type { MachineClock, RunClock } from '../clock/run-clock.ts';
import type { BucketStore } from '../s3/bucket-store.ts';
import { uuidOf } from '../template/attributes.ts';
import type { Resource } from '../template/resolver.ts';
import { DeliveryStream, type TransformResult } from './delivery-stream.ts';
import type { PostBulk } from './search-destination.ts';
import { readDeliveryStream } from './spec.ts';

/** Longest wait for an answer of the search, machine ms. */
const POST_TIMEOUT_MS = 60_000;

/** What delivery streams need of the account. */
export interface DeliveryParts {
  readonly clock: RunClock;
  readonly ledger: Ledger;
  readonly machine: MachineClock;
  readonly store: BucketStore;
  /** Where the search answers. */
  readonly endpoints: { readonly search: string };
}

/** Makes a delivery stream of the templates. */
export function wireDeliveryStream(
  resource: Resource,
  { clock, ledger, machine, store, endpoints }: DeliveryParts,
  invoke: (functionArn: string, event: string, notes: readonly Shipment[]) => Promise<TransformResult>,
): DeliveryStream<Shipment> {
  const spec = readDeliveryStream(resource);
  let ids = 0;
  return new DeliveryStream<Shipment>(spec, {
    now: () => clock.now(),
    at: (atMs, run) => clock.at(atMs, run),
    atPassing: (atMs, run) => clock.atPassing(atMs, run),
    track: (work) => clock.track(work),
    nextId: () => uuidOf(`${spec.name}/object/${ids++}`),
    putObject: (bucket, key, body, isGzip) =>
      store.put(bucket, key, body, { contentType: isGzip ? 'application/gzip' : 'application/octet-stream' }),
    invoke: (event, notes) => invoke(spec.processor?.functionArn ?? '', event, notes),
    post: postTo(endpoints.search),
    onDone: (notes) => ledger.done(notes, machine.elapsedMs()),
    onFailed: (notes) => ledger.keptAside(notes),
  });
}

function postTo(url: string): PostBulk {
  return async (body) => {
    const answer = await fetch(`${url}/_bulk`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
      signal: AbortSignal.timeout(POST_TIMEOUT_MS),
    });
    return { status: answer.status, text: await answer.text() };
  };
}
