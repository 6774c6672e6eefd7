import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EKSClient } from '@aws-sdk/client-eks';
import type {
  CdkCustomResourceEvent,
  CdkCustomResourceIsCompleteEvent,
  CdkCustomResourceIsCompleteResponse,
  CdkCustomResourceResponse,
  Context,
} from 'aws-lambda';
import { isTransient, type RetryPorts } from './clients/aws-retry.ts';
import { EksLogging, type EndedUpdates } from './clients/eks-logging.ts';
import { LogGroups } from './clients/log-groups.ts';
import { TURNED_ON_TAG, typesFromTag, typesWithin, typesWithout, unknownTypes } from './core/control-plane/log-types.ts';
import { decideLogging } from './core/control-plane/logging-decision.ts';
import { flagProperty, listProperty, type ResourceProperties, textProperty } from './core/control-plane/resource-properties.ts';
import type { ControlPlaneKind } from './core/rules/rules.ts';

// One attempt of the SDK per call: the retries are ours, because they know how much time is left and which errors pass.
const eksClient = new EKSClient({ maxAttempts: 1 });
const logsClient = new CloudWatchLogsClient({ maxAttempts: 1 });
const endedUpdates: EndedUpdates = new Map();

/** EKS' clock and Lambda's may differ by this much, in ms. */
const CLOCK_SKEW_MS = 5_000;

/** What `onEvent` leaves for `isComplete`. */
interface Progress {
  /** When this deployment asked, in ms since the epoch: older updates are none of its business. */
  readonly SinceMs: number;
}

interface Wish {
  readonly clusterName: string;
  readonly logTypes: string[];
  readonly logGroupArn: string;
  readonly disableOnDelete: boolean;
}

/** Notes the time and says at once when there is no such cluster; all the rest is done by `isComplete`, which may be repeated at will. */
export async function onEvent(event: CdkCustomResourceEvent, context: Context): Promise<CdkCustomResourceResponse<Progress>> {
  const wish = readWish(event.ResourceProperties);
  if (event.RequestType !== 'Delete') {
    const unknown = unknownTypes(wish.logTypes);
    if (unknown.length > 0) throw new Error(`EKS has no log type ${unknown.join(', ')}`);
    if ((await eks(context).describe(wish.clusterName)) === undefined) throw new Error(missingCluster(wish.clusterName));
  }
  return {
    // Another cluster is another resource: CloudFormation then deletes the one of the old cluster.
    PhysicalResourceId: `control-plane-logging/${wish.clusterName}`,
    Data: { SinceMs: Date.now() - CLOCK_SKEW_MS },
  };
}

/** One step towards the wish; called every few seconds until it answers that all is done. */
export async function isComplete(event: CdkCustomResourceIsCompleteEvent, context: Context): Promise<CdkCustomResourceIsCompleteResponse> {
  const wish = readWish(event.ResourceProperties);
  const sinceMs = Number((event as { Data?: Partial<Progress> }).Data?.SinceMs ?? 0);
  try {
    const done = event.RequestType === 'Delete' ? await turnOff(wish, sinceMs, context) : await turnOn(wish, sinceMs, context);
    return { IsComplete: done };
  } catch (error) {
    // An error here would fail the deployment; what passes by itself is asked again.
    if (!isTransient(error)) throw error;
    console.log(
      JSON.stringify({ cluster: wish.clusterName, step: 'wait', reason: error instanceof Error ? error.message : String(error) }),
    );
    return { IsComplete: false };
  }
}

