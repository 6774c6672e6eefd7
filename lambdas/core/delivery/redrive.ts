import { LAMBDA_FAILURE_PREFIX, readFailureRecord } from './failure-record.ts';

/** What a synchronous invocation answered. */
export interface InvokeAnswer {
  /** HTTP status of the Invoke call: 200 also where the function threw. */
  readonly status: number;
  /** `Unhandled` and the like, where the function threw. */
  readonly functionError?: string;
  /** What the function returned, as JSON text. */
  readonly payload: string;
}

/** The world of a redrive. */
export interface RedrivePorts {
  /** Keys of objects below a prefix, in any order. */
  readonly list: (prefix: string) => Promise<readonly string[]>;
  /** Text of an object; undefined where somebody was quicker. */
  readonly get: (key: string) => Promise<string | undefined>;
  /** Invokes a function and waits; rejects where there was no answer. */
  readonly invoke: (functionName: string, event: string) => Promise<InvokeAnswer>;
  readonly remove: (key: string) => Promise<void>;
  /** Whether there is time for one more. */
  readonly hasTime: () => boolean;
  /** From 0 up to 1, without 1. */
  readonly random: () => number;
}

/** Settings of a redrive. */
export interface RedriveSettings {
  /** Names of the functions that may be invoked; objects of others are left alone. */
  readonly functions: readonly string[];
  readonly nowMs: number;
}

/** What became of the objects, in objects. */
export interface RedriveReport {
  /** Finished by their function, and removed. */
  readonly redriven: number;
  /** Tried, and not finished. */
  readonly failed: number;
  /** Still to be tried, by a later redrive. */
  readonly waiting: number;
  /** For people: too old to be tried again, or no record of an invocation. */
  readonly givenUp: number;
}

/** Age at which an object is left to people, in ms: what has failed for a week fails for a reason of its own. */
export const MAX_AGE_MS = 7 * 86_400_000;
/** So many failures, one after the other, mean that the search is away still: the rest waits for the next redrive. */
export const FAILURES_TO_STOP = 3;
/** Invocations at a time: a search that is just back is not overrun. */
const WORKERS = 4;

/** Whether an answer means that everything in the event is done. */
export function isFinished(kind: 'async' | 'stream', answer: InvokeAnswer): boolean {
  if (answer.status !== 200 || answer.functionError !== undefined) return false;
  if (kind === 'async') return true;
  let returned: unknown;
  try {
    returned = JSON.parse(answer.payload);
  } catch {
    return false;
  }
  const failures = (returned as { batchItemFailures?: unknown } | null)?.batchItemFailures;
  return Array.isArray(failures) && failures.length === 0;
}

/** When Lambda wrote an object, by its key, in ms; undefined for a key that is not Lambda's. */
export function keyTimeMs(key: string): number | undefined {
  const found = /\/(\d{4}-\d{2}-\d{2})T(\d{2})\.(\d{2})\.(\d{2})-[^/]*$/.exec(key);
  const ms = found ? Date.parse(`${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`) : Number.NaN;
  return Number.isFinite(ms) ? ms : undefined;
}

/**
 * Sends again what Lambda gave up on: asynchronous invocations after their attempts, batches of a stream after their age. Each function gets the
 * very event that it got before, so the `_id`s are the same and a repetition is harmless. In random order, so that objects which fail always do not
 * stand in the way of the others.
 */
export async function redrive(ports: RedrivePorts, settings: RedriveSettings): Promise<RedriveReport> {
  const keys = (await ports.list(LAMBDA_FAILURE_PREFIX)).filter((key) => isOurs(key, settings.functions));
  const [old, young] = [keys.filter((key) => isTooOld(key, settings)), keys.filter((key) => !isTooOld(key, settings))];
  const queue = shuffled(young, ports.random);
  let redriven = 0;
  let failed = 0;
  let failedInARow = 0;
  let givenUp = old.length;
  const work = async (): Promise<void> => {
    while (failedInARow < FAILURES_TO_STOP && queue.length > 0 && ports.hasTime()) {
      const outcome = await sendAgain(queue.pop() ?? '', ports, settings);
      if (outcome === 'done') redriven++;
      else if (outcome === 'failed') failed++;
      else if (outcome === 'unreadable') givenUp++;
      if (outcome === 'done') failedInARow = 0;
      else if (outcome === 'failed') failedInARow++;
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return { redriven, failed, waiting: queue.length, givenUp };
}

type Outcome = 'done' | 'failed' | 'unreadable' | 'not-ours' | 'gone';

async function sendAgain(key: string, ports: RedrivePorts, { functions }: RedriveSettings): Promise<Outcome> {
  const text = await ports.get(key);
  if (text === undefined) return 'gone';
  const read = readFailureRecord(text);
  if (!read.ok) return 'unreadable';
  const { record } = read;
  if (!functions.includes(record.function)) return 'not-ours';
  let answer: InvokeAnswer;
  try {
    answer = await ports.invoke(record.function, JSON.stringify(record.event));
  } catch {
    return 'failed';
  }
  if (!isFinished(record.kind, answer)) return 'failed';
  await ports.remove(key);
  return 'done';
}

/** Keys of asynchronous invocations name their function; those of streams name the mapping, so the object must tell. */
function isOurs(key: string, functions: readonly string[]): boolean {
  const name = /^aws\/lambda\/async\/([^/]+)\//.exec(key)?.[1];
  return name === undefined || functions.includes(name);
}

function isTooOld(key: string, { nowMs }: RedriveSettings): boolean {
  return nowMs - (keyTimeMs(key) ?? nowMs) > MAX_AGE_MS;
}

/** Fisher and Yates' shuffle of a copy. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const item = copy[last] as T;
    copy[last] = copy[other] as T;
    copy[other] = item;
  }
  return copy;
}
