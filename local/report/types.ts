import type { Counts } from '../../lambdas/core/delivery/counts.ts';
import type { CustomRun } from '../account/custom-resources.ts';
import type { FilterCounts, GroupCounts } from '../account/ledger.ts';
import type { AlarmSummary } from '../alarms/summary.ts';
import type { AlertSummary } from '../alerts/summary.ts';
import type { Wired } from '../run/wired.ts';
import type { Answered } from '../search/questions.ts';
import type { Delays } from './delays.ts';
import type { DeliveryStreamReport } from './delivery-streams.ts';

/** One thing that must be true of a run. */
export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** The numbers. */
  readonly detail: string;
}

/** One source's counts over all attempts. */
export interface SourceReport {
  readonly source: string;
  readonly counts: Counts;
  readonly excludedTotal: number;
  /** 0 where rule 2 holds. */
  readonly unaccounted: number;
}

/** What a run tells at its end; the same as report.json. */
export interface Report {
  readonly ok: boolean;
  readonly config: string;
  readonly search: { readonly what: string; readonly kind: 'engine' | 'files'; readonly url: string; readonly reason?: string };
  /** `skippedHours`: of it, time in which nothing was to happen, and which the clock jumped over. */
  readonly runTime: { readonly from: string; readonly to: string; readonly skippedHours: number };
  readonly machineSeconds: {
    readonly synth: number;
    readonly isSynthCached: boolean;
    readonly searchStart: number;
    readonly feed: number;
    readonly total: number;
  };
  readonly groups: readonly (GroupCounts & { readonly logGroup: string })[];
  readonly filters: readonly FilterCounts[];
  readonly sources: readonly SourceReport[];
  /** CloudWatch's test messages to new destinations: not events. */
  readonly controlMessages: number;
  /** `continuations`: documents that hold the rest of a record whose first lines came in another payload. */
  readonly indices: readonly { readonly index: string; readonly documents: number; readonly continuations: number }[];
  readonly delays: Delays | undefined;
  readonly redelivery: Redelivery;
  readonly deliveryStreams: readonly DeliveryStreamReport[];
  readonly deadLetters: readonly { readonly source: string; readonly reason: string; readonly events: number }[];
  readonly functions: readonly FunctionReport[];
  /** Functions that a rule starts at a steady rate. */
  readonly schedules: readonly { readonly rule: string; readonly expression: string; readonly function: string; readonly starts: number }[];
  readonly searches: readonly Answered[];
  /** Saved queries of the templates: the page and `eks-telemetry query NAME --local` run them on the run's log groups. */
  readonly savedQueries: readonly SavedQueryReport[];
  /** What the alarms of the templates did; undefined where there are none. */
  readonly alarms: AlarmSummary | undefined;
  /** What Slack was told; undefined where the templates have no alerts. */
  readonly alerts: AlertSummary | undefined;
  readonly customResources: readonly CustomRun[];
  readonly notRun: readonly { readonly what: string; readonly count: number; readonly reason: string }[];
  readonly checks: readonly Check[];
}

/** A saved query, and whether it can run here. */
export interface SavedQueryReport {
  readonly name: string;
  /** Log groups of this run that it asks. */
  readonly logGroups: readonly string[];
  /** Parameters without a default: it runs once they are given. */
  readonly needs: readonly string[];
  /** Why it cannot run on this machine. */
  readonly problem?: string;
}

/** A second delivery, and what it left behind: nothing. */
export interface Redelivery {
  readonly events: number;
  readonly newDocuments: number;
}

/** What a function took. */
export interface FunctionReport {
  readonly name: string;
  readonly invocations: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly initCpuMs: number;
  readonly busyMs: number;
  readonly maxRssMb: number;
  readonly memoryMb: number;
}

/** What the report is made of, besides what runs. */
export interface ReportInput extends Wired {
  readonly config: string;
  readonly redelivery: Redelivery;
  /** Documents that were there already when an event came for the first time. */
  readonly duplicatesBefore: number;
  readonly feedMachineMs: number;
  readonly totalMachineMs: number;
}
