import type { Redactor } from '../redact/redactor.ts';
import { isFull, lines, loadLine, MAX_BLOCK_LINES } from './ascii-line.ts';
import type { EventBytes } from './event-bytes.ts';

/** Makes a text of bytes, one character a byte. */
export type ReadLatin1 = (bytes: Uint8Array, start: number, end: number) => string;

/** Where the lines of the block are, by event from its first one on; -1 as a start for a message that is read as text. */
export const block = {
  first: 0,
  count: 0,
  starts: new Int32Array(MAX_BLOCK_LINES),
  ends: new Int32Array(MAX_BLOCK_LINES),
  /** 1 for a line that may hold a secret, or a member that a field rule names. */
  isSuspect: new Uint8Array(MAX_BLOCK_LINES),
  /** All lines, as they stand in `lines`. */
  text: '',
};

/** Loads the lines of as many events as fit, from `first` on, and searches them all at once for what the redactor might change. */
export function loadBlock(events: EventBytes, first: number, redactor: Redactor, readLatin1: ReadLatin1): void {
  const { starts, ends, isSuspect } = block;
  const { view, count, messageStarts, messageEnds } = events;
  let at = 0;
  let event = first;
  let position = 0;
  while (event < count && position < MAX_BLOCK_LINES && !isFull(at)) {
    const end = loadLine(view, messageStarts[event] as number, messageEnds[event] as number, at);
    starts[position] = end < 0 ? -1 : at;
    ends[position] = end < 0 ? at : end;
    if (end >= 0) at = end + 1;
    event++;
    position++;
  }
  block.first = first;
  block.count = position;
  block.text = readLatin1(lines, 0, at);
  isSuspect.fill(0, 0, position);
  const { text } = block;
  if (redactor.block === undefined || redactor.block.namesField(text)) isSuspect.fill(1, 0, position);
  else for (const search of redactor.block.searches) markSuspects(search, text);
}

/** Marks the lines in which the expression matches: a match in a line is one in the block too, because each line is searched from its first character on. */
function markSuspects(search: RegExp, text: string): void {
  const { ends, isSuspect } = block;
  let position = 0;
  search.lastIndex = 0;
  while (search.test(text)) {
    // Where the match begins is not asked for: no expression matches a 0, so a match ends in the line that it began in or in the one after.
    const at = search.lastIndex;
    while (at > (ends[position] as number)) position++;
    isSuspect[position] = 1;
    search.lastIndex = (ends[position] as number) + 1;
  }
  search.lastIndex = 0;
}
