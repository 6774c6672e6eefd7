import { JsonScanner } from '../../lambdas/core/insights/json-scan.ts';
import type { LogEvent } from '../../lambdas/core/insights/stage.ts';
import type { Value } from '../../lambdas/core/insights/value.ts';
import { klogDay } from '../../lambdas/core/parse/klog-day.ts';
import { createParser } from '../../lambdas/core/parse/registry.ts';
import { lastTime, rfc3339At, timeMs } from '../../lambdas/core/parse/time.ts';

/** Fields of a JSON line that hold its time, the surest first; `stageTimestamp` is when the API server wrote an audit event. */
const TIME_FIELDS = ['stageTimestamp', 'requestReceivedTimestamp', '@timestamp', 'timestamp', 'ts', 'time'];
const KLOG_HEADER = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6}/;

/**
 * Finds the time (ms) of lines that bring none from CloudWatch or a container runtime: their own. A line without a time of its own gets that of the
 * line before it, as the lines of a stack trace should. klog writes no year: `nowMs` gives it.
 */
export class LineTimes {
  private readonly scanner = new JsonScanner(TIME_FIELDS.map((name, slot) => ({ name, slot })));
  private readonly slots: Value[] = [];
  private readonly parse = createParser('auto');
  private readonly nowMs: number;
  private last: number | undefined;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** A new file: its first lines have no line before them. */
  reset(): void {
    this.last = undefined;
  }

  of(event: LogEvent): number | undefined {
    const found = this.own(event);
    if (found !== undefined) this.last = found;
    return this.last;
  }

  private own({ text, start, end }: LogEvent): number | undefined {
    const first = text.charCodeAt(start);
    if (first === 123) {
      this.scanner.scan(text, start, end, this.slots);
      for (const value of this.slots) {
        const ms = timeOfValue(value);
        if (ms !== undefined) return ms;
      }
      return undefined;
    }
    const head = text.slice(start, Math.min(end, start + 40));
    if (KLOG_HEADER.test(head)) {
      const day = klogDay(head, this.nowMs);
      return day === undefined ? undefined : Date.parse(`${day}${head.slice(6, 18)}Z`);
    }
    const utc = rfc3339At(head, 0);
    if (utc !== undefined && lastTime.end > 0) return finite(timeMs(utc));
    // A blank at the beginning, or nothing: a line that goes on with the one before.
    if (first <= 32 || start >= end) return undefined;
    const parsed = this.parse(text.slice(start, end), { eventTimeMs: this.nowMs })?.timestamp;
    return parsed === undefined ? undefined : finite(timeMs(parsed));
  }
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) ? ms : undefined;
}

/** RFC 3339 text, or seconds or milliseconds since 1970. */
function timeOfValue(value: Value): number | undefined {
  if (typeof value === 'string') return finite(timeMs(value));
  if (typeof value !== 'number' || value < 1e8) return undefined;
  return value < 1e11 ? value * 1000 : value < 1e14 ? value : undefined;
}
