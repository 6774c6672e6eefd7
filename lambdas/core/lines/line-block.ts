import type { Redactor } from '../redact/redactor.ts';
import type { EventBytes } from './event-bytes.ts';

/** Makes a text of bytes, one character a byte. */
export type ReadLatin1 = (bytes: Uint8Array, start: number, end: number) => string;

/** Bytes that are searched together: enough that handing them to a search costs nothing, few enough for the processor's nearest memory. */
const BLOCK_BYTES = 49_152;
const MAX_LINES = 1_024;

/** The lines of the block that is read, by event from its first one on. */
export const block = {
  /** Where the block begins in the events' bytes. */
  start: 0,
  count: 0,
  /** 1 for a line that may hold a secret, or a member that a field rule names. */
  isSuspect: new Uint8Array(MAX_LINES),
  /** All lines, parted by NULs. */
  text: '',
};

/** Takes as many events as make a block, from `first` on, and searches their lines all at once for what the redactor might change. */
export function takeBlock(events: EventBytes, first: number, redactor: Redactor, readLatin1: ReadLatin1): void {
  const { bytes, count, starts, ends } = events;
  const { isSuspect } = block;
  const start = starts[first] as number;
  let event = first + 1;
  while (event < count && event - first < MAX_LINES && (ends[event] as number) - start < BLOCK_BYTES) event++;
  const text = readLatin1(bytes, start, ends[event - 1] as number);
  block.start = start;
  block.count = event - first;
  block.text = text;
  if (redactor.block === undefined || redactor.block.namesField(text)) isSuspect.fill(1, 0, block.count);
  else {
    isSuspect.fill(0, 0, block.count);
    for (const search of redactor.block.searches) markSuspects(search, events, first);
  }
}

/** Marks the lines in which the expression matches: a match in a line is one in the block too, because each line is searched from its first character on. */
function markSuspects(search: RegExp, { ends }: EventBytes, first: number): void {
  const { isSuspect, start, text } = block;
  let position = 0;
  search.lastIndex = 0;
  while (search.test(text)) {
    // No match holds a 0, so it ends in the line that it began in.
    const at = start + search.lastIndex;
    while (at > (ends[first + position] as number)) position++;
    isSuspect[position] = 1;
    search.lastIndex = (ends[first + position] as number) + 1 - start;
  }
  search.lastIndex = 0;
}
