import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { CdkCustomResourceEvent, CdkCustomResourceResponse, Context } from 'aws-lambda';
import type { RetryPorts } from './clients/aws-retry.ts';
import { LogGroups } from './clients/log-groups.ts';
import { logGroupSteps, unusableReason, wantedLogGroup } from './core/control-plane/log-group-steps.ts';
import { mapProperty, textProperty } from './core/control-plane/resource-properties.ts';

// One attempt of the SDK per call: the retries are ours, because they know how much time is left and which errors pass.
const client = new CloudWatchLogsClient({ maxAttempts: 1 });

/**
 * Custom resource that adopts a log group: made if missing, then retention, key, deletion protection and tags, and only
 * what differs. Deleting the resource leaves the group as it is: logs outlive the stack that collected them.
 */
export async function handler(event: CdkCustomResourceEvent, context: Context): Promise<CdkCustomResourceResponse> {
  if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId };

  const name = textProperty(event.ResourceProperties, 'LogGroupName');
  const arn = textProperty(event.ResourceProperties, 'LogGroupArn');
  const wanted = wantedLogGroup(event.ResourceProperties);
  const groups = new LogGroups(client, portsOf(context));
  const found = await groups.find(name);
  const unusable = found && unusableReason(name, found);
  if (unusable !== undefined) throw new Error(unusable);

  const earlierTags = event.RequestType === 'Update' ? mapProperty(event.OldResourceProperties, 'Tags') : {};
  const steps = logGroupSteps(found, wanted, earlierTags);
  for (const step of steps) {
    try {
      await groups.take(step, name, arn);
    } catch (error) {
      throw new Error(`log group ${name}, ${step.step}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`, {
        cause: error,
      });
    }
  }
  console.log(JSON.stringify({ logGroup: name, steps: steps.map(({ step }) => step) }));
  return { PhysicalResourceId: name };
}

function portsOf(context: Context): RetryPorts {
  return {
    random: () => Math.random(),
    sleep: (ms) => pause(ms),
    remainingMs: () => context.getRemainingTimeInMillis(),
  };
}