async function turnOn(wish: Wish, sinceMs: number, context: Context): Promise<boolean> {
  const logging = eks(context);
  const cluster = await logging.describe(wish.clusterName);
  if (cluster === undefined) throw new Error(missingCluster(wish.clusterName));
  const open = typesWithout(wish.logTypes, cluster.enabled);
  const updates = open.length > 0 || cluster.status !== 'ACTIVE' ? await logging.updates(wish.clusterName, sinceMs) : [];
  const decision = decideLogging({ clusterName: wish.clusterName, cluster, open, enable: true, updates });
  console.log(JSON.stringify({ cluster: wish.clusterName, ...decision }));
  if (decision.step === 'fail') {
    // These types are not on by our doing; with the note a later delete might turn off somebody else's.
    await writeNote(wish, typesWithout(await readNote(wish, context), open), context).catch(() => undefined);
    throw new Error(decision.reason);
  }
  if (decision.step !== 'start') return decision.step === 'done';
  // Written before the update, so that an answer that gets lost on the way cannot make us forget what we turned on.
  const noted = await readNote(wish, context);
  await writeNote(wish, [...noted, ...typesWithout(open, noted)], context);
  const outcome = await logging.start(wish.clusterName, open, true);
  console.log(JSON.stringify({ cluster: wish.clusterName, types: open, ...outcome }));
  // Somebody else was quicker: what they turned on is not ours to turn off.
  if (outcome.outcome === 'unchanged') await writeNote(wish, noted, context);
  return outcome.outcome === 'unchanged';
}

/** Leaves logging on, unless the config asks otherwise; then turns off what this app had turned on, and nothing else. */
async function turnOff(wish: Wish, sinceMs: number, context: Context): Promise<boolean> {
  if (!wish.disableOnDelete) return true;
  const logging = eks(context);
  const cluster = await logging.describe(wish.clusterName);
  if (cluster === undefined) return true;
  const ours = await readNote(wish, context);
  const open = typesWithin(ours, cluster.enabled);
  const updates = open.length > 0 || cluster.status !== 'ACTIVE' ? await logging.updates(wish.clusterName, sinceMs) : [];
  const decision = decideLogging({ clusterName: wish.clusterName, cluster, open, enable: false, updates });
  console.log(JSON.stringify({ cluster: wish.clusterName, ...decision }));
  if (decision.step === 'fail') throw new Error(decision.reason);
  if (decision.step === 'done' && ours.length > 0) await writeNote(wish, [], context);
  if (decision.step !== 'start') return decision.step === 'done';
  const outcome = await logging.start(wish.clusterName, open, false);
  console.log(JSON.stringify({ cluster: wish.clusterName, types: open, ...outcome }));
  return false;
}

/** Types that this app turned on, by the note on the log group. */
async function readNote(wish: Wish, context: Context): Promise<ControlPlaneKind[]> {
  return typesFromTag((await logGroups(context).tags(wish.logGroupArn).catch(noTags))[TURNED_ON_TAG]);
}

async function writeNote(wish: Wish, types: readonly ControlPlaneKind[], context: Context): Promise<void> {
  const groups = logGroups(context);
  if (types.length > 0) await groups.tag(wish.logGroupArn, { [TURNED_ON_TAG]: types.join(' ') });
  else await groups.untag(wish.logGroupArn, [TURNED_ON_TAG]);
}

/** A group that is gone has no note: nothing is known to be ours, so nothing is turned off. */
function noTags(error: unknown): { [key: string]: string } {
  if (error instanceof Error && error.name === 'ResourceNotFoundException') return {};
  throw error;
}

function readWish(properties: ResourceProperties): Wish {
  return {
    clusterName: textProperty(properties, 'ClusterName'),
    logTypes: listProperty(properties, 'LogTypes'),
    logGroupArn: textProperty(properties, 'LogGroupArn'),
    disableOnDelete: flagProperty(properties, 'DisableOnDelete'),
  };
}

function missingCluster(clusterName: string): string {
  return `there is no EKS cluster "${clusterName}" in this account and Region; this app turns logging on for clusters that exist: check clusters[].name, account and region in the config`;
}

function eks(context: Context): EksLogging {
  return new EksLogging(eksClient, portsOf(context), endedUpdates);
}

function logGroups(context: Context): LogGroups {
  return new LogGroups(logsClient, portsOf(context));
}

function portsOf(context: Context): RetryPorts {
  return {
    random: () => Math.random(),
    sleep: (ms) => pause(ms),
    remainingMs: () => context.getRemainingTimeInMillis(),
  };
}
