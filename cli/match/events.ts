import { fluentBitEvent, identityOf } from '../../lambdas/events/fluent-bit.ts';
import { InputError } from '../input/byte-source.ts';
import { type InputEvent, readEvents } from '../input/read-events.ts';
import type { Io } from '../io.ts';
import type { MatchOptions } from './options.ts';
import type { MatchEvent } from './print.ts';

/** A file whose name does not tell the container: the record has the members all the same. */
const UNKNOWN_CONTAINER = { podName: '', namespaceName: '', containerName: '', containerId: '' };

/**
 * The events of all files, one file after the other, their messages as CloudWatch holds them. A container line is its text, or
 * with `record` the JSON record that Fluent Bit makes of it. A file that cannot be read is told to `unreadable`, and the next is read.
 */
export async function* readMatchEvents(
  { files, record }: Pick<MatchOptions, 'files' | 'record'>,
  io: Io,
  unreadable: (problem: string) => void,
): AsyncGenerator<MatchEvent[]> {
  for (const file of files) {
    try {
      yield* readFileEvents(file, record, io);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      unreadable(error.message);
    }
  }
}

async function* readFileEvents(file: string, record: boolean, io: Io): AsyncGenerator<MatchEvent[]> {
  const identity = identityOf(file) ?? UNKNOWN_CONTAINER;
  for await (const events of readEvents(file, io, { keepRecords: true })) {
    yield events.map((event) => {
      const { stream, time, text } = event;
      if (!record || time === undefined || (stream !== 'stdout' && stream !== 'stderr')) return asEvent(event);
      return fluentBitEvent({ time, stream, log: text }, identity);
    });
  }
}

function asEvent({ text, timeMs, streamName, eventId }: InputEvent): MatchEvent {
  return {
    ...(timeMs === undefined ? {} : { timestamp: timeMs, logStreamName: streamName }),
    message: text,
    ...(eventId === undefined ? {} : { eventId }),
  };
}
