import { detached } from './json-text.ts';

/** How a container's records are written: a collector writes all of them alike. */
interface Layout<Part> {
  /** Keys of string members before and after `log`, in order. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Whether one of them is `logtag`: only records that are whole lines are read by a layout. */
  readonly isTagged: boolean;
  /** From the comma before `"kubernetes"` to the record's end: the same text in every record of a container. */
  readonly suffix: string;
  /** What that text says. */
  readonly part: Part;
}

/** What a record's varying members hold. */
export interface LaidOut<Part> {
  readonly log: string;
  readonly stream: string;
  readonly time: string;
  readonly part: Part;
}

/** Layouts that are kept: as many containers may take turns in one log stream before their records are read the long way. */
const MAX_LAYOUTS = 64;

/** Longest value of a member that is not `log`, such as `time`. */
const MAX_VALUE_CHARS = 64;

/** Layouts of the containers seen last; `Part` is what is known of a container. */
export class Layouts<Part> {
  readonly #kept: Layout<Part>[] = [];

  /**
   * Remembers how `text` is written, if it is `{"key":"…",…,"log":"…",…,"kubernetes":{…}}` without blanks between tokens. `text` must be valid JSON;
   * `members` are its first level's keys in order, `kubernetesStart` the position of that member's value, `part` what it says.
   */
  learn(text: string, members: readonly string[], kubernetesStart: number, part: Part): void {
    const at = members.indexOf('log');
    if (members.includes('partial_message')) return;
    if (at < 0 || members.at(-1) !== 'kubernetes') return;
    const suffix = detached(text.slice(kubernetesStart - ',"kubernetes":'.length));
    if (!suffix.startsWith(',"kubernetes":{')) return;
    const before = members.slice(0, at).map((key) => `"${key}":"`);
    const after = members.slice(at + 1, -1).map((key) => `,"${key}":"`);
    const learnt: Layout<Part> = { before, after, isTagged: members.includes('logtag'), suffix, part };
    if (readBy(learnt, text) === undefined) return;
    if (this.#kept.length === MAX_LAYOUTS) this.#kept.pop();
    this.#kept.unshift(learnt);
  }

  /** Reads a record that is written like one before, without a scan of all of it; undefined where it is not. */
  read(text: string): LaidOut<Part> | undefined {
    for (let k = 0; k < this.#kept.length; k++) {
      const layout = this.#kept[k] as Layout<Part>;
      const suffixStart = text.length - layout.suffix.length;
      // Equality compares memory; endsWith and indexOf go character by character, which takes three times as long.
      if (suffixStart < 0 || text.slice(suffixStart) !== layout.suffix) continue;
      const found = readBy(layout, text);
      if (found === undefined) continue;
      // One place forward: who writes much comes first, and who takes turns does not push the others around.
      if (k > 0) {
        this.#kept[k] = this.#kept[k - 1] as Layout<Part>;
        this.#kept[k - 1] = layout;
      }
      return found;
    }
    return undefined;
  }
}

function readBy<Part>({ before, after, isTagged, suffix, part }: Layout<Part>, text: string): LaidOut<Part> | undefined {
  const suffixStart = text.length - suffix.length;
  let stream = '';
  let time = '';
  let i = 1;
  for (let k = 0; k < before.length; k++) {
    const key = before[k] as string;
    if (!text.startsWith(key, i)) return undefined;
    const start = i + key.length;
    const end = text.indexOf('"', start);
    if (end < 0 || end - start > MAX_VALUE_CHARS || text.charCodeAt(end + 1) !== 44) return undefined;
    const value = text.slice(start, end);
    if (value.includes('\\') || (isTagged && value !== 'F' && key.endsWith('"logtag":"'))) return undefined;
    if (key === '"time":"') time = value;
    else if (key === '"stream":"') stream = value;
    i = end + 2;
  }
  if (!text.startsWith('"log":"', i)) return undefined;
  const logStart = i + 6;
  // From the end backwards, so that the line itself need not be walked: in JSON a quote before `,"stream":"` can only end a string.
  let end = suffixStart;
  for (let k = after.length - 1; k >= 0; k--) {
    const key = after[k] as string;
    const open = text.lastIndexOf('"', end - 2);
    const start = open - key.length + 1;
    if (start <= logStart || end - open > MAX_VALUE_CHARS || text.charCodeAt(end - 1) !== 34 || !text.startsWith(key, start))
      return undefined;
    const value = text.slice(open + 1, end - 1);
    if (value.includes('\\') || (isTagged && value !== 'F' && key.endsWith('"logtag":"'))) return undefined;
    if (key === ',"time":"') time = value;
    else if (key === ',"stream":"') stream = value;
    end = start;
  }
  if (end - 1 <= logStart || text.charCodeAt(end - 1) !== 34 || (stream !== 'stdout' && stream !== 'stderr')) return undefined;
  const log = stringBetween(text, logStart, end);
  return log === undefined ? undefined : { log, stream, time, part };
}

/** The string of the JSON between the positions; undefined where it is not exactly one string. */
function stringBetween(text: string, start: number, end: number): string | undefined {
  const raw = text.slice(start + 1, end - 1);
  if (!raw.includes('\\')) return raw.includes('"') ? undefined : raw;
  try {
    const value: unknown = JSON.parse(text.slice(start, end));
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
