import { BACKOFF, type BackoffLimits, decideRetry, retryAfterMs } from '../core/delivery/backoff.ts';
import { classifyFailure, classifyItem, type Outcome } from '../core/delivery/outcome.ts';
import { type BulkLimits, halve, type PlannedRequest, planRequests } from '../core/delivery/plan.ts';
import type { BulkBatch, BulkDocument } from '../core/index/types.ts';
import type { BulkAnswer, PostBulk } from './bulk-request.ts';

/** The world as the sender sees it. */
export interface SenderPorts {
  readonly post: PostBulk;
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Time that the invocation has left, in ms. */
  readonly remainingMs: () => number;
  /** 0 to 1. */
  readonly random: () => number;
  /** Whether ISM may have made an index read-only. */
  readonly isPastWarmAge: (index: string) => boolean;
}

/** Limits of sending. `maxBytes` is lowered in place when the engine answers 413, so a caller that keeps the object remembers it. */
export interface SenderLimits {
  maxBytes: number;
  readonly maxDocuments: number;
  /** Requests at once. Two are worth 1.3 to 1.5 times one; four only add latency (docs/performance.md). */
  readonly connections: number;
  /** Longest wait for one answer, in ms. */
  readonly requestTimeoutMs: number;
  /** Time kept for dead letters and the answer, in ms. */
  readonly reserveMs: number;
  readonly backoff?: BackoffLimits;
}

/** What became of all documents. */
export interface SendResult {
  /** By batch and document, in the order that they came. Never `retry` without having been given up: such a document goes back to the route. */
  readonly outcomes: readonly (readonly Outcome[])[];
  readonly requests: number;
  /** Rounds that ended in a pause. */
  readonly pauses: number;
}

interface Pending {
  readonly batch: number;
  readonly position: number;
  readonly document: BulkDocument;
  readonly bytes: number;
}

/** Not sent yet: what a document is handed back with when time is up before its first attempt. */
const NOT_SENT: Outcome = { kind: 'retry', reason: 'out-of-time' };

class Sender {
  readonly outcomes: Outcome[][];
  /** Groups that must not share a request: halves of a request that failed as a whole. */
  groups: (readonly Pending[])[];
  requests = 0;
  pauses = 0;
  private failures = 0;
  private readonly batches: readonly BulkBatch[];
  private readonly ports: SenderPorts;
  private readonly limits: SenderLimits;

  constructor(batches: readonly BulkBatch[], ports: SenderPorts, limits: SenderLimits) {
    this.batches = batches;
    this.ports = ports;
    this.limits = limits;
    this.outcomes = batches.map(({ documents }) => new Array<Outcome>(documents.length).fill(NOT_SENT));
    const all: Pending[] = [];
    batches.forEach(({ documents }, batch) => {
      documents.forEach((document, position) => {
        all.push({ batch, position, document, bytes: document.end - document.start });
      });
    });
    this.groups = all.length > 0 ? [all] : [];
  }

  async run(): Promise<SendResult> {
    while (this.groups.length > 0) {
      const round = await this.round();
      if (this.groups.length === 0) break;
      // Halves after a 413 or a 400 go out at once: waiting would not make them smaller.
      if (!round.pushedBack) {
        if (this.timeIsUp()) break;
        continue;
      }
      this.failures = round.progress ? 1 : this.failures + 1;
      const decision = decideRetry(
        {
          failures: this.failures,
          ...(round.retryAfterMs === undefined ? {} : { retryAfterMs: round.retryAfterMs }),
          remainingMs: this.ports.remainingMs(),
          reserveMs: this.limits.reserveMs,
          random: this.ports.random(),
        },
        this.limits.backoff ?? BACKOFF,
      );
      if (decision.action === 'stop') break;
      this.pauses++;
      await this.ports.sleep(decision.delayMs);
    }
    return { outcomes: this.outcomes, requests: this.requests, pauses: this.pauses };
  }

  private timeIsUp(): boolean {
    return this.ports.remainingMs() - this.limits.reserveMs < (this.limits.backoff ?? BACKOFF).attemptMs;
  }

