import type { FunctionHost, InvocationResult } from '../lambda/function-host.ts';
import { uuidOf } from '../template/attributes.ts';
import { isObject, type Json, objectAt, textAt } from '../template/json.ts';
import type { CustomResult, Resolver, Resource } from '../template/resolver.ts';
import type { LocalAccount } from './account.ts';

/** A custom resource that was run, or the reason why it was not. */
export interface CustomRun {
  readonly path: string;
  readonly type: string;
  readonly outcome: { readonly kind: 'ran'; readonly machineMs: number } | { readonly kind: 'skipped'; readonly reason: string };
}

/** How often `isComplete` is asked before the run gives up; the local services finish at once. */
const MAX_POLLS = 20;

/** Whether the type is a custom resource. */
export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/**
 * Creates the custom resources through their functions, in the order of the templates, each after those it depends on. The functions are those
 * behind CDK's provider framework (`USER_ON_EVENT_FUNCTION_ARN`, `USER_IS_COMPLETE_FUNCTION_ARN`); the framework itself is played here.
 * `skip` may name a reason not to run one. Throws where one fails: so would the deploy.
 */
export async function createCustomResources(
  account: LocalAccount,
  resolver: Resolver,
  results: Map<string, CustomResult>,
  skip: (resource: Resource) => string | undefined,
): Promise<CustomRun[]> {
  const runs: CustomRun[] = [];
  const entries = resolver.inventory().filter(({ type }) => isCustom(type));
  const waiting = new Map(entries.map((entry) => [`${entry.stack}/${entry.logicalId}`, entry]));
  const create = async (key: string): Promise<void> => {
    const entry = waiting.get(key);
    if (!entry) return;
    waiting.delete(key);
    const resource = resolver.resource(entry.stack, entry.logicalId);
    for (const id of resource.dependsOn) await create(`${entry.stack}/${id}`);
    const began = account.parts.machine.elapsedMs();
    const reason = skip(resource) ?? (await createOne(account, resolver, resource, results));
    const outcome =
      reason === undefined
        ? { kind: 'ran' as const, machineMs: account.parts.machine.elapsedMs() - began }
        : { kind: 'skipped' as const, reason };
    runs.push({ path: resource.path, type: resource.type, outcome });
  };
  for (const key of [...waiting.keys()]) await create(key);
  return runs;
}

/** Returns the reason where it cannot run here. */
async function createOne(
  account: LocalAccount,
  resolver: Resolver,
  resource: Resource,
  results: Map<string, CustomResult>,
): Promise<string | undefined> {
  if (resource.type === 'Custom::AWSCDK-EKS-KubernetesResource')
    return 'there is no cluster here; `eks-telemetry render manifests` shows the object, and tests try it against the schema of Kubernetes';
  const token = textAt(resource.properties, 'ServiceToken') ?? '';
  if (!token.includes(':lambda:')) return `its provider ${token || '(none)'} is not a function`;
  const framework = account.functionResource(resolver, token);
  const variables = objectAt(objectAt(framework.properties, 'Environment'), 'Variables');
  const onEventArn = textAt(variables, 'USER_ON_EVENT_FUNCTION_ARN');
  if (onEventArn === undefined) return "it answers CloudFormation by itself, without CDK's provider framework";
  const event = {
    RequestType: 'Create',
    RequestId: uuidOf(`${resource.stack}/${resource.logicalId}/create`),
    StackId: `arn:aws:cloudformation:${resource.region}:${resource.account}:stack/${resource.stack}/local`,
    LogicalResourceId: resource.logicalId,
    ResourceType: resource.type,
    ResourceProperties: scalarsAsText(resource.properties),
  };
  const created = await callForObject(account, account.host(resolver, onEventArn), event, resource);
  const isCompleteArn = textAt(variables, 'USER_IS_COMPLETE_FUNCTION_ARN');
  const physicalId = textAt(created, 'PhysicalResourceId') ?? event.RequestId;
  let data = objectAt(created, 'Data');
  if (isCompleteArn !== undefined) {
    const waiter = account.host(resolver, isCompleteArn);
    for (let poll = 1; ; poll++) {
      const answer = await callForObject(account, waiter, { ...event, ...created, PhysicalResourceId: physicalId }, resource);
      data = { ...data, ...objectAt(answer, 'Data') };
      if (isObject(answer) && answer['IsComplete'] === true) break;
      if (poll === MAX_POLLS) throw new Error(`${resource.path}: still not complete after ${MAX_POLLS} polls`);
    }
  }
  results.set(`${resource.stack}/${resource.logicalId}`, { physicalId, data });
  return undefined;
}

async function callForObject(
  account: LocalAccount,
  host: FunctionHost,
  event: object,
  resource: Resource,
): Promise<{ readonly [key: string]: Json }> {
  const result: InvocationResult = await account.call(host, event);
  if (result.error)
    throw new Error(
      `${resource.path}: ${host.spec.name} failed, and so would the deploy: ${result.error.errorType}: ${result.error.errorMessage}`,
    );
  const answer: unknown = JSON.parse(result.payload ?? 'null');
  return isObject(answer) ? answer : {};
}

/** CloudFormation hands every scalar of a custom resource over as text. */
function scalarsAsText(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(scalarsAsText);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, scalarsAsText(member)]));
  return value === null ? null : String(value);
}

/** Whether a custom resource's function talks to the search. */
export function readsSearch(account: LocalAccount, resolver: Resolver, properties: { readonly [name: string]: unknown }): boolean {
  const framework = account.functionResource(resolver, String(properties['ServiceToken']));
  const onEvent = JSON.stringify(framework.properties).match(/"USER_ON_EVENT_FUNCTION_ARN":"([^"]+)"/)?.[1];
  return onEvent !== undefined && JSON.stringify(account.functionResource(resolver, onEvent).properties).includes('"SEARCH_ENDPOINT"');
}
