import type { Io } from '../io.ts';
import { printable } from '../query/width.ts';
import type { Failure, SourceNames } from './failure.ts';
import { type FailureFilter, failedObjects, isMeant } from './failures.ts';
import type { ObjectStore } from './object-store.ts';

/** What a listing says of a failure: never its text. */
function lineOf(failure: Failure): { readonly [member: string]: unknown } {
  const { id, kind, reason, source, logGroup, failedMs, batch, index, documentId } = failure;
  return {
    id,
    kind,
    reason,
    source,
    logGroup,
    failedAt: failedMs > 0 ? new Date(failedMs).toISOString() : null,
    events: batch?.events.length ?? 0,
    ...(index === undefined ? {} : { index }),
    ...(documentId === undefined ? {} : { documentId }),
  };
}

/** Lists what failed: with `json` a line for each, else a table of counts by source and reason, and the objects they are in. */
export async function list(
  stores: readonly ObjectStore[],
  filter: FailureFilter,
  names: SourceNames,
  io: Pick<Io, 'stdout'> & { readonly json: boolean },
): Promise<number> {
  const counts = new Map<string, { source: string; reason: string; failures: number; events: number; objects: Set<string> }>();
  for (const store of stores) {
    for await (const object of failedObjects(store, filter, names)) {
      for (const failure of object.failures.filter((one) => isMeant(one, filter))) {
        if (io.json) io.stdout.write(`${JSON.stringify(lineOf(failure))}\n`);
        const group = `${failure.source}\n${failure.reason}`;
        const row = counts.get(group) ?? {
          source: failure.source,
          reason: failure.reason,
          failures: 0,
          events: 0,
          objects: new Set<string>(),
        };
        row.failures++;
        row.events += failure.batch?.events.length ?? 0;
        row.objects.add(object.key);
        counts.set(group, row);
      }
    }
  }
  if (io.json) return 0;
  if (counts.size === 0) {
    io.stdout.write(`nothing failed in ${stores.map(({ title }) => title).join(', ') || 'no bucket'}\n`);
    return 0;
  }
  const rows = [...counts.values()].sort((a, b) => b.failures - a.failures);
  const table = [
    ['failures', 'events', 'source', 'reason', 'newest object'],
    ...rows.map((row) => [
      String(row.failures),
      String(row.events),
      printable(row.source) || '?',
      printable(row.reason),
      printable([...row.objects].sort().at(-1) ?? ''),
    ]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table) {
    const cells = row.map((cell, column) =>
      column < 2 ? cell.padStart(widths[column] ?? 0) : column < 4 ? cell.padEnd(widths[column] ?? 0) : cell,
    );
    io.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
  return 0;
}