  /** Sends everything pending once. After a push-back of the engine as a whole the rest of the round stays unsent: it would meet the same. */
  private async round(): Promise<{ pushedBack: boolean; progress: boolean; retryAfterMs: number | undefined }> {
    const queue = this.groups.flatMap((group) => planRequests(group, this.bulkLimits()));
    this.groups = [];
    const state = { pushedBack: false, progress: false, retryAfterMs: undefined as number | undefined, halted: false };
    const again: Pending[] = [];
    const worker = async (): Promise<void> => {
      for (let request = queue.shift(); request; request = queue.shift()) {
        const learned = request.documents.length > 1 && request.bytes > this.limits.maxBytes;
        if (state.halted || learned || this.timeIsUp()) {
          this.groups.push(request.documents);
          if (this.timeIsUp()) state.pushedBack = true;
          continue;
        }
        await this.send(request, state, again);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, this.limits.connections) }, worker));
    if (again.length > 0) this.groups.push(again);
    return state;
  }

  private bulkLimits(): BulkLimits {
    return { maxBytes: this.limits.maxBytes, maxDocuments: this.limits.maxDocuments };
  }

  private async send(
    request: PlannedRequest<Pending>,
    state: { pushedBack: boolean; progress: boolean; retryAfterMs: number | undefined; halted: boolean },
    again: Pending[],
  ): Promise<void> {
    const { documents } = request;
    this.requests++;
    const answer = await this.ask(request);
    if (answer.kind === 'lost') {
      state.pushedBack = true;
      state.halted = true;
      for (const pending of documents) this.record(pending, { kind: 'retry', reason: answer.reason });
      this.groups.push(documents);
      return;
    }
    if (answer.kind === 'items') {
      documents.forEach((pending, position) => {
        const item = answer.items[position];
        if (!item) return;
        const outcome = classifyItem(item, { pastWarmAge: item.status !== 201 && this.ports.isPastWarmAge(pending.document.index) });
        this.record(pending, outcome);
        if (outcome.kind === 'retry') {
          state.pushedBack = true;
          again.push(pending);
        } else state.progress = true;
      });
      return;
    }
    this.refuse(request, answer, state);
  }

  private refuse(
    request: PlannedRequest<Pending>,
    answer: Extract<BulkAnswer, { kind: 'refused' }>,
    state: { pushedBack: boolean; progress: boolean; retryAfterMs: number | undefined; halted: boolean },
  ): void {
    const { documents, bytes } = request;
    const failure = classifyFailure(answer.status, answer.error);
    const { reason, detail } = failure;
    const words = { reason, ...(detail === undefined ? {} : { detail }) };
    if (failure.action === 'retry') {
      const asked = retryAfterMs(answer.retryAfter, this.ports.now());
      if (asked !== undefined) state.retryAfterMs = Math.max(asked, state.retryAfterMs ?? 0);
      state.pushedBack = true;
      state.halted = true;
      for (const pending of documents) this.record(pending, { kind: 'retry', ...words });
      this.groups.push(documents);
      return;
    }
    if (documents.length === 1) {
      const [only] = documents;
      if (only) this.record(only, { kind: 'final', ...words });
      state.progress = true;
      return;
    }
    // Half of what was refused, also when a bigger request was answered meanwhile: the limit only ever sinks.
    if (failure.tooLarge) this.limits.maxBytes = Math.max(1, Math.min(this.limits.maxBytes, Math.floor(bytes / 2)));
    for (const pending of documents) this.record(pending, { kind: 'retry', ...words });
    this.groups.push(...halve(documents));
  }

  private async ask(request: PlannedRequest<Pending>): Promise<BulkAnswer | { readonly kind: 'lost'; readonly reason: string }> {
    const timeoutMs = Math.max(1, Math.min(this.limits.requestTimeoutMs, this.ports.remainingMs() - this.limits.reserveMs));
    try {
      return await this.ports.post({ body: this.bodyOf(request.documents), documents: request.documents.length, timeoutMs });
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      return { kind: 'lost', reason: typeof code === 'string' ? code : 'no-answer' };
    }
  }

  /** Views into the batches' bodies; neighbours become one view, so nothing is copied and little is written. */
  private bodyOf(documents: readonly Pending[]): Uint8Array[] {
    const parts: Uint8Array[] = [];
    let batch = -1;
    let start = 0;
    let end = -1;
    const flush = (): void => {
      const body = this.batches[batch]?.body;
      if (body && end > start) parts.push(body.subarray(start, end));
    };
    for (const pending of documents) {
      if (pending.batch === batch && pending.document.start === end) {
        end = pending.document.end;
        continue;
      }
      flush();
      batch = pending.batch;
      start = pending.document.start;
      end = pending.document.end;
    }
    flush();
    return parts;
  }

  private record(pending: Pending, outcome: Outcome): void {
    const row = this.outcomes[pending.batch];
    if (row) row[pending.position] = outcome;
  }
}

/**
 * Sends the documents of all batches by `_bulk` and says what became of each. Never throws for what the engine does:
 * what is not done when the time is up comes back as `retry` with the last reason. A done document is never sent again.
 */
export async function sendBulk(batches: readonly BulkBatch[], ports: SenderPorts, limits: SenderLimits): Promise<SendResult> {
  return new Sender(batches, ports, limits).run();
}
