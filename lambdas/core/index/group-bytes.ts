import { loadText, SPARE_LINE } from '../lines/ascii-line.ts';
import { block, loadBlock } from '../lines/line-block.ts';
import type { LineFormat } from '../lines/line-format.ts';
import { joinLine } from '../parse/join.ts';
import { newJoinState } from '../parse/join-state.ts';
import type { Reader } from '../rules/compile.ts';
import type { WriteUtf8 } from './body-writer.ts';
import { joinTo, newGroup, type TakeRecord, withoutLineEnd } from './group.ts';
import type { BatchBytes } from './types.ts';

/** Adds the document of an event's line, which is loaded; false where it has to go the ordinary way. */
export type AddLine = (event: number, start: number, end: number) => boolean;

/** Where records go. */
export interface GroupPorts {
  readonly addLine: AddLine;
  readonly take: TakeRecord;
  readonly write: WriteUtf8;
}

/**
 * Joins the lines of a control-plane stream like `groupLines`, but hands records of one plain line to `addLine`: lines that start a record, that no other
 * line belongs to, without their secrets. Documents come in the order of their events either way.
 */
export function groupBytes(
  { events, readLatin1, event: eventOf }: BatchBytes,
  reader: Reader,
  format: LineFormat,
  { addLine, take, write }: GroupPorts,
): void {
  const { bytes, count, messageStarts } = events;
  let state = newJoinState();
  let open: ReturnType<typeof newGroup> | undefined;
  // Most of them hold no secret after all; the others are read once more, without it.
  const addSuspect = (event: number, start: number, end: number): boolean => {
    const text = block.text.slice(start, end);
    const clean = reader.redactor.text(text);
    if (reader.redactor.mayChangeFieldsOf(text)) return false;
    if (clean === text) return addLine(event, start, end);
    const cleanEnd = loadText(clean, write);
    return cleanEnd >= 0 && addLine(event, SPARE_LINE, cleanEnd);
  };
  let isStart = count > 0 && format.isHead(bytes, messageStarts[0] as number);
  for (let first = 0; first < count; first += block.count) {
    loadBlock(events, first, reader.redactor, readLatin1);
    const { starts, ends, isSuspect, text: blockText } = block;
    for (let position = 0; position < block.count; position++) {
      const event = first + position;
      const start = starts[position] as number;
      const end = ends[position] as number;
      const isHead = isStart;
      isStart = event + 1 < count && format.isHead(bytes, messageStarts[event + 1] as number);
      const isAlone = isHead && (isStart || event + 1 === count);
      // The body of a pipe record holds anything, lines of this format too.
      if (isAlone && start >= 0 && state.kind !== 'pipe') {
        if (open !== undefined) {
          take(open);
          open = undefined;
          state = newJoinState();
          state.kind = 'single';
          state.lines = 1;
        }
        if (isSuspect[position] === 0 ? addLine(event, start, end) : addSuspect(event, start, end)) continue;
      }
      const text = start < 0 ? withoutLineEnd(eventOf(event).message) : blockText.slice(start, end);
      const verdict = joinLine(reader.join, state, text);
      if (verdict === 'continuation' && open !== undefined) joinTo(open, event, text);
      else {
        if (open !== undefined) take(open);
        open = newGroup(event, text, verdict !== 'start', reader, undefined, '');
      }
    }
  }
  if (open !== undefined) take(open);
}
