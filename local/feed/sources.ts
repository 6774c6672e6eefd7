import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { containerStream, fluentBitEvent, identityOf } from '../../lambdas/events/fluent-bit.ts';
import type { InputEvent } from '../logs/log-group.ts';
import { controlPlaneTime, timed } from './event-time.ts';
import { readFileEvents, readLines } from './lines.ts';

/** One file on its way into one log stream. */
export interface FeedSource {
  /** Path, for progress and errors. */
  readonly file: string;
  readonly logGroup: string;
  readonly logStream: string;
  events(): AsyncIterable<InputEvent>;
}

/** Log groups that a cluster's events go to. */
export interface ClusterGroups {
  readonly controlPlane: string;
  readonly application: string;
  /** Only where something takes its events. */
  readonly events?: string;
}

/** The groups of a cluster: names that EKS and Container Insights fix. */
export function groupsOf(cluster: string): ClusterGroups {
  return { controlPlane: `/aws/eks/${cluster}/cluster`, application: `/aws/containerinsights/${cluster}/application` };
}

/** The recorded files: control-plane lines as EKS' agent sends them, container lines as Fluent Bit does. */
export async function sampleSources(directory: string, groups: ClusterGroups): Promise<FeedSource[]> {
  const controlPlane = filesOf(join(directory, 'control-plane'));
  const startMs = await firstTime(controlPlane);
  const year = new Date(startMs).getUTCFullYear();
  const sources: FeedSource[] = controlPlane.map((file) => ({
    file,
    logGroup: groups.controlPlane,
    logStream: controlPlaneStream(file),
    events: () => timed(readLines(file), controlPlaneTime(year), startMs),
  }));
  for (const file of filesOf(join(directory, 'containers'))) sources.push(containerSource(file, groups.application));
  const events = join(directory, 'events/kubernetes-events.ndjson.gz');
  if (groups.events !== undefined && existsSync(events)) sources.push(eventSource(events, groups.events));
  return sources;
}

/** A container's file in containerd's framing. Throws where its name is not one of /var/log/containers. */
export function containerSource(file: string, logGroup: string): FeedSource {
  const identity = identityOf(file);
  if (!identity) throw new Error(`${file}: not named POD_NAMESPACE_CONTAINER-ID.log, so the pod is not known`);
  return {
    file,
    logGroup,
    logStream: containerStream(identity),
    async *events() {
      for await (const { text, time, stream } of readFileEvents(file)) {
        // A line without the runtime's framing is no container's line; kubelet would not have written it.
        if (time !== undefined) yield fluentBitEvent({ time, stream: stream === 'stderr' ? 'stderr' : 'stdout', log: text }, identity);
      }
    },
  };
}

/** Kubernetes events, already in the shape of CloudWatch events. */
function eventSource(file: string, logGroup: string): FeedSource {
  return {
    file,
    logGroup,
    logStream: 'events',
    async *events() {
      for await (const { text, timeMs = 0 } of readFileEvents(file)) yield { timestamp: timeMs, message: text };
    },
  };
}

/** EKS names a stream by the component and 32 hex digits. */
function controlPlaneStream(file: string): string {
  const component = basename(file).replace(/\.log(\.gz)?$/, '');
  return `${component}-${createHash('md5').update(component).digest('hex')}`;
}

function filesOf(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => /\.log(\.gz)?$/.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** The earliest first time among the files whose lines carry a year; it gives klog's header its own. */
async function firstTime(files: readonly string[]): Promise<number> {
  const read = controlPlaneTime(1970);
  let first = Number.POSITIVE_INFINITY;
  for (const file of files) {
    for await (const line of readLines(file)) {
      const ms = read(line);
      if (ms === undefined) continue;
      if (ms > Date.UTC(2000, 0)) first = Math.min(first, ms);
      break;
    }
  }
  if (!Number.isFinite(first)) throw new Error('no line of the control-plane samples carries a time with a year');
  return first;
}
