import {
  isChainedTraceback,
  isCloser,
  isDumpLine,
  isDumpStart,
  isGoFunction,
  isIndented,
  isOpener,
  isTraceLine,
  isXmlDeclaration,
  isXmlLine,
  openElements,
  opensBracket,
} from './join-marks.ts';
import type { JoinState } from './join-state.ts';
import { isException, isJavaUtilHeader, isJavaUtilLevel, isTraceback } from './line-kinds.ts';

const KLOG_FOLLOWS = /^(?:Trace\[\d+\]:|\[[-+]\]| >)/;

/** What the first line of a record says of the lines that may follow. Most first lines say nothing, and cost a look at their last character. */
export function beginBody(state: JoinState, text: string): void {
  state.isInBlock = false;
  state.isInDump = false;
  state.isInPanic = false;
  state.hasException = false;
  state.isBracketOpen = false;
  state.openElements = 0;
  state.isXmlDeclared = false;
  state.isJavaUtil = false;
  state.tracebackPhase = state.kind === 'traceback' ? 1 : 0;
  switch (state.kind) {
    case 'klog':
      if (text.endsWith('=<')) state.isInBlock = true;
      break;
    case 'text':
      if (isDumpStart(text)) state.isInDump = true;
      else if (text.startsWith('panic: ')) state.isInPanic = true;
      rememberOpen(state, text);
      break;
    case 'stamped':
      state.isJavaUtil = isJavaUtilHeader(text);
      rememberOpen(state, text);
      break;
    default:
  }
}

/** What a joined line says of those that may follow. */
export function remember(state: JoinState, text: string): void {
  switch (state.kind) {
    case 'klog':
      if (text.endsWith('=<')) state.isInBlock = true;
      else if (state.isInBlock && text.startsWith(' >')) state.isInBlock = false;
      if (isDumpStart(text)) state.isInDump = true;
      return;
    case 'text':
      if (isDumpStart(text)) state.isInDump = true;
      rememberOpen(state, text);
      return;
    case 'stamped':
      if (isDumpStart(text)) state.isInDump = true;
      if (isException(text)) state.hasException = true;
      rememberTraceback(state, text);
      rememberOpen(state, text);
      return;
    default:
      rememberTraceback(state, text);
  }
}

function rememberTraceback(state: JoinState, text: string): void {
  if (isTraceback(text)) {
    state.tracebackPhase = 1;
    state.hasException = true;
  } else if (state.tracebackPhase === 0) return;
  else if (isChainedTraceback(text)) state.tracebackPhase = 3;
  else if (state.tracebackPhase === 1 && text !== '' && !isIndented(text)) state.tracebackPhase = 2;
}

function rememberOpen(state: JoinState, text: string): void {
  if (opensBracket(text)) state.isBracketOpen = true;
  else if (state.isBracketOpen && isCloser(text)) state.isBracketOpen = false;
  if (isXmlDeclaration(text)) state.isXmlDeclared = true;
  else if (state.isXmlDeclared && isXmlLine(text)) {
    state.isXmlDeclared = text.startsWith('<!');
    state.openElements = Math.max(0, openElements(text));
  }
  // `<` is looked for only where a line ends with a tag or goes on with XML: in `a < b` it is no element.
  else if (state.openElements > 0 || text.charCodeAt(text.length - 1) === 62)
    state.openElements = Math.max(0, state.openElements + openElements(text));
}

/** Whether a line of a program that no format was named for is visibly part of the record before it. Plain lines never are. */
export function continuesAuto(state: JoinState, text: string): boolean {
  switch (state.kind) {
    case 'pipe':
      return true;
    case 'klog':
      return state.isInBlock || isIndented(text) || KLOG_FOLLOWS.test(text) || isDumpOf(state, text);
    case 'stamped':
      return continuesStamped(state, text);
    case 'traceback':
      return text === '' || isIndented(text) || continuesTraceback(state, text);
    case 'exception':
      return text === '' || isIndented(text) || isTraceLine(text);
    case 'single':
      return false;
    default:
      return continuesText(state, text);
  }
}

function continuesStamped(state: JoinState, text: string): boolean {
  if (text === '' || isIndented(text) || isTraceLine(text) || continuesTraceback(state, text)) return true;
  if (!state.hasException && (isException(text) || isTraceback(text))) return true;
  if (state.lines === 1 && (isOpener(text) || startsXml(text) || (state.isJavaUtil && isJavaUtilLevel(text)))) return true;
  return (state.isInDump && isDumpLine(text)) || continuesOpen(state, text) || isGoFunction(text);
}

function continuesText(state: JoinState, text: string): boolean {
  if (text === '') return state.isInPanic || state.isInDump || state.isBracketOpen || state.openElements > 0 || state.isXmlDeclared;
  if (isIndented(text)) return text.trim() !== '';
  return isTraceLine(text) || ((state.isInPanic || state.isInDump) && isDumpLine(text)) || continuesOpen(state, text);
}

/** The exception's own line behind the frames, and what Python puts between two tracebacks. */
function continuesTraceback(state: JoinState, text: string): boolean {
  if (state.tracebackPhase === 0) return false;
  return state.tracebackPhase === 1 || isChainedTraceback(text) || (state.tracebackPhase === 3 && isTraceback(text));
}

/** Inside of brackets or of XML: their own lines; a plain line in between ends the record, because what was opened may never be closed. */
function continuesOpen(state: JoinState, text: string): boolean {
  return (state.isBracketOpen && isCloser(text)) || ((state.openElements > 0 || state.isXmlDeclared) && isXmlLine(text));
}

/** What Go's runtime prints on a signal belongs to the line before; a `panic: …` or `fatal error: …` is a record with its own dump. */
function isDumpOf(state: JoinState, text: string): boolean {
  return state.isInDump ? isDumpLine(text) : isDumpStart(text) && !text.startsWith('fatal error: ');
}

/** XML that goes over lines; an element that is closed on its own line may be a record. */
function startsXml(text: string): boolean {
  return isXmlLine(text) && (isXmlDeclaration(text) || openElements(text) > 0);
}
