import type { InvocationResult } from '../lambda/function-host.ts';
import type { QueueMessage, SqsQueue } from './queue.ts';

/** The event source mapping of a queue as its template describes it. */
export interface QueueMappingSpec {
  readonly functionArn: string;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly windowMs: number;
  /** Invocations at a time; here at most one process per function runs, so more only wait. */
  readonly maximumConcurrency: number;
  /** Whether the answer says which messages failed. Without it an answer is success for all. */
  readonly partialBatchResponse: boolean;
}

/** What a mapping needs of the run. */
export interface QueueMappingPorts<T> {
  now(): number;
  at(atMs: number, run: () => void): void;
  track(work: Promise<void>): void;
  invoke(event: string, messages: readonly QueueMessage<T>[]): Promise<InvocationResult>;
  /** They were deleted. */
  onDone(messages: readonly QueueMessage<T>[]): void;
}

/** Reads a queue for a function, by the flags of its event source mapping: a message is deleted when the function is done with it, and comes again otherwise. */
export class QueueMapping<T> {
  readonly spec: QueueMappingSpec;
  readonly #queue: SqsQueue<T>;
  readonly #ports: QueueMappingPorts<T>;
  #busy = 0;

  constructor(spec: QueueMappingSpec, queue: SqsQueue<T>, ports: QueueMappingPorts<T>) {
    this.spec = spec;
    this.#queue = queue;
    this.#ports = ports;
    queue.onSent((visibleMs) => this.#later(visibleMs + spec.windowMs));
  }

  #later(atMs: number): void {
    this.#ports.at(atMs, () => this.#pump());
  }

  #pump(): void {
    while (this.#busy < this.spec.maximumConcurrency) {
      const messages = this.#queue.receive(this.spec.batchSize);
      if (messages.length === 0) return;
      this.#busy++;
      this.#ports.track(this.#attempt(messages));
    }
  }

  async #attempt(messages: readonly QueueMessage<T>[]): Promise<void> {
    const answer = await this.#ports.invoke(sqsEvent(messages, this.spec), messages);
    const failed = failedIds(answer, messages, this.spec.partialBatchResponse);
    const done = messages.filter(({ id }) => !failed.has(id));
    for (const message of done) this.#queue.delete(message);
    this.#ports.onDone(done);
    this.#busy--;
    this.#later(this.#ports.now());
    const next = this.#queue.nextVisibleMs();
    if (next !== undefined && next > this.#ports.now()) this.#later(next);
  }
}

/** Which messages stay in the queue. An answer that names a message that was not sent, or is none, fails them all, as Lambda does it. */
export function failedIds(
  answer: Pick<InvocationResult, 'error' | 'payload'>,
  messages: readonly { readonly id: string }[],
  isPartial: boolean,
): ReadonlySet<string> {
  const all = new Set(messages.map(({ id }) => id));
  if (answer.error) return all;
  if (!isPartial) return new Set();
  let failures: unknown;
  try {
    failures = (JSON.parse(answer.payload ?? 'null') as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  } catch {
    return all;
  }
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const ids = (failures as { itemIdentifier?: unknown }[]).map((failure) => failure?.itemIdentifier);
  return ids.every((id): id is string => typeof id === 'string' && all.has(id)) ? new Set(ids) : all;
}

function sqsEvent<T>(messages: readonly QueueMessage<T>[], { queueArn, region }: QueueMappingSpec): string {
  return JSON.stringify({
    Records: messages.map(({ id, body, receives, sentMs }) => ({
      messageId: id,
      receiptHandle: `${id}#${receives}`,
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentMs),
        ApproximateFirstReceiveTimestamp: String(sentMs),
      },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  });
}
