import type { ControlPlaneKind } from '../rules/rules.ts';
import { enabledTypes, type LogSetup } from './log-types.ts';

/** A cluster as far as its logging is concerned. */
export interface ClusterLogging {
  /** EKS' status: CREATING, ACTIVE, DELETING, FAILED, UPDATING, PENDING. */
  readonly status: string;
  /** Types that are on. */
  readonly enabled: readonly ControlPlaneKind[];
}

/** An update of the cluster's logging. */
export interface LoggingUpdate {
  readonly id: string;
  /** EKS' status: InProgress, Failed, Cancelled, Successful. */
  readonly status: string;
  /** ms since the epoch. */
  readonly createdAtMs: number;
  /** JSON text of its ClusterLogging parameter. */
  readonly clusterLogging?: string;
  /** What EKS gives as the reason of a failure. */
  readonly errors: readonly { readonly code?: string; readonly message?: string }[];
}

/** What to do now. `wait` asks again later; every one says why. */
export type LoggingStep =
  | { readonly step: 'done'; readonly reason: string }
  | { readonly step: 'wait'; readonly reason: string }
  | { readonly step: 'fail'; readonly reason: string }
  | { readonly step: 'start'; readonly reason: string };

/** Everything that a decision looks at. */
export interface LoggingSituation {
  readonly clusterName: string;
  readonly cluster: ClusterLogging;
  /** Types whose state is not yet as it shall be. */
  readonly open: readonly ControlPlaneKind[];
  /** Whether the open types are to be turned on or off. */
  readonly enable: boolean;
  /** Updates of this cluster's logging that were made since the deployment asked, newest first. */
  readonly updates: readonly LoggingUpdate[];
}

/** Decides the next step; a repeated call with the same situation gives the same one, so a retry does no harm. */
export function decideLogging({ clusterName, cluster, open, enable, updates }: LoggingSituation): LoggingStep {
  const verb = enable ? 'on' : 'off';
  if (cluster.status === 'DELETING' || cluster.status === 'FAILED') {
    if (!enable) return { step: 'done', reason: `cluster ${clusterName} is ${cluster.status}: nothing to turn off` };
    return { step: 'fail', reason: `cluster ${clusterName} is ${cluster.status}: its logging cannot be changed` };
  }
  const running = updates.find(({ status }) => status === 'InProgress');
  if (running) return { step: 'wait', reason: `update ${running.id} of the logging of ${clusterName} is in progress` };
  if (open.length === 0) return { step: 'done', reason: `every wanted type of ${clusterName} is ${verb}` };
  const ours = updates.find((update) => changes(update, open, enable));
  if (ours && (ours.status === 'Failed' || ours.status === 'Cancelled')) {
    return { step: 'fail', reason: `update ${ours.id} of the logging of ${clusterName} ended as ${ours.status}: ${errorText(ours)}` };
  }
  if (ours && ours.status === 'Successful') {
    return { step: 'wait', reason: `update ${ours.id} is done, but ${clusterName} does not show ${open.join(', ')} as ${verb} yet` };
  }
  if (cluster.status !== 'ACTIVE')
    return { step: 'wait', reason: `cluster ${clusterName} is ${cluster.status}; its logging can be changed when it is ACTIVE` };
  return { step: 'start', reason: `${open.join(', ')} of ${clusterName} shall be ${verb}` };
}

/** Whether an update sets all of `types` to the wanted state; an update without parameters counts as ours. */
function changes(update: LoggingUpdate, types: readonly ControlPlaneKind[], enable: boolean): boolean {
  if (update.clusterLogging === undefined) return true;
  const setups = readSetups(update.clusterLogging);
  if (setups === undefined) return true;
  if (enable) {
    const on = enabledTypes(setups);
    return types.every((type) => on.includes(type));
  }
  const off = setups.filter(({ enabled }) => enabled !== true).flatMap(({ types: named }) => named ?? []);
  return types.every((type) => off.includes(type));
}

function readSetups(text: string): LogSetup[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const setups = typeof parsed === 'object' && parsed !== null ? (parsed as { clusterLogging?: unknown }).clusterLogging : undefined;
    return Array.isArray(setups) ? (setups as LogSetup[]) : undefined;
  } catch {
    return undefined;
  }
}

function errorText(update: LoggingUpdate): string {
  if (update.errors.length === 0) return 'EKS gives no reason; see the update history of the cluster';
  return update.errors.map(({ code, message }) => [code, message].filter((part) => part !== undefined).join(': ')).join('; ');
}
