import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { logGroupOf } from '../../lib/config/log-groups.ts';
import type { InputEvent } from '../logs/log-group.ts';
import { readFileEvents } from './lines.ts';
import type { FeedSource } from './sources.ts';

/** Kinds of sources that a scenario may bring. */
const KINDS = ['host', 'dataplane', 'events', 'performance'] as const;
export type ScenarioKind = (typeof KINDS)[number];
const EXTENSION = '.ndjson.gz';

/** Kinds of sources that a scenario's folder has files for. Throws where it has none. */
export function scenarioKinds(folder: string): ScenarioKind[] {
  const files = new Set(readdirSync(folder));
  const kinds = KINDS.filter((kind) => files.has(`${kind}${EXTENSION}`));
  if (kinds.length === 0) throw new Error(`${folder}: a scenario has a file such as events${EXTENSION}, CloudWatch events as JSON lines`);
  return kinds;
}

/** A scenario's files as the streams that they were made of, in the groups of a cluster. */
export async function scenarioSources(folder: string, cluster: string): Promise<FeedSource[]> {
  const sources: FeedSource[] = [];
  for (const kind of scenarioKinds(folder)) {
    const file = join(folder, `${kind}${EXTENSION}`);
    const streams = new Map<string, InputEvent[]>();
    for await (const { streamName = basename(folder), text, timeMs = 0 } of readFileEvents(file)) {
      const known = streams.get(streamName) ?? [];
      streams.set(streamName, known);
      known.push({ timestamp: timeMs, message: text });
    }
    for (const [logStream, events] of streams) {
      sources.push({
        file,
        logGroup: logGroupOf(kind, cluster),
        logStream,
        async *events() {
          yield* events;
        },
      });
    }
  }
  return sources;
}
