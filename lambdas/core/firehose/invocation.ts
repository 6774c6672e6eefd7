import { addCounts, emptyCounts } from '../delivery/counts.ts';
import { type DeadLetter, deadLetterKey } from '../delivery/dead-letter.ts';
import { type SourceReport, UNKNOWN_SOURCE } from '../delivery/deliver.ts';
import { addDelay, addTally, noDelay, type Tally } from '../delivery/settle.ts';
import type { PartitionKeys } from './partition.ts';
import { type Entry, failedPlan, MAX_ANSWER_BYTES, type RecordPlan, requeuedPlan } from './record-plan.ts';

/** One record of an invocation. */
export interface RecordIn {
  readonly recordId: string;
  readonly data: Uint8Array;
  /** When the stream took it, in ms since the epoch. */
  readonly arrivedMs: number;
}

/** What becomes of it. */
export type RecordOut =
  | { readonly recordId: string; readonly result: 'Ok'; readonly data: Uint8Array; readonly partition?: PartitionKeys }
  | { readonly recordId: string; readonly result: 'Dropped' }
  | { readonly recordId: string; readonly result: 'ProcessingFailed' };

/** What an invocation is made of. */
export interface InvocationPorts {
  /** Decides about one record; `room` says whether so many bytes still fit into the answer. Never throws for what a record holds. */
  readonly plan: (record: RecordIn, hasRoom: (bytes: number) => boolean) => RecordPlan;
  /** Puts records into their streams; says of each whether it was accepted. Never rejects. */
  readonly reingest: (entries: readonly Entry[]) => Promise<readonly boolean[]>;
  /** Writes dead letters; rejects where it is not certain that they were written. */
  readonly keep: (key: string, letters: readonly DeadLetter[]) => Promise<void>;
  readonly hash: (text: string) => string;
  /** Whether there is time for another record. */
  readonly hasTime: () => boolean;
}

/** Settings of an invocation. */
export interface InvocationSettings {
  readonly function: string;
  /** The delivery stream that asks. */
  readonly stream: string;
}

/** What an invocation came to. */
export interface InvocationReport {
  readonly records: readonly RecordOut[];
  readonly sources: ReadonlyMap<string, SourceReport>;
  /** Records that failed, by reason: the delivery stream keeps their originals under its error prefix. */
  readonly failed: Tally;
  /** Records that were put into a stream again, those that went back as they came included. */
  readonly reingested: number;
}

/** A record of an answer besides its data: ids have some 60 characters, partition keys some 150. */
const RECORD_OVERHEAD_BYTES = 400;
/** Bytes that wait to be put again at most: bounds the memory of an invocation. */
const FLUSH_BYTES = 8 * 1024 * 1024;

interface Planned {
  readonly record: RecordIn;
  readonly plan: RecordPlan;
  accepted: number;
  acceptedEvents: number;
}

/** Answers one invocation: plans each record, puts again what must be, and drops an original only after all that was made of it was accepted. */
export async function transformRecords(
  records: readonly RecordIn[],
  ports: InvocationPorts,
  settings: InvocationSettings,
): Promise<InvocationReport> {
  return new Invocation(ports, settings).run(records);
}

class Invocation {
  readonly #ports: InvocationPorts;
  readonly #settings: InvocationSettings;
  readonly #sources = new Map<string, SourceReport>();
  readonly #failed: Tally = {};
  #answerBytes = 0;
  #waiting: { readonly planned: Planned; readonly entry: Entry }[] = [];
  #waitingBytes = 0;
  #reingested = 0;

