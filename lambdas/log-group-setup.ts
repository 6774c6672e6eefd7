import { setTimeout as pause } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { CdkCustomResourceEvent, CdkCustomResourceResponse, Context } from 'aws-lambda';
import type { RetryPorts } from './clients/aws-retry.ts';
import { LogGroups } from './clients/log-groups.ts';
import { type IndexPolicyStep, indexPolicyStep } from './core/control-plane/index-policy.ts';
import { type LogGroupStep, logGroupSteps, unusableReason, wantedLogGroup } from './core/control-plane/log-group-steps.ts';
import { listProperty, mapProperty, textProperty } from './core/control-plane/resource-properties.ts';

// One attempt of the SDK per call: the retries are ours, because they know how much time is left and which errors pass.
const client = new CloudWatchLogsClient({ maxAttempts: 1 });

/**
 * Custom resource that adopts a log group: made if missing, then retention, key, deletion protection, tags and field indexes,
 * and only what differs. Deleting the resource leaves the group as it is: logs outlive the stack that collected them.
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
  const taken: string[] = [];
  const take = async (step: LogGroupStep | IndexPolicyStep): Promise<void> => {
    try {
      await groups.take(step, name, arn);
      taken.push(step.step);
    } catch (error) {
      throw new Error(`log group ${name}, ${step.step}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`, {
        cause: error,
      });
    }
  };
  for (const step of logGroupSteps(found, wanted, earlierTags)) await take(step);
  const fields = fieldsOf(event.ResourceProperties);
  const earlierFields = event.RequestType === 'Update' ? fieldsOf(event.OldResourceProperties) : [];
  if (fields.length > 0 || earlierFields.length > 0) {
    const step = indexPolicyStep(await groups.indexPolicy(name), fields, earlierFields);
    if (step !== undefined) await take(step);
  }
  console.log(JSON.stringify({ logGroup: name, steps: taken }));
  return { PhysicalResourceId: name };
}

/** Fields that shall be indexed; the property is absent where there is none. */
function fieldsOf(properties: CdkCustomResourceEvent['ResourceProperties']): string[] {
  return properties['IndexFields'] === undefined ? [] : listProperty(properties, 'IndexFields');
}

function portsOf(context: Context): RetryPorts {
  return {
    random: () => Math.random(),
    sleep: (ms) => pause(ms),
    remainingMs: () => context.getRemainingTimeInMillis(),
  };
}
