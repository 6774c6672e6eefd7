import type { MachineClock, RunClock } from '../clock/run-clock.ts';
import type { InvocationResult } from '../lambda/function-host.ts';
import type { BucketStore } from '../s3/bucket-store.ts';
import { type BucketNotification, objectCreated, readNotifications } from '../s3/notifications.ts';
import { QueueMapping } from '../sqs/mapping.ts';
import { SqsQueue } from '../sqs/queue.ts';
import type { Resource } from '../template/resolver.ts';
import type { Ledger, Shipment } from './ledger.ts';
import { readQueueMappingSpec, readQueueSpec } from './specs.ts';

/** Invokes the function of a mapping with messages. */
export type InvokeWithMessages = (event: string, shipments: readonly Shipment[]) => Promise<InvocationResult>;

/** What the queues need of the account. */
export interface MessageParts {
  readonly clock: RunClock;
  readonly machine: MachineClock;
  readonly ledger: Ledger;
  readonly store: BucketStore;
}

/** The SQS queues of the templates, their mappings, and the buckets that tell them of new objects. */
export class MessageQueues {
  /** By ARN. */
  readonly queues = new Map<string, SqsQueue<Shipment | undefined>>();
  readonly mappings: QueueMapping<Shipment | undefined>[] = [];
  readonly #notifications: BucketNotification[] = [];
  readonly #parts: MessageParts;

  constructor(parts: MessageParts) {
    this.#parts = parts;
  }

  /** Makes a queue of the templates. */
  make(resource: Resource): void {
    const { clock, ledger } = this.#parts;
    const spec = readQueueSpec(resource);
    const notes = (note: Shipment | undefined): Shipment[] => (note === undefined ? [] : [note]);
    const queue = new SqsQueue<Shipment | undefined>(spec, {
      now: () => clock.now(),
      onExpired: ({ note }) => ledger.lost(notes(note), `expired in queue ${spec.name}`),
      onDeadLetter: ({ body, note }) => {
        this.queues.get(spec.redrive?.deadLetterArn ?? '')?.send(body, note);
        ledger.keptAside(notes(note));
      },
    });
    this.queues.set(spec.arn, queue);
  }

  /** Takes over what a bucket of the templates tells queues of. */
  listenTo(bucket: Resource): void {
    this.#notifications.push(...readNotifications(bucket));
  }

  /** Makes the mapping of a queue, and by `start` its function; false where the mapping is of something else. Throws where the templates have no such queue. */
  wireMapping(resource: Resource, functionArn: string, start: () => InvokeWithMessages): boolean {
    const spec = readQueueMappingSpec(resource, functionArn);
    if (!spec) return false;
    const queue = this.queues.get(spec.queueArn);
    if (!queue) throw new Error(`${resource.path}: no queue ${spec.queueArn} in the templates`);
    const invoke = start();
    const { clock, ledger, machine } = this.#parts;
    const notes = (messages: readonly { readonly note: Shipment | undefined }[]): Shipment[] => messages.flatMap(({ note }) => note ?? []);
    this.mappings.push(
      new QueueMapping<Shipment | undefined>(spec, queue, {
        now: () => clock.now(),
        at: (atMs, run) => clock.at(atMs, run),
        track: (work) => clock.track(work),
        invoke: (event, messages) => invoke(event, notes(messages)),
        onDone: (messages) => ledger.done(notes(messages), machine.elapsedMs()),
      }),
    );
    return true;
  }

  /** Puts an object as its service does, and tells the queues that want to hear of it. Returns how many were told. */
  putObject(bucket: string, key: string, body: Uint8Array, lines: number, isRedelivery = false): number {
    const { clock, ledger, machine, store } = this.#parts;
    if (!isRedelivery) store.put(bucket, key, body, { contentType: 'application/gzip' });
    const told = this.#notifications.filter((notification) => notification.bucket === bucket);
    for (const notification of told) {
      const queue = this.queues.get(notification.queueArn);
      if (!queue) throw new Error(`bucket ${bucket}: no queue ${notification.queueArn} in the templates`);
      const logGroup = `s3://${bucket}`;
      const counts = ledger.filter(logGroup, queue.spec.name, notification.queueArn);
      counts.payloads++;
      if (isRedelivery) counts.redelivered += lines;
      else counts.matched += lines;
      const note = { events: lines, logGroup, filter: queue.spec.name, putElapsedMs: machine.elapsedMs(), isRedelivery };
      queue.send(objectCreated(notification, key, body, clock.now()), note);
    }
    return told.length;
  }

  /** Takes a message that a function sends; false where the templates have no such queue. Without a delay the queue's own counts. */
  send(queueUrl: string, body: string, delayMs?: number): boolean {
    const queue = this.#at(queueUrl);
    queue?.send(body, undefined, delayMs);
    return queue !== undefined;
  }

  /** Whether the templates have a queue of this address. */
  has(queueUrl: string): boolean {
    return this.#at(queueUrl) !== undefined;
  }

  #at(queueUrl: string): SqsQueue<Shipment | undefined> | undefined {
    return [...this.queues.values()].find(({ spec }) => spec.url === queueUrl);
  }
}
