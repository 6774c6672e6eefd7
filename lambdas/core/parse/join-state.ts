import type { LineKind } from './line-kinds.ts';

/** State of one stream (a CloudWatch stream, or a container's stdout or stderr). */
export interface JoinState {
  /** What the open record is; undefined before the first line. */
  kind: LineKind | undefined;
  /** Inside a klog block `key=<` that ` >` has not closed. */
  isInBlock: boolean;
  /** Inside a goroutine dump. */
  isInDump: boolean;
  /** After a Go program's `panic: …`, before its goroutines: a blank line is part of it. */
  isInPanic: boolean;
  /** Python traceback: 1 in its frames, 2 after the exception's line, 3 after `During handling of …`. */
  tracebackPhase: number;
  /** A log line's exception was there: another one is a record of its own. */
  hasException: boolean;
  /** A bracket that ended a line is open. */
  isBracketOpen: boolean;
  /** XML elements that are open. */
  openElements: number;
  /** After `<?xml …?>` alone, before its document. */
  isXmlDeclared: boolean;
  /** The record starts with java.util.logging's first line: its level is on the second. */
  isJavaUtil: boolean;
  /** Lines and characters of the open record. */
  lines: number;
  chars: number;
}

/** The state of a stream before its first line. */
export function newJoinState(): JoinState {
  return {
    kind: undefined,
    isInBlock: false,
    isInDump: false,
    isInPanic: false,
    tracebackPhase: 0,
    hasException: false,
    isBracketOpen: false,
    openElements: 0,
    isXmlDeclared: false,
    isJavaUtil: false,
    lines: 0,
    chars: 0,
  };
}
