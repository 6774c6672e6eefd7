import { beginBody, continuesAuto, remember } from './join-body.ts';
import { isDumpLine } from './join-marks.ts';
import { type JoinState, newJoinState } from './join-state.ts';
import { isKlogHeader } from './klog.ts';
import { isException, isJsonLine, isPipeStart, isStamped, isTraceback, type LineKind, lineKind } from './line-kinds.ts';

/** What decides whether a line goes on with the record before it. */
export interface JoinRule {
  /** A format's name, `auto`, or `regex:NAME`. */
  readonly format: string;
  /** For `regex:NAME`: what a record's first line matches; without it every line is a record. */
  readonly start?: RegExp;
}

/** What a line is to its stream: the start of a record, part of the one before, or the rest of one whose start is not here. */
export type JoinVerdict = 'start' | 'continuation' | 'headless';

/** Lines of one record at most: the goroutine dump of a busy API server has some 50,000. */
export const MAX_RECORD_LINES = 100_000;
/** Characters of one record at most: four times CloudWatch's largest event, and a bound on memory. */
export const MAX_RECORD_CHARS = 4_000_000;

/** Says what the next line of a stream is, and remembers it in `state`. Looks at the line's first characters in nearly all cases. */
export function joinLine(rule: JoinRule, state: JoinState, text: string): JoinVerdict {
  const family = familyOf(rule);
  if (family === 'single') {
    state.lines = 1;
    return 'start';
  }
  const kind = startKind(family, rule, state, text);
  if (kind !== undefined) return open(state, kind, text, 'start');
  if (state.lines === 0) return open(state, headlessKind(family, text), text, isOrphan(family, text) ? 'headless' : 'start');
  if (!goesOn(family, state, text)) return open(state, 'text', text, 'start');
  // The rest of a record that is too long is a record of its own, marked as what it is.
  if (state.lines >= MAX_RECORD_LINES || state.chars + text.length > MAX_RECORD_CHARS) {
    return open(state, state.kind ?? 'text', text, 'headless');
  }
  state.lines++;
  state.chars += text.length + 1;
  remember(state, text);
  return 'continuation';
}

/** Positions of the lines of one record, and whether its start is missing. */
export interface RecordGroup {
  readonly positions: number[];
  readonly isHeadless: boolean;
}

/** Groups the consecutive texts of one stream into records, in order; every position is in exactly one group. */
export function groupRecords(rule: JoinRule, texts: readonly string[], state: JoinState = newJoinState()): RecordGroup[] {
  const groups: RecordGroup[] = [];
  for (let position = 0; position < texts.length; position++) {
    const verdict = joinLine(rule, state, texts[position] as string);
    const last = groups[groups.length - 1];
    if (verdict === 'continuation' && last !== undefined) last.positions.push(position);
    else groups.push({ positions: [position], isHeadless: verdict !== 'start' });
  }
  return groups;
}

/** Formats with one way of joining. */
type Family = 'single' | 'klog' | 'pipe' | 'trace' | 'start' | 'auto';

const FAMILIES: { readonly [format: string]: Family } = {
  audit: 'single',
  'nginx-access': 'single',
  'nginx-error': 'single',
  alb: 'single',
  'alb-connection': 'single',
  'alb-health-check': 'single',
  nlb: 'single',
  cloudfront: 'single',
  waf: 'single',
  text: 'single',
  klog: 'klog',
  pipe: 'pipe',
  java: 'trace',
  python: 'trace',
  auto: 'auto',
  // Their programs print panics and stack traces between the lines.
  json: 'auto',
  zap: 'auto',
  logrus: 'auto',
  logfmt: 'auto',
};

function familyOf(rule: JoinRule): Family {
  return FAMILIES[rule.format] ?? (rule.start === undefined ? 'single' : 'start');
}

function startKind(family: Family, rule: JoinRule, state: JoinState, text: string): LineKind | undefined {
  switch (family) {
    case 'klog':
      return isKlogHeader(text) ? 'klog' : isJsonLine(text) && !state.isInBlock ? 'single' : undefined;
    case 'pipe':
      return isPipeStart(text) ? 'pipe' : undefined;
    case 'trace':
      if (isStamped(text)) return 'stamped';
      // After a log line an exception is that line's; without one each is a record.
      if (state.kind === 'stamped') return undefined;
      return isTraceback(text) && state.tracebackPhase !== 3
        ? 'traceback'
        : isException(text) && state.tracebackPhase !== 1
          ? 'exception'
          : undefined;
    case 'start': {
      const start = rule.start as RegExp;
      start.lastIndex = 0;
      return start.test(text) ? 'text' : undefined;
    }
    default:
      return autoStart(state, text);
  }
}

function autoStart(state: JoinState, text: string): LineKind | undefined {
  // The body of a pipe record holds anything, JSON lines and exceptions too.
  if (state.kind === 'pipe' && state.lines > 0)
    return isPipeStart(text) ? (lineKind(text) ?? 'text') : isKlogHeader(text) ? 'klog' : undefined;
  const kind = lineKind(text);
  // Registers (`PC=0x47 m=0`) look like logfmt: inside of a dump they are its own.
  if (kind === 'single') return state.isInDump && isDumpLine(text) ? undefined : kind;
  // The exception of the log line before, and the last line of a traceback; a second one without its own log line is a record.
  if (kind === 'exception') return (state.kind === 'stamped' && !state.hasException) || state.tracebackPhase === 1 ? undefined : kind;
  if (kind === 'traceback')
    return (state.kind === 'stamped' && state.tracebackPhase === 0) || state.tracebackPhase === 3 ? undefined : kind;
  return kind;
}

function open(state: JoinState, kind: LineKind, text: string, verdict: JoinVerdict): JoinVerdict {
  state.kind = kind;
  state.lines = 1;
  state.chars = text.length;
  beginBody(state, text);
  return verdict;
}

function goesOn(family: Family, state: JoinState, text: string): boolean {
  if (family === 'klog' || family === 'pipe' || family === 'start') return state.kind !== 'single';
  // Whoever says that it is Java or Python says that what has no stamp belongs to the line that has one.
  if (family === 'trace' && state.kind === 'stamped') return true;
  return continuesAuto(state, text);
}

/** Whether a stream's first line is what is left of a record that began before it. */
function isOrphan(family: Family, text: string): boolean {
  if (family === 'klog' || family === 'pipe' || family === 'start') return true;
  return /^(?:\t|\s+(?:at |\.\.\. \d+ more|File ")|Caused by: |Trace\[\d+\]:| >|[)\]}]+[,;]?\s*$)/.test(text);
}

function headlessKind(family: Family, text: string): LineKind {
  if (family === 'klog') return 'klog';
  if (family === 'pipe') return 'pipe';
  return family !== 'start' && isOrphan(family, text) ? 'exception' : 'text';
}
