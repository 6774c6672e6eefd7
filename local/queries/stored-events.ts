import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { LogEvent } from '../../lambdas/core/insights/stage.ts';

/** The events of a log group's file (JSON lines in the shape of FilterLogEvents), in their order there. `log` is `account-id:log-group-name`. */
export async function* storedEvents(file: string, log: string): AsyncGenerator<LogEvent & { readonly timestampMs: number }> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const stored = JSON.parse(line) as { timestamp: number; message: string; logStreamName: string; eventId: string };
    yield {
      text: stored.message,
      start: 0,
      end: stored.message.length,
      timestampMs: stored.timestamp,
      ingestionMs: stored.timestamp,
      logStream: stored.logStreamName,
      log,
      ptr: stored.eventId,
    };
  }
}
