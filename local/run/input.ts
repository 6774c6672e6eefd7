import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isMap, isSeq, parseDocument } from 'yaml';
import { containerStream, fluentBitEvent } from '../../lambdas/events/fluent-bit.ts';
import { anyTime, LineClock } from '../feed/event-time.ts';
import { inputIdentity } from '../feed/input-identity.ts';
import { readFileEvents } from '../feed/lines.ts';
import { type ScenarioKind, scenarioKinds } from '../feed/scenario.ts';
import type { FeedSource } from '../feed/sources.ts';
import type { InputEvent } from '../logs/log-group.ts';
import type { RunOptions } from './options.ts';

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

/**
 * A copy of the config with the sources of a scenario in its first cluster. A recording ends, and its groups are silent afterwards: no alarm tells of that.
 */
export function configWithScenario(configFile: string, kinds: readonly ScenarioKind[], target: string): string {
  const document = parseDocument(readFileSync(configFile, 'utf8'));
  const cluster: unknown = document.getIn(['clusters', 0, 'name']);
  const sources = document.get('sources');
  if (!isSeq(sources) || typeof cluster !== 'string') throw new Error(`${configFile}: no cluster or no source to add a scenario to`);
  const known = new Set(sources.items.map((item) => (isMap(item) && item.get('cluster') === cluster ? item.get('kind') : undefined)));
  for (const kind of kinds)
    if (!known.has(kind)) sources.add(document.createNode({ name: `${cluster}-${kind}`, cluster, kind, route: 'none' }));
  const disabled: unknown = document.getIn(['alarms', 'disable']);
  if (isSeq(disabled)) disabled.add('log-silence');
  else if (isMap(document.get('alarms'))) document.setIn(['alarms', 'disable'], document.createNode(['log-silence']));
  writeFileSync(target, document.toString());
  return target;
}

/** Folder of a run's scenario. Throws where there is no such scenario. */
export function scenarioFolder(name: string, root: string): string {
  const folder = join(root, 'samples/scenarios', name);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`--scenario ${name}: there is no folder ${folder}`);
  return folder;
}

/** The config file of a run: the given one, or where the user brings files or a scenario, a copy in `folder` with what they need. */
export function runConfig({ config, format, input, scenario }: RunOptions, root: string, folder: string): string {
  const asGiven = resolve(root, config);
  const given =
    scenario === undefined
      ? asGiven
      : configWithScenario(asGiven, scenarioKinds(scenarioFolder(scenario, root)), join(folder, `with-${scenario}-${basename(asGiven)}`));
  if (input.length === 0) return given;
  for (const file of input) {
    // Said before anything is started, not half a minute later.
    const found = statSync(resolve(root, file), { throwIfNoEntry: false });
    if (found?.isDirectory()) throw new Error(`--input ${file}: this is a folder; name its files, such as ${join(file, '*.log')}`);
    if (!found?.isFile()) throw new Error(`--input ${file}: there is no such file`);
  }
  return configWithInput(given, format, join(folder, `with-input-${basename(given)}`));
}

/**
 * The user's own file as a container's: its lines become Fluent Bit records. A line's time is its framing's where that is believable, else its own
 * where that is, else that of the line before; `startMs` is the time of lines before the first one with a time.
 */
export function inputSource(file: string, logGroup: string, startMs: number): FeedSource {
  const identity = inputIdentity(file, INPUT_NAME, INPUT_NAME);
  return {
    file,
    logGroup,
    logStream: containerStream(identity),
    async *events(): AsyncGenerator<InputEvent> {
      const clock = new LineClock(anyTime(new Date(startMs).getUTCFullYear()), startMs);
      for await (const { text, time, timeMs, stream } of readFileEvents(file)) {
        const atMs = clock.timeOf(text, timeMs);
        const isoTime = time !== undefined && atMs === timeMs ? time : new Date(atMs).toISOString();
        yield fluentBitEvent({ time: isoTime, stream: stream === 'stderr' ? 'stderr' : 'stdout', log: text }, identity);
      }
    },
  };
}

/** The event of one line that was appended to a file at a time. */
export function lineEvent(log: string, timestamp: number, identity: ReturnType<typeof inputIdentity>): InputEvent {
  return fluentBitEvent({ time: new Date(timestamp).toISOString(), stream: 'stdout', log }, identity);
}

/** Folder for files that are to stay; throws where something is in it already: files of two runs would mix. */
export function emptyFolder(folder: string, root: string): string {
  const path = resolve(root, folder);
  mkdirSync(path, { recursive: true });
  if (readdirSync(path).length > 0) throw new Error(`--archive ${folder}: the folder holds files already; name another one, or empty it`);
  return path;
}
