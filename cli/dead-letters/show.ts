import type { Redactor } from '../../lambdas/core/redact/redactor.ts';
import type { Io } from '../io.ts';
import type { SourceNames } from './failure.ts';
import { type FailureFilter, failedObjects, isMeant } from './failures.ts';
import type { ObjectStore } from './object-store.ts';

/** Field rules need JSON; a plain line only has what the text rules find. */
function clean(message: string, redactor: Redactor): string {
  const text = redactor.text(message);
  if (!text.startsWith('{')) return text;
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  return redactor.fields(text);
}

/** Shows failures with their events, redacted; `raw` is a redactor that changes nothing. Answers 1 where one of the names is not there. */
export async function show(
  stores: readonly ObjectStore[],
  filter: FailureFilter,
  names: SourceNames,
  io: Pick<Io, 'stdout' | 'stderr'> & { readonly json: boolean; readonly raw: boolean; readonly redactor: Redactor },
): Promise<number> {
  const missing = new Set(filter.only);
  for (const store of stores) {
    for await (const object of failedObjects(store, filter, names)) {
      missing.delete(object.key);
      for (const failure of object.failures.filter((one) => isMeant(one, filter))) {
        missing.delete(failure.id);
        const { again: _again, batch, failedMs, detail, payload, ...rest } = failure;
        const shown = {
          ...rest,
          // The engine quotes values in its reasons.
          ...(detail === undefined ? {} : { detail: io.redactor.text(detail) }),
          failedAt: failedMs > 0 ? new Date(failedMs).toISOString() : null,
          logStream: batch?.logStream ?? null,
          events: (batch?.events ?? []).map((event) => ({ ...event, message: clean(event.message, io.redactor) })),
          // What cannot be opened cannot be redacted either.
          ...(payload === undefined ? {} : { payload: io.raw ? payload : `${payload.length} characters, shown with --raw` }),
        };
        io.stdout.write(`${io.json ? JSON.stringify(shown) : JSON.stringify(shown, null, 2)}\n`);
      }
    }
  }
  for (const name of missing) io.stderr.write(`dead-letters: there is no ${name}\n`);
  return missing.size === 0 ? 0 : 1;
}
