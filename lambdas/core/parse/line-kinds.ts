import { isKlogHeader } from './klog.ts';
import { twoDigits } from './time.ts';

/** What the first line of a record is, as far as joining has to know. */
export type LineKind =
  | 'klog'
  /** `time | level | …` with its body on the lines after. */
  | 'pipe'
  /** A time stamp and a level: Java, Python and their like. */
  | 'stamped'
  /** A Java exception without a log line before it. */
  | 'exception'
  /** `Traceback (most recent call last):` without a log line before it. */
  | 'traceback'
  /** Nothing can follow it: JSON, logfmt, access logs. */
  | 'single'
  /** Anything else; only what is indented, a stack frame or a dump goes on with it. */
  | 'text';

const LEVEL = '(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|FATAL|CRITICAL|SEVERE|CONFIG|FINE|FINER|FINEST)';
const DATE = '(?:\\d{4}[-/.]\\d\\d[-/.]\\d\\d|\\d\\d[-/. ](?:\\d\\d|[A-Z][a-z]{2})[-/. ]\\d{4})';
const CLOCK = '\\d\\d:\\d\\d:\\d\\d';
const STAMP = new RegExp(`^\\[?(?:${DATE}[T ,]{1,3}${CLOCK}|${CLOCK}[.,]\\d{3})`);
const JUL_STAMP = /^[A-Z][a-z]{2} \d{1,2}, \d{4} \d{1,2}:\d\d:\d\d [AP]M /;
const JUL_LEVEL = /^(?:SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /;
const LEVEL_WORD = new RegExp(`\\b${LEVEL}\\b`);
const LEVEL_FIRST = new RegExp(`^(?:\\[${LEVEL} *\\]|${LEVEL}(?::[\\w.]+:| *\\||  *[\\[(]|  *${DATE}|  *${CLOCK}))`);
const EXCEPTION =
  /^(?:Exception in thread "[^"]{0,200}" )?[A-Za-z_$][\w$.]{0,200}(?:Exception|Error|Throwable|Failure)(?:: |:?(?:\r?\n|$))/;
const LOGFMT = /^[a-zA-Z_@][\w.@-]{0,40}=(?:"|[^\s"=])/;
const ALB = /^(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT/;
const ACCESS = /^\S{2,200} \S{1,200} \S{1,200} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/;

/** Whether the line starts with the pipe format's time stamp, `2022-02-09T06:34:28.587`. */
export function isPipeStart(text: string): boolean {
  return (
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(19) === 46 &&
    twoDigits(text, 0) >= 0 &&
    twoDigits(text, 2) >= 0 &&
    twoDigits(text, 5) >= 0 &&
    twoDigits(text, 8) >= 0 &&
    twoDigits(text, 11) >= 0 &&
    twoDigits(text, 14) >= 0 &&
    twoDigits(text, 17) >= 0 &&
    twoDigits(text, 20) >= 0 &&
    text.charCodeAt(22) >= 48 &&
    text.charCodeAt(22) <= 57
  );
}

/** Whether the line looks like one whole JSON object of a logger. */
export function isJsonLine(text: string): boolean {
  if (text.charCodeAt(0) !== 123) return false;
  let end = text.length - 1;
  while (text.charCodeAt(end) <= 32) end--;
  return text.charCodeAt(end) === 125 && (text.charCodeAt(1) === 34 || text.charCodeAt(1) <= 32);
}

/** Whether the line starts a record of a Java or Python program: a time stamp, or a level where such loggers put it. */
export function isStamped(text: string): boolean {
  const c = text.charCodeAt(0);
  if ((c >= 48 && c <= 57) || c === 91) return STAMP.test(text) || (c === 91 && LEVEL_FIRST.test(text));
  return c >= 65 && c <= 90 && (JUL_STAMP.test(text) || LEVEL_FIRST.test(text));
}

/** Whether the line is the first of java.util.logging's two, `Nov 21, 2026 8:26:53 AM a.B c`; the second one starts with the level. */
export function isJavaUtilHeader(text: string): boolean {
  const c = text.charCodeAt(0);
  return c >= 65 && c <= 90 && JUL_STAMP.test(text);
}

/** Whether the line is the second one of java.util.logging, `SEVERE: …`. */
export function isJavaUtilLevel(text: string): boolean {
  return JUL_LEVEL.test(text);
}

/** Whether the line is the head of a Java exception. */
export function isException(text: string): boolean {
  return EXCEPTION.test(text);
}

/** Whether the line opens a Python traceback. */
export function isTraceback(text: string): boolean {
  return text.startsWith('Traceback (most recent call last)');
}

/** What record the line starts; undefined where nothing says that it starts one. */
export function lineKind(text: string): LineKind | undefined {
  const c = text.charCodeAt(0);
  if (c === 123) return isJsonLine(text) ? 'single' : undefined;
  if (isKlogHeader(text)) return 'klog';
  if (!(c > 32)) return undefined;
  if (c >= 48 && c <= 57) {
    if (isPipeStart(text) && /^ \| [A-Z]+ +\| /.test(text.slice(23, 60))) return 'pipe';
    if (ACCESS.test(text)) return 'single';
  } else if (isTraceback(text)) return 'traceback';
  if (isStamped(text)) {
    // nginx's and Go's own `2026/11/21 08:26:48 [notice] …` are one line each.
    if (text.charCodeAt(4) === 47) return /^ \[[a-z]+\] \d+#\d+: /.test(text.slice(19, 60)) ? 'single' : 'text';
    return LEVEL_WORD.test(text.slice(0, 160)) || JUL_STAMP.test(text) ? 'stamped' : 'text';
  }
  if (LOGFMT.test(text) && isLogfmtLine(text)) return 'single';
  if (ALB.test(text) || ACCESS.test(text)) return 'single';
  return isException(text) ? 'exception' : undefined;
}

/** One `a=b` is an assignment in any text; loggers write two at least. */
function isLogfmtLine(text: string): boolean {
  return text.startsWith('time="') || /^[\w.@-]+=(?:"(?:[^"\\]|\\.){0,2000}"|\S*) [\w.@-]+=/.test(text);
}
