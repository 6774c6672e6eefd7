import { isKlogHeader } from './klog.ts';
import { isException, isJsonLine, isPipeStart, isStamped, isTraceback, type LineKind, lineKind } from './line-kinds.ts';

/** What decides whether a line goes on with the record before it. */
export interface JoinRule {
  /** A format's name, `auto`, or `regex:NAME`. */
  readonly format: string;
  /** For `regex:NAME`: what a record's first line matches; without it every line is a record. */
  readonly start?: RegExp;
}

/** State of one stream (a CloudWatch stream, or a container's stdout or stderr). */
export interface JoinState {
  /** What the open record is; undefined before the first line. */
  kind: LineKind | undefined;
  /** Inside a klog block `key=<` that ` >` has not closed. */
  isInBlock: boolean;
  /** Inside a goroutine dump: its lines have no mark of their own. */
  isInDump: boolean;
  /** After a Go program's `panic: …`, before its goroutines: a blank line is part of it. */
  isInPanic: boolean;
  /** Python traceback: 1 in its frames, 2 after the exception's line, 3 after `During handling of …`. */
  tracebackPhase: number;
  /** Lines and characters of the open record. */
  lines: number;
  chars: number;
}

/** What a line is to its stream: the start of a record, part of the one before, or the rest of one whose start is not here. */
export type JoinVerdict = 'start' | 'continuation' | 'headless';

/** Lines of one record at most: the goroutine dump of a busy API server has some 50,000. */
export const MAX_RECORD_LINES = 100_000;
/** Characters of one record at most: four times CloudWatch's largest event, and a bound on memory. */
export const MAX_RECORD_CHARS = 4_000_000;

/** The state of a stream before its first line. */
export function newJoinState(): JoinState {
  return { kind: undefined, isInBlock: false, isInDump: false, isInPanic: false, tracebackPhase: 0, lines: 0, chars: 0 };
}

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
  // Registers (`PC=0x47 m=0`) and frames of a dump look like logfmt and the like: only what no dump holds ends it.
  if (state.isInDump && kind !== 'klog' && kind !== 'stamped' && !isJsonLine(text)) return undefined;
  if (kind === 'exception') return state.kind === 'stamped' || state.tracebackPhase === 1 ? undefined : kind;
  if (kind === 'traceback') return state.kind === 'stamped' || state.tracebackPhase === 3 ? undefined : kind;
  return kind;
}

function open(state: JoinState, kind: LineKind, text: string, verdict: JoinVerdict): JoinVerdict {
  state.kind = kind;
  state.isInBlock = false;
  state.isInDump = false;
  state.isInPanic = false;
  state.tracebackPhase = kind === 'traceback' ? 1 : 0;
  state.lines = 1;
  state.chars = text.length;
  remember(state, text);
  return verdict;
}

const DUMP = /^(?:goroutine \d+ |SIG[A-Z]+: |fatal error: |runtime stack:|PC=0x)/;
const PANIC_FOLLOWS = /^(?:goroutine \d+ |\[signal |runtime\.)/;
const KLOG_FOLLOWS = /^(?:Trace\[\d+\]:|\[[-+]\]|goroutine \d+ |SIG[A-Z]+: |panic: |fatal error: |runtime stack:|PC=0x|\[signal | >)/;
const TRACE_FOLLOWS = /^(?:\s|Caused by: |Suppressed: |\.\.\. \d+ |at [\w$.<>/]+\()/;
const CHAINED = /^(?:During handling of the above exception|The above exception was the direct cause)/;

function goesOn(family: Family, state: JoinState, text: string): boolean {
  if (family === 'klog' || family === 'pipe' || family === 'start') return state.kind !== 'single';
  if (state.isInDump) return true;
  const isIndented = text.charCodeAt(0) === 9 || text.charCodeAt(0) === 32;
  switch (state.kind) {
    case 'pipe':
    case 'stamped':
      return true;
    case 'klog':
      return state.isInBlock || isIndented || KLOG_FOLLOWS.test(text);
    case 'traceback':
      if (isIndented || text === '' || state.tracebackPhase === 1) return true;
      return CHAINED.test(text) || (state.tracebackPhase === 3 && isTraceback(text));
    case 'exception':
      return text === '' || TRACE_FOLLOWS.test(text);
    case 'single':
      return false;
    default:
      if (text === '') return state.isInPanic;
      return isIndented ? text.trim() !== '' : TRACE_FOLLOWS.test(text) || PANIC_FOLLOWS.test(text);
  }
}

function remember(state: JoinState, text: string): void {
  if (state.kind === 'klog') {
    const tail = text.charCodeAt(text.length - 1);
    if (tail === 60 && text.endsWith('=<')) state.isInBlock = true;
    else if (state.isInBlock && text.startsWith(' >')) state.isInBlock = false;
    if (state.lines > 1 && DUMP.test(text)) state.isInDump = true;
  } else if (state.kind === 'text') {
    if (DUMP.test(text)) state.isInDump = true;
    else if (state.lines === 1) state.isInPanic = text.startsWith('panic: ');
  } else if (state.tracebackPhase > 0) {
    if (isTraceback(text)) state.tracebackPhase = 1;
    else if (CHAINED.test(text)) state.tracebackPhase = 3;
    else if (state.tracebackPhase === 1 && text !== '' && text.charCodeAt(0) !== 32 && text.charCodeAt(0) !== 9) state.tracebackPhase = 2;
  }
}

/** Whether a stream's first line is what is left of a record that began before it. */
function isOrphan(family: Family, text: string): boolean {
  if (family === 'klog' || family === 'pipe' || family === 'start') return true;
  return /^(?:\s+(?:at |\.\.\. \d+ more|File ")|Caused by: |Trace\[\d+\]:)/.test(text);
}

function headlessKind(family: Family, text: string): LineKind {
  if (family === 'klog') return 'klog';
  if (family === 'pipe') return 'pipe';
  return family !== 'start' && isOrphan(family, text) ? 'exception' : 'text';
}
