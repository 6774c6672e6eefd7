import { JsonScanner } from '../../lambdas/core/insights/json-scan.ts';
import type { LogEvent } from '../../lambdas/core/insights/stage.ts';
import type { Value } from '../../lambdas/core/insights/value.ts';
import { klogDay } from '../../lambdas/core/parse/klog-day.ts';
import { createParser } from '../../lambdas/core/parse/registry.ts';
import { lastTime, rfc3339At, timeMs, twoDigits } from '../../lambdas/core/parse/time.ts';

/** Fields of a JSON line that hold its time, the surest first; `stageTimestamp` is when the API server wrote an audit event. */
const TIME_FIELDS = ['stageTimestamp', 'requestReceivedTimestamp', '@timestamp', 'timestamp', 'ts', 'time'];
const KLOG_HEADER = /^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d{6}/;

/**
 * Finds the time (ms) of lines that bring none from CloudWatch or a container runtime: their own. A line without a time of its own gets that of the
 * line before it, as the lines of a stack trace should. klog writes no year: `nowMs` gives it.
 */
export class LineTimes {
  private readonly scanners = TIME_FIELDS.map((name) => new JsonScanner([{ name, slot: 0 }]));
  /** The field that the last line had: tried alone first, since the lines of a file are alike. */
  private likely = 0;
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

  private own(event: LogEvent): number | undefined {
    const { text, start, end } = event;
    const first = text.charCodeAt(start);
    if (first === 123) return this.ofJson(event);
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

  private ofJson({ text, start, end, isBytes }: LogEvent): number | undefined {
    for (let i = -1; i < this.scanners.length; i++) {
      const field = i < 0 ? this.likely : i;
      if (i === this.likely) continue;
      this.scanners[field]?.scan(text, start, end, this.slots, isBytes);
      const ms = timeOfValue(this.slots[0]);
      // A surer field that a later line has is found only once the likely one is missing; one log does not mix them.
      if (ms !== undefined) {
        this.likely = field;
        return ms;
      }
    }
    return undefined;
  }
}

function finite(ms: number): number | undefined {
  return Number.isFinite(ms) ? ms : undefined;
}

/** RFC 3339 text, or seconds or milliseconds since 1970. */
function timeOfValue(value: Value): number | undefined {
  if (typeof value === 'string') return utcMillis(value) ?? finite(timeMs(value));
  if (typeof value !== 'number' || value < 1e8) return undefined;
  return value < 1e11 ? value * 1000 : value < 1e14 ? value : undefined;
}

const lastDay = { text: '', ms: 0 };

/** `2026-11-21T08:23:24.456468Z` in milliseconds, quickly: the day is looked up once for all of its lines. Undefined for any other form. */
function utcMillis(text: string): number | undefined {
  if (text.length < 24 || text.charCodeAt(10) !== 84 || text.charCodeAt(19) !== 46 || text.charCodeAt(text.length - 1) !== 90)
    return undefined;
  if (!text.startsWith(lastDay.text) || lastDay.text === '') {
    const ms = Date.parse(text.slice(0, 10));
    if (Number.isNaN(ms)) return undefined;
    lastDay.text = text.slice(0, 10);
    lastDay.ms = ms;
  }
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  const tens = twoDigits(text, 20);
  const ones = text.charCodeAt(22) - 48;
  if (hour < 0 || minute < 0 || second < 0 || tens < 0 || ones < 0 || ones > 9) return undefined;
  return lastDay.ms + hour * 3_600_000 + minute * 60_000 + second * 1000 + tens * 10 + ones;
}
