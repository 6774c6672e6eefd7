import { controlPlaneKind } from '../parse/stream-kind.ts';
import type { SourceRule } from '../rules/rules.ts';

/** Kinds of log in the archive: the first part of a key. `controlPlane` holds streams with a prefix that EKS has not used so far. */
export type ArchiveKind =
  | 'audit'
  | 'api'
  | 'authenticator'
  | 'controllerManager'
  | 'scheduler'
  | 'controlPlane'
  | 'application'
  | 'dataplane'
  | 'host'
  | 'events'
  | 'performance'
  | 'logGroup';

/** Keys by which Firehose sorts records into prefixes, as `metadata.partitionKeys` of its answer. */
export interface PartitionKeys {
  readonly kind: string;
  readonly cluster: string;
  /** YYYY-MM-DD of the event, UTC. */
  readonly dt: string;
  /** HH of the event, UTC. */
  readonly hr: string;
  /** Only where the archive is partitioned by application; `none` where none owns the record. */
  readonly application?: string;
}

/** What stands in a key where no application owns the record: Firehose refuses an empty value. */
export const NO_APPLICATION = 'none';

const HOUR_MS = 3_600_000;
/** End of the year 9999: later dates have six digits. */
const MAX_TIME_MS = 253_402_300_799_999;

/** The kind of log that a stream of a source holds. */
export function archiveKind({ kind }: Pick<SourceRule, 'kind'>, logStream: string): ArchiveKind {
  return kind === 'controlPlane' ? (controlPlaneKind(logStream) ?? 'controlPlane') : kind;
}

/** First ms of the hour that holds the time. */
export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS;
}

/** First ms after it. */
export function hourEnd(startMs: number): number {
  return startMs + HOUR_MS;
}

/** Keys of an hour. Characters that a key of S3 had better not hold become `_`. */
export function partitionKeys(kind: string, cluster: string, hourMs: number, application?: string): PartitionKeys {
  const time = new Date(hourMs).toISOString();
  const keys = { kind, cluster: keyPart(cluster), dt: time.slice(0, 10), hr: time.slice(11, 13) };
  return application === undefined ? keys : { ...keys, application: keyPart(application) || NO_APPLICATION };
}

/** Whether a time may name a partition: within the bounds of live events, so that a wrong clock cannot open one partition after another (500 at a time). */
export function isPartitionTime(
  timeMs: number,
  nowMs: number,
  { backMs, aheadMs }: { readonly backMs: number; readonly aheadMs: number },
): boolean {
  return timeMs >= Math.max(0, nowMs - backMs) && timeMs <= Math.min(MAX_TIME_MS, nowMs + aheadMs);
}

function keyPart(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '_');
}
