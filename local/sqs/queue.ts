/** A queue as its template describes it. */
export interface QueueSpec {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** How long a received message is hidden. */
  readonly visibilityMs: number;
  /** How long a new message is hidden that names no delay of its own. */
  readonly delayMs: number;
  readonly retentionMs: number;
  /** Where messages go that were received too often. */
  readonly redrive: { readonly deadLetterArn: string; readonly maximumReceives: number } | undefined;
}

/** SQS's limit of a delay, in ms. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const MAX_DELAY_MS = 900_000;

/** A message; `note` is what the run knows of it. */
export interface QueueMessage<T> {
  readonly id: string;
  readonly body: string;
  readonly note: T;
  readonly sentMs: number;
  receives: number;
  /** Hidden until then. */
  visibleMs: number;
}

/** What a queue needs of the run. */
export interface QueuePorts<T> {
  /** Run time in ms. */
  now(): number;
  /** A message was kept longer than the retention: it is gone. */
  onExpired(message: QueueMessage<T>): void;
  /** A message was received too often: it goes to the dead-letter queue. */
  onDeadLetter(message: QueueMessage<T>): void;
}

/** A standard queue on the run's clock: messages are hidden while they are worked on, come again, and end in the dead-letter queue. */
export class SqsQueue<T> {
  readonly spec: QueueSpec;
  readonly #ports: QueuePorts<T>;
  readonly #messages: QueueMessage<T>[] = [];
  readonly #listeners: ((visibleMs: number) => void)[] = [];
  #sent = 0;

  constructor(spec: QueueSpec, ports: QueuePorts<T>) {
    this.spec = spec;
    this.#ports = ports;
  }

  /** Messages that are neither deleted nor gone. */
  get size(): number {
    return this.#messages.length;
  }

  /** Calls back when a message was sent, with the time from which it can be received. */
  onSent(listener: (visibleMs: number) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes a message; it can be received after its delay. Throws for a delay that SQS refuses. */
  send(body: string, note: T, delayMs = this.spec.delayMs): void {
    if (!(delayMs >= 0 && delayMs <= MAX_DELAY_MS))
      throw new Error(`queue ${this.spec.name}: a delay is 0 to 900 s, got ${delayMs / 1000}`);
    const now = this.#ports.now();
    const visibleMs = now + delayMs;
    this.#messages.push({ id: `${this.spec.name}-${this.#sent++}`, body, note, sentMs: now, receives: 0, visibleMs });
    for (const listener of this.#listeners) listener(visibleMs);
  }

  /** Hands out up to `most` visible messages, in their order, and hides them. What was received too often goes to the dead-letter queue instead. */
  receive(most: number): QueueMessage<T>[] {
    const now = this.#ports.now();
    const received: QueueMessage<T>[] = [];
    for (const message of [...this.#messages]) {
      if (now - message.sentMs >= this.spec.retentionMs) {
        this.delete(message);
        this.#ports.onExpired(message);
        continue;
      }
      if (message.visibleMs > now || received.length === most) continue;
      if (this.spec.redrive !== undefined && message.receives >= this.spec.redrive.maximumReceives) {
        this.delete(message);
        this.#ports.onDeadLetter(message);
        continue;
      }
      message.receives++;
      message.visibleMs = now + this.spec.visibilityMs;
      received.push(message);
    }
    return received;
  }

  /** Removes a message for good. */
  delete(message: QueueMessage<T>): void {
    const at = this.#messages.indexOf(message);
    if (at >= 0) this.#messages.splice(at, 1);
  }

  /** When the next message can be received: now, later, or never (undefined). */
  nextVisibleMs(): number | undefined {
    let next: number | undefined;
    for (const { visibleMs } of this.#messages) next = Math.min(next ?? visibleMs, visibleMs);
    return next;
  }
}
