import { MAX_SYNC_PAYLOAD_BYTES } from '../lambda/function-host.ts';
import { decideBatch } from './decide.ts';
import type { DiscardCondition, MappingPorts, MappingSpec, Work } from './mapping-types.ts';
import { kinesisEvent, recordEventBytes } from './records.ts';
import type { KinesisStream, StreamRecord } from './stream.ts';

/** First wait before a retry; it doubles. Lambda backs off without saying how: these are ours, on the run's clock. */
const FIRST_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;

/** What one shard (or one part of it, with a parallelization factor) has before it: batches of a lane are in order, one at a time. */
interface Lane<T> {
  readonly waiting: StreamRecord<T>[];
  readonly works: Work<T>[];
  isBusy: boolean;
  hasTimer: boolean;
}

/** Reads a stream for a function, by every flag of its event source mapping. */
export class EventSourceMapping<T> {
  readonly spec: MappingSpec;
  readonly #stream: KinesisStream<T>;
  readonly #ports: MappingPorts<T>;
  readonly #lanes = new Map<string, Lane<T>>();

  constructor(spec: MappingSpec, stream: KinesisStream<T>, ports: MappingPorts<T>) {
    this.spec = spec;
    this.#stream = stream;
    this.#ports = ports;
    stream.read((record) => this.#add(record));
  }

  /** Records that no function has taken yet. */
  get pending(): number {
    let count = 0;
    for (const { waiting, works } of this.#lanes.values())
      count += waiting.length + works.reduce((sum, work) => sum + work.records.length, 0);
    return count;
  }

  #add(record: StreamRecord<T>): void {
    const key = `${record.shardId}/${laneOf(record.partitionKey, this.spec.parallelizationFactor)}`;
    let lane = this.#lanes.get(key);
    if (!lane) {
      lane = { waiting: [], works: [], isBusy: false, hasTimer: false };
      this.#lanes.set(key, lane);
    }
    lane.waiting.push(record);
    // At the end of the present moment, so that records put together travel together.
    const chosen = lane;
    this.#ports.at(this.#ports.now(), () => this.#pump(chosen));
  }

  #pump(lane: Lane<T>): void {
    if (lane.isBusy) return;
    if (lane.works.length === 0) {
      const batch = this.#takeBatch(lane);
      if (batch.length === 0) return;
      lane.works.push({ records: batch, retries: 0, invocations: 0, lastRequestId: '', lastWasError: false });
    }
    const work = this.#withoutTooOld(lane);
    if (!work) {
      this.#pump(lane);
      return;
    }
    lane.isBusy = true;
    this.#ports.track(this.#attempt(lane, work));
  }

  /** Records of the next batch; none while the window is open. Sets the timer of the window. */
  #takeBatch(lane: Lane<T>): StreamRecord<T>[] {
    const first = lane.waiting[0];
    if (!first) return [];
    let count = 0;
    let bytes = 0;
    while (count < lane.waiting.length && count < this.spec.batchSize) {
      const next = recordEventBytes(lane.waiting[count] as StreamRecord<T>);
      if (count > 0 && bytes + next > MAX_SYNC_PAYLOAD_BYTES - 64) break;
      bytes += next;
      count++;
    }
    const isFull = count === this.spec.batchSize || count < lane.waiting.length;
    const endMs = first.arrivalMs + this.spec.windowMs;
    if (isFull || this.#ports.now() >= endMs) return lane.waiting.splice(0, count);
    if (!lane.hasTimer) {
      lane.hasTimer = true;
      this.#ports.at(endMs, () => {
        lane.hasTimer = false;
        this.#pump(lane);
      });
    }
    return [];
  }

  /** The first work without records that the stream no longer keeps or that are too old; undefined where nothing is left of it. */
  #withoutTooOld(lane: Lane<T>): Work<T> | undefined {
    const work = lane.works[0];
    if (!work) return undefined;
    const now = this.#ports.now();
    const maxAgeMs = this.spec.maximumRecordAgeMs;
    const expired = work.records.filter((record) => now - record.arrivalMs > this.#stream.spec.retentionHours * 3_600_000);
    const tooOld = work.records.filter(
      (record) => maxAgeMs !== undefined && now - record.arrivalMs > maxAgeMs && !expired.includes(record),
    );
    if (expired.length > 0) this.#ports.onExpired(expired);
    if (tooOld.length > 0) this.#discard({ ...work, records: tooOld }, 'RecordAgeExceeded');
    const records = work.records.filter((record) => !expired.includes(record) && !tooOld.includes(record));
    if (records.length === 0) {
      lane.works.shift();
      return undefined;
    }
    lane.works[0] = { ...work, records };
    return lane.works[0];
  }

  async #attempt(lane: Lane<T>, work: Work<T>): Promise<void> {
    const { records } = work;
    const answer = await this.#ports.invoke(kinesisEvent(records, this.spec), records);
    const tried = { ...work, invocations: work.invocations + 1, lastRequestId: answer.requestId, lastWasError: answer.error !== undefined };
    const sequenceNumbers = records.map((record) => record.sequenceNumber);
    const decision = decideBatch(this.spec, sequenceNumbers, answer);
    lane.works.shift();
    let waitMs = 0;
    switch (decision.kind) {
      case 'done':
        this.#ports.onDone(records);
        break;
      case 'partial':
        this.#ports.onDone(records.slice(0, decision.from));
        waitMs = this.#retry(lane, { ...tried, records: records.slice(decision.from) }, decision.isSplit);
        break;
      case 'split':
        lane.works.unshift({ ...tried, records: records.slice(0, decision.at) }, { ...tried, records: records.slice(decision.at) });
        break;
      case 'retry':
        waitMs = this.#retry(lane, tried, false);
        break;
    }
    this.#ports.at(this.#ports.now() + waitMs, () => {
      lane.isBusy = false;
      this.#pump(lane);
    });
  }

  /** Puts the work first again, or gives it up. Returns how long to wait. */
  #retry(lane: Lane<T>, work: Work<T>, isSplit: boolean): number {
    const retries = work.retries + (isSplit ? 0 : 1);
    const limit = this.spec.maximumRetryAttempts;
    if (limit >= 0 && retries > limit) {
      this.#discard(work, 'RetryAttemptsExhausted');
      return 0;
    }
    lane.works.unshift({ ...work, retries });
    return isSplit ? 0 : Math.min(FIRST_BACKOFF_MS * 2 ** (retries - 1), MAX_BACKOFF_MS);
  }

  #discard(work: Work<T>, condition: DiscardCondition): void {
    this.#ports.onDiscard({
      records: work.records,
      condition,
      requestId: work.lastRequestId,
      invokeCount: work.invocations,
      hasFunctionError: work.lastWasError,
    });
  }
}

/** Records of one partition key stay in one lane, so their order holds. */
function laneOf(partitionKey: string, factor: number): number {
  let hash = 0;
  for (let at = 0; at < partitionKey.length; at++) hash = (hash * 31 + partitionKey.charCodeAt(at)) >>> 0;
  return hash % factor;
}
