import type { Counts } from '../../lambdas/core/delivery/counts.ts';
import type { FilterCounts, GroupCounts } from '../account/ledger.ts';
import type { Wired } from './wired.ts';

/** Steps of a run, in order. */
export const PHASES = ['starting', 'feeding', 'redelivering', 'reporting', 'done', 'watching', 'failed'] as const;
export type Phase = (typeof PHASES)[number];

/** A file on its way in. */
export interface FileProgress {
  readonly file: string;
  readonly logStream: string;
  events: number;
}

/** What the page and the progress lines show while a run works. */
export interface RunStatus {
  phase: Phase;
  /** In words: the step that is under way. */
  step: string;
  /** The run's own time, ms since the epoch; 0 before it is known. */
  runTimeMs: number;
  /** Where documents go. */
  search: string;
  files: FileProgress[];
  /** What the functions said, by source. */
  sources: { [source: string]: Counts };
  groups: { [logGroup: string]: GroupCounts };
  filters: FilterCounts[];
  streams: { name: string; shards: number; pending: number }[];
  functions: { name: string; invocations: number; errors: number }[];
}

/** The status before anything happened. */
export function emptyStatus(): RunStatus {
  return {
    phase: 'starting',
    step: '',
    runTimeMs: 0,
    search: '',
    files: [],
    sources: {},
    groups: {},
    filters: [],
    streams: [],
    functions: [],
  };
}

/** Takes over what the account has counted by now. */
export function refreshStatus(status: RunStatus, wired: Wired): void {
  status.runTimeMs = wired.clock.now();
  status.sources = Object.fromEntries(wired.metrics.bySource);
  status.groups = Object.fromEntries(wired.ledger.groups);
  status.filters = [...wired.ledger.filters.values()];
  status.streams = wired.account.mappings.map((mapping) => {
    const stream = wired.account.streams.get(mapping.spec.streamArn);
    return { name: stream?.spec.name ?? '', shards: stream?.spec.shards ?? 0, pending: mapping.pending };
  });
  status.functions = [...wired.account.functions.values()].map(({ spec, usage }) => ({
    name: spec.name,
    invocations: usage.invocations,
    errors: usage.errors,
  }));
}
