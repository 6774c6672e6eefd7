import { readFailureRecord } from '../../lambdas/core/delivery/failure-record.ts';
import { isFinished } from '../../lambdas/core/delivery/redrive.ts';
import type { FailureObject } from '../kinesis/records.ts';
import type { InvocationResult } from '../lambda/function-host.ts';
import type { Shipment } from './ledger.ts';

interface Kept {
  readonly kind: 'async' | 'stream';
  readonly shipments: readonly Shipment[];
}

/** What on-failure objects hold, by the text of their event: a function that sends such an event again sends these shipments. */
export class Aside {
  readonly #kept = new Map<string, Kept>();

  /** Remembers what an object holds. */
  keep({ body }: FailureObject, shipments: readonly Shipment[]): void {
    const read = readFailureRecord(body);
    if (read.ok) this.#kept.set(JSON.stringify(read.record.event), { kind: read.record.kind, shipments });
  }

  /** The shipments of an event; none for an event that was never given up. */
  of(event: string): readonly Shipment[] {
    return this.#kept.get(event)?.shipments ?? [];
  }

  /** Forgets what a function finished, and returns it: nothing, where it failed or handed something back. */
  finish(event: string, { payload = '', error }: InvocationResult): readonly Shipment[] {
    const kept = this.#kept.get(event);
    const answer = { status: 200, payload, ...(error ? { functionError: error.errorType } : {}) };
    if (!kept || !isFinished(kept.kind, answer)) return [];
    this.#kept.delete(event);
    return kept.shipments;
  }
}
