import { countPoints } from '../alerts/text.ts';
import { cutToWidth, displayWidth } from './width.ts';

/** An answer: names of columns and rows of texts; undefined where an event has no such field. */
export interface ChatTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | undefined)[])[];
}

/** A table as monospaced text, and what of the answer is not in it. */
export interface TableText {
  readonly text: string;
  readonly shownRows: number;
  /** Whether a cell or a column is not there as a whole. */
  readonly isCut: boolean;
}

/** How much a table may take. */
export interface TableRoom {
  /** Columns of a monospaced font. */
  readonly width: number;
  /** Code points in all. */
  readonly points: number;
  /** Bytes of UTF-8 as they stand in JSON. */
  readonly bytes: number;
  readonly rows: number;
}

/** What Slack shows without wrapping on a laptop, well under what a block may hold: 3,000 code points, and all blocks 12,000 bytes. */
export const TABLE_ROOM: TableRoom = { width: 104, points: 2_800, bytes: 8_000, rows: 50 };

const GAP = 2;
/** A column that cannot be at least so wide is left out. */
const LEAST_WIDTH = 6;
const NUMBER = /^-?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Lays out a table: wide letters count two columns, the widest columns give way first, and rows go until the room is full. The last column, most often the line
 * itself, is not cut where all rows fit so: Slack wraps it. Cells are one line each already.
 */
export function layOutTable(table: ChatTable, room: TableRoom = TABLE_ROOM): TableText {
  const narrow = layOut(table, room, false);
  if (!narrow.isCut) return narrow;
  const wide = layOut(table, room, true);
  return !wide.isCut && wide.shownRows === table.rows.length ? wide : narrow;
}

function layOut({ columns, rows }: ChatTable, room: TableRoom, isLastFree: boolean): TableText {
  const candidates = rows.slice(0, room.rows);
  const names = shortNames(columns);
  const kept = names.slice(0, Math.max(1, Math.floor((room.width + GAP) / (LEAST_WIDTH + GAP))));
  const last = kept.length - 1;
  const natural = kept.map((name, at) => Math.max(displayWidth(name), 1, ...candidates.map((row) => displayWidth(row[at] ?? ''))));
  const gaps = GAP * last;
  // A free last column leaves the others at least half of the room.
  const wanted = isLastFree ? natural.map((width, at) => (at === last ? Math.min(width, Math.floor(room.width / 2)) : width)) : natural;
  const widths = fitWidths(wanted, room.width - gaps);
  const isNumeric = kept.map((_, at) => {
    const cells = candidates.map((row) => row[at] ?? '').filter((cell) => cell !== '');
    return cells.length > 0 && cells.every((cell) => NUMBER.test(cell));
  });
  const line = (cells: readonly (string | undefined)[]): string =>
    kept
      .map((_, at) => {
        const width = widths[at] ?? 0;
        const cell = isLastFree && at === last ? (cells[at] ?? '') : cutToWidth(cells[at] ?? '', width);
        const blanks = ' '.repeat(Math.max(0, width - displayWidth(cell)));
        return isNumeric[at] === true ? blanks + cell : cell + blanks;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  let text = `${line(kept)}\n${widths.map((width) => '─'.repeat(width)).join(' '.repeat(GAP))}`;
  let points = countPoints(text);
  let bytes = jsonBytes(text);
  let shownRows = 0;
  for (const row of candidates) {
    const next = `\n${line(row)}`;
    points += countPoints(next);
    bytes += jsonBytes(next);
    if (points > room.points || bytes > room.bytes) break;
    text += next;
    shownRows++;
  }
  const isCellCut = natural.some((width, at) => width > (widths[at] ?? 0) && !(isLastFree && at === last));
  return { text, shownRows, isCut: kept.length < columns.length || isCellCut };
}

/** `kubernetes.pod_name` is `pod_name` where no other column is: the room is for what stands below. */
function shortNames(columns: readonly string[]): string[] {
  const last = (name: string): string => (/^[A-Za-z_][\w.-]*$/.test(name) ? name.slice(name.lastIndexOf('.') + 1) || name : name);
  return columns.map((name) => (columns.filter((other) => last(other) === last(name)).length === 1 ? last(name) : name));
}

/** Widths that fit: the widest give way until all do. */
function fitWidths(natural: readonly number[], room: number): number[] {
  const sum = (cap: number): number => natural.reduce((total, width) => total + Math.min(width, cap), 0);
  let cap = Math.max(...natural);
  while (cap > LEAST_WIDTH && sum(cap) > room) cap--;
  const widths = natural.map((width) => Math.min(width, cap));
  // What is left over goes to the first columns that were cut.
  let left = room - sum(cap);
  for (let at = 0; at < widths.length && left > 0; at++) {
    const more = Math.min(left, (natural[at] ?? 0) - (widths[at] ?? 0));
    widths[at] = (widths[at] ?? 0) + more;
    left -= more;
  }
  return widths;
}

/** Bytes of a text inside JSON. */
function jsonBytes(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20) bytes += code === 10 ? 2 : 6;
    else if (code < 0x80) bytes += char === '"' || char === '\\' ? 2 : 1;
    else bytes += code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Longest value that is said once, in columns. */
const MAX_SHARED = 60;

/** What every row says alike, apart from what tells rows apart: said once above the table, it leaves room. One column stays in any case. */
export function liftShared(table: ChatTable): {
  readonly table: ChatTable;
  readonly shared: readonly { readonly name: string; readonly value: string }[];
} {
  const { columns, rows } = table;
  if (rows.length < 2) return { table, shared: [] };
  const isShared = columns.map((_, at) => {
    const first = rows[0]?.[at] ?? '';
    return first !== '' && displayWidth(first) <= MAX_SHARED && rows.every((row) => row[at] === first);
  });
  if (isShared.every(Boolean)) isShared[columns.length - 1] = false;
  const keep = <T>(cells: readonly T[]): T[] => cells.filter((_, at) => isShared[at] !== true);
  const names = shortNames(columns);
  return {
    table: { columns: keep(columns), rows: rows.map(keep) },
    shared: columns.flatMap((_, at) => (isShared[at] === true ? [{ name: names[at] ?? '', value: rows[0]?.[at] ?? '' }] : [])),
  };
}

/** All of an answer as CSV (RFC 4180), for spreadsheets; a text that one would run as a formula gets an apostrophe. */
export function formatCsv({ columns, rows }: ChatTable): string {
  const field = (cell: string | undefined): string => {
    const text = cell ?? '';
    const safe = /^[=+\-@\t\r]/.test(text) && !NUMBER.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return [columns, ...rows].map((row) => `${columns.map((_, at) => field(row[at])).join(',')}\r\n`).join('');
}
