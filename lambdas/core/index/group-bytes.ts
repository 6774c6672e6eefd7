import { MAX_LINE, readLinesFrom, readText } from '../lines/ascii-line.ts';
import { block, takeBlock } from '../lines/line-block.ts';
import type { LineFormat } from '../lines/line-format.ts';
import type { Reader } from '../rules/compile.ts';
import type { WriteUtf8 } from './body-writer.ts';
import { LineGroups, type TakeRecord, withoutLineEnd } from './group.ts';
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
  const { bytes, view, count, starts, ends, rests } = events;
  const isHeadAt = (event: number): boolean => event < count && format.isHead(bytes, starts[event] as number);
  // Most of them hold no secret after all; the others are read once more, without it.
  const addSuspect = (event: number, start: number, end: number): boolean => {
    const text = block.text.slice(start - block.start, end - block.start);
    const clean = reader.redactor.text(text);
    if (reader.redactor.mayChangeFieldsOf(text)) return false;
    if (clean === text) return addLine(event, start, end);
    const size = readText(clean, write);
    const isAdded = size >= 0 && addLine(event, 0, size);
    readLinesFrom(bytes, view);
    return isAdded;
  };
  readLinesFrom(bytes, view);
  const groups = new LineGroups(reader, take);
  let isStart = isHeadAt(0);
  for (let first = 0; first < count; first += block.count) {
    takeBlock(events, first, reader.redactor, readLatin1);
    for (let position = 0; position < block.count; position++) {
      const event = first + position;
      const start = starts[event] as number;
      const end = ends[event] as number;
      const isHead = isStart;
      isStart = isHeadAt(event + 1);
      const isAlone = isHead && (isStart || event + 1 === count);
      const isPlain = rests[event] === -1;
      if (isAlone && isPlain && end - start <= MAX_LINE && !groups.isPipe) {
        groups.end();
        if (block.isSuspect[position] === 0 ? addLine(event, start, end) : addSuspect(event, start, end)) continue;
      }
      const text = isPlain ? block.text.slice(start - block.start, end - block.start) : withoutLineEnd(eventOf(event).message);
      groups.add(event, text);
    }
  }
  groups.end();
}
