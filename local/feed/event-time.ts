/** Reads a line's own time, in ms since the epoch; undefined where it has none. `yearOf` gives klog its year. */
export type TimeReader = (line: string) => number | undefined;

const KLOG = /^[IWEF](\d{2})(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3})\d*\s/;
const LOGRUS = /^time="?([^"\s]+)"?/;
const ISO = /\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?/;
const STAGE_TIME = '"stageTimestamp":"';
/** A time is looked for in this many characters from the start of a line. */
const SEARCHED = 200;

/** Times of control-plane lines: audit's stage time, klog's header (UTC, the year of `year`), logrus, zap. */
export function controlPlaneTime(year: number): TimeReader {
  return (line) => {
    if (line.startsWith('{')) return auditTime(line) ?? isoTime(line);
    const klog = KLOG.exec(line);
    if (klog) {
      const [, month, day, hour, minute, second, ms] = klog.map(Number);
      return Date.UTC(year, (month ?? 1) - 1, day, hour, minute, second, ms);
    }
    const logrus = LOGRUS.exec(line)?.[1];
    return logrus === undefined ? undefined : parse(logrus);
  };
}

/** Times of any line: those of the control plane, or the first ISO time near its start. */
export function anyTime(year: number): TimeReader {
  const controlPlane = controlPlaneTime(year);
  return (line) => controlPlane(line) ?? isoTime(line);
}

function auditTime(line: string): number | undefined {
  // The last one: a request's body, which anybody writes, comes before it, and quotes inside of texts are escaped.
  const at = line.lastIndexOf(STAGE_TIME);
  return at < 0 ? undefined : parse(line.slice(at + STAGE_TIME.length, at + STAGE_TIME.length + 40).split('"')[0] ?? '');
}

function isoTime(line: string): number | undefined {
  const found = ISO.exec(line.slice(0, SEARCHED))?.[0];
  if (found === undefined) return undefined;
  const text = found.replace(' ', 'T').replace(',', '.');
  return parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(text) ? text : `${text}Z`);
}

function parse(text: string): number | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** How far a line's time may lie before the one before it … */
const MAX_BACK_MS = 24 * 3_600_000;
/** … and after it: a gap of a file, not a typing error or a hostile line. */
const MAX_AHEAD_MS = 400 * 24 * 3_600_000;

/** Gives each line of a file a time: its own where that is believable after the line before, else that of the line before (`startMs` for the first). */
export class LineClock {
  readonly #read: TimeReader;
  readonly #startMs: number;
  #lastMs: number | undefined;

  constructor(read: TimeReader, startMs: number) {
    this.#read = read;
    this.#startMs = startMs;
  }

  /** Time of the next line, ms since the epoch; `framedMs` is what its framing says, which is asked first. */
  timeOf(line: string, framedMs?: number): number {
    if (framedMs !== undefined && isBelievable(framedMs, this.#lastMs)) this.#lastMs = framedMs;
    else {
      const own = this.#read(line);
      if (own !== undefined && isBelievable(own, this.#lastMs)) this.#lastMs = own;
    }
    return this.#lastMs ?? this.#startMs;
  }
}

/** Lines with their times. */
export async function* timed(
  lines: AsyncIterable<string>,
  read: TimeReader,
  startMs: number,
): AsyncGenerator<{ timestamp: number; message: string }> {
  const clock = new LineClock(read, startMs);
  for await (const message of lines) yield { timestamp: clock.timeOf(message), message };
}

function isBelievable(ms: number, lastMs: number | undefined): boolean {
  if (lastMs === undefined) return ms >= Date.UTC(2000, 0) && ms < Date.UTC(2100, 0);
  return ms >= lastMs - MAX_BACK_MS && ms <= lastMs + MAX_AHEAD_MS;
}
