/** A queue as its template describes it. */
export interface QueueSpec {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  /** How long a received message is hidden. */
  readonly visibilityMs: number;
  readonly retentionMs: number;
  /** Where messages go that were received too often. */
  readonly redrive: { readonly deadLetterArn: string; readonly maximumReceives: number } | undefined;
}

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
  readonly #listeners: (() => void)[] = [];
  #sent = 0;

  constructor(spec: QueueSpec, ports: QueuePorts<T>) {
    this.spec = spec;
    this.#ports = ports;
  }

  /** Messages that are neither deleted nor gone. */
  get size(): number {
    return this.#messages.length;
  }

  /** Calls back when a message was sent. */
  onSent(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Takes a message. */
  send(body: string, note: T): void {
    const now = this.#ports.now();
    this.#messages.push({ id: `${this.spec.name}-${this.#sent++}`, body, note, sentMs: now, receives: 0, visibleMs: now });
    for (const listener of this.#listeners) listener();
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