  constructor(ports: InvocationPorts, settings: InvocationSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  async run(records: readonly RecordIn[]): Promise<InvocationReport> {
    const all: Planned[] = [];
    for (const record of records) {
      const planned = { record, plan: await this.#keepLetters(record, this.#plan(record)), accepted: 0, acceptedEvents: 0 };
      all.push(planned);
      if (planned.plan.failure !== undefined) continue;
      for (const entry of planned.plan.entries) {
        this.#waiting.push({ planned, entry });
        this.#waitingBytes += entry.data.length;
      }
      if (this.#waitingBytes >= FLUSH_BYTES) await this.#flush();
    }
    await this.#flush();
    return {
      records: all.map((planned) => this.#conclude(planned)),
      sources: this.#sources,
      failed: this.#failed,
      reingested: this.#reingested,
    };
  }

  #plan(record: RecordIn): RecordPlan {
    const { hasTime, plan } = this.#ports;
    this.#answerBytes += RECORD_OVERHEAD_BYTES;
    if (!hasTime()) return requeuedPlan(this.#settings.stream, record.data, 'out-of-time');
    let made: RecordPlan;
    try {
      made = plan(record, (bytes) => this.#answerBytes + base64Bytes(bytes) <= MAX_ANSWER_BYTES);
    } catch (error) {
      // A call that throws would come again until Firehose gives all of its records up: one that breaks a step must not take the others with it.
      const detail = error instanceof Error ? `${error.name}: ${error.message}`.slice(0, 1_000) : 'unknown';
      return failedPlan('transform-failed', { detail });
    }
    if (made.answer !== undefined) this.#answerBytes += base64Bytes(made.answer.data.length);
    return made;
  }

  /** First of all: a record whose dead letters cannot be written fails as a whole, and nothing of it may be on its way already. */
  async #keepLetters(record: RecordIn, plan: RecordPlan): Promise<RecordPlan> {
    const { source = UNKNOWN_SOURCE, letters } = plan;
    if (letters.length === 0) return plan;
    const { function: name } = this.#settings;
    const { hash, keep } = this.#ports;
    const timeMs = letters[0]?.timestamp || record.arrivedMs;
    const identity = `${record.recordId} ${letters.map(({ id }) => id).join(' ')}`;
    try {
      await keep(deadLetterKey({ source, function: name, timeMs, payloadHash: hash(identity) }), letters);
      return plan;
    } catch {
      // Its events are all in the original, which the delivery stream keeps.
      const counts = { ...emptyCounts(), received: plan.counts.received, deadLettered: plan.counts.received };
      return { ...plan, counts, letters: [], entries: [], failure: { reason: 'dead-letter-not-written' } };
    }
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (waiting.length === 0) return;
    const accepted = await this.#ports.reingest(waiting.map(({ entry }) => entry));
    for (const [position, { planned, entry }] of waiting.entries()) {
      if (accepted[position] !== true) continue;
      planned.accepted++;
      planned.acceptedEvents += entry.events;
      this.#reingested++;
    }
  }

  #conclude({ record, plan, accepted, acceptedEvents }: Planned): RecordOut {
    const { recordId } = record;
    const failure = plan.failure ?? (accepted < plan.entries.length ? { reason: 'reingest-failed' } : undefined);
    const handedOn = acceptedEvents + (failure === undefined ? (plan.answer?.events ?? 0) : 0);
    const planned = plan.entries.reduce((sum, { events }) => sum + events, plan.answer?.events ?? 0);
    this.#count(plan, handedOn, plan.failure === undefined ? planned - handedOn : 0, failure?.reason);
    if (failure !== undefined) {
      addTally(this.#failed, { [failure.reason]: 1 });
      return { recordId, result: 'ProcessingFailed' };
    }
    if (plan.answer === undefined) return { recordId, result: 'Dropped' };
    const { data, partition } = plan.answer;
    return { recordId, result: 'Ok', data, ...(partition === undefined ? {} : { partition }) };
  }

  #count(plan: RecordPlan, handedOn: number, lost: number, reason: string | undefined): void {
    if (plan.source === undefined) return;
    const report = this.#report(plan.source);
    addCounts(report.counts, plan.counts);
    report.counts.handedOn = (report.counts.handedOn ?? 0) + handedOn;
    report.counts.deadLettered += lost;
    addTally(report.wouldExclude, plan.wouldExclude);
    for (const letter of plan.letters) addTally(report.deadLettered, { [letter.reason]: 1 });
    if (reason !== undefined) addTally(report.deadLettered, { [reason]: plan.failure === undefined ? lost : plan.counts.received });
    else addDelay(report.delay, plan.delay);
  }

  #report(source: string): SourceReport {
    const existing = this.#sources.get(source);
    if (existing) return existing;
    const made = { counts: emptyCounts(), delay: noDelay(), wouldExclude: {}, deadLettered: {}, returned: {} };
    this.#sources.set(source, made);
    return made;
  }
}

/** Bytes of base64 text, and what the record around it needs. */
function base64Bytes(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
