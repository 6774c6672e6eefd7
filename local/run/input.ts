import { readFileSync, writeFileSync } from 'node:fs';
import { isMap, isSeq, parseDocument } from 'yaml';
import { isCriLine, joinCri } from '../feed/cri.ts';
import { anyTime, timed } from '../feed/event-time.ts';
import { containerStream, fluentBitEvent, inputIdentity } from '../feed/fluent-bit.ts';
import { readByteLines, readLines } from '../feed/lines.ts';
import type { FeedSource } from '../feed/sources.ts';
import type { InputEvent } from '../logs/log-group.ts';

/** Namespace, container and application name of the user's own files. */
export const INPUT_NAME = 'input';

/** A copy of the config with one more application: the user's own files. The functions get it the way a deploy would give it to them. */
export function configWithInput(configFile: string, format: string, target: string): string {
  const document = parseDocument(readFileSync(configFile, 'utf8'));
  if (document.errors[0]) throw new Error(`${configFile}: ${document.errors[0].message}`);
  if (!isMap(document.contents)) throw new Error(`${configFile}: not a mapping`);
  const application = document.createNode({ name: INPUT_NAME, match: { namespace: INPUT_NAME, container: INPUT_NAME }, format });
  const applications = document.get('applications');
  if (isSeq(applications)) applications.add(application);
  else document.set('applications', document.createNode([application]));
  writeFileSync(target, document.toString());
  return target;
}

/** The user's own file as a container's: its lines become Fluent Bit records. `startMs` is the time of lines before the first time in the file. */
export async function inputSource(file: string, logGroup: string, startMs: number): Promise<FeedSource> {
  const identity = inputIdentity(file, INPUT_NAME, INPUT_NAME);
  const shape = await shapeOf(file);
  return {
    file,
    logGroup,
    logStream: containerStream(identity),
    async *events(): AsyncGenerator<InputEvent> {
      if (shape === 'cri') {
        for await (const line of joinCri(readByteLines(file))) yield fluentBitEvent(line, identity);
        return;
      }
      const lines =
        shape === 'cloudwatch' ? cloudWatchLines(file) : timed(readLines(file), anyTime(new Date(startMs).getUTCFullYear()), startMs);
      for await (const { timestamp, message } of lines) yield lineEvent(message, timestamp, identity);
    },
  };
}

/** The event of one plain line at a time. */
export function lineEvent(log: string, timestamp: number, identity: ReturnType<typeof inputIdentity>): InputEvent {
  return fluentBitEvent({ time: new Date(timestamp).toISOString(), stream: 'stdout', log }, identity);
}

async function shapeOf(file: string): Promise<'cri' | 'cloudwatch' | 'lines'> {
  for await (const line of readByteLines(file)) {
    if (isCriLine(line)) return 'cri';
    return cloudWatchEvents(line.toString('utf8')).length > 0 ? 'cloudwatch' : 'lines';
  }
  return 'lines';
}

async function* cloudWatchLines(file: string): AsyncGenerator<InputEvent> {
  for await (const line of readLines(file)) yield* cloudWatchEvents(line);
}

/** Events of a line in the shape of FilterLogEvents, alone or inside of `events` or `logEvents`. */
function cloudWatchEvents(line: string): InputEvent[] {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  const holder = (value ?? {}) as { readonly events?: unknown; readonly logEvents?: unknown };
  const list = Array.isArray(holder.events) ? holder.events : Array.isArray(holder.logEvents) ? holder.logEvents : [value];
  return (list as readonly unknown[]).filter(
    (event): event is InputEvent =>
      typeof event === 'object' &&
      event !== null &&
      typeof (event as InputEvent).timestamp === 'number' &&
      typeof (event as InputEvent).message === 'string',
  );
}
