import { Readable } from 'node:stream';
import { type InputEvent, readEvents } from '../../cli/input/read-events.ts';

/** Lines of a file with their framing taken off: plain, containerd's, CloudWatch events as JSON, each also gzipped. The same reader as `parse`'s. */
export async function* readFileEvents(file: string): AsyncGenerator<InputEvent> {
  for await (const events of readEvents(file, { stdin: Readable.from([]), cwd: process.cwd() })) yield* events;
}

/** Only the texts. */
export async function* readLines(file: string): AsyncGenerator<string> {
  for await (const { text } of readFileEvents(file)) yield text;
}
