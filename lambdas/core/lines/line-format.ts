/** How lines of one format are read and written as bytes. A line is scanned as a whole before a byte of its document is written. */
export interface LineFormat {
  /** Name in `parse.format`. */
  readonly name: 'klog' | 'logrus';
  /** Whether a record starts with the line at `at`, whatever came before. */
  isHead(bytes: Uint8Array, at: number): boolean;
  /** Reads the loaded line from `first` to `end`, which starts a record; false where it is not of this format in its plainest form. */
  scan(first: number, end: number, eventTimeMs: number): boolean;
  /** Writes `"…"`, the scanned line's own time, without its quotes. */
  putTimestamp(out: DataView, at: number): number;
  /** Level of the scanned line as `"log":{"level":"…"` has it; undefined where there is none. */
  level(): number;
  /** Further members of `event`, without a leading comma, or ''. */
  eventMembers(): string;
  /** Writes further members of `log`, each after a comma. */
  putLogMembers(out: DataView, at: number): number;
  /** Writes the document's own members, without a leading comma. */
  putMembers(out: DataView, at: number): number;
}

/** Levels by their number in `LineFormat.level`. */
export const LEVELS = ['trace', 'debug', 'info', 'notice', 'warning', 'error', 'fatal'] as const;
