/** What containerd and CRI-O write before each line of a container, taken off. */
export interface CriFrame {
  /** RFC 3339 with nanoseconds, as the runtime wrote it. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  /** The line goes on in the stream's next one: the runtime cuts lines at 16 KiB. */
  readonly isPart: boolean;
  readonly text: string;
}

const FRAME = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})) (stdout|stderr) ([FP])(?::[^ ]{0,32})?(?: |$)/;

/** Reads `2026-11-21T08:27:04.523948043Z stdout F text`; undefined for a line without that frame. */
export function openCriFrame(text: string): CriFrame | undefined {
  // A digit, and the T of the time: other lines cost two looks.
  const c = text.charCodeAt(0);
  if (!(c >= 48 && c <= 57) || text.charCodeAt(10) !== 84) return undefined;
  const match = FRAME.exec(text);
  if (match === null) return undefined;
  const [frame, time, stream, tag] = match as unknown as [string, string, CriFrame['stream'], string];
  return { time, stream, isPart: tag === 'P', text: text.slice(frame.length) };
}
