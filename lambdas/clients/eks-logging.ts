import {
  DescribeClusterCommand,
  DescribeUpdateCommand,
  type EKSClient,
  ListUpdatesCommand,
  type Update,
  UpdateClusterConfigCommand,
} from '@aws-sdk/client-eks';
import { enabledTypes } from '../core/control-plane/log-types.ts';
import type { ClusterLogging, LoggingUpdate } from '../core/control-plane/logging-decision.ts';
import type { ControlPlaneKind } from '../core/rules/rules.ts';
import { errorName, type RetryPorts, withRetry } from './aws-retry.ts';

/** What became of the request for an update. */
export type StartOutcome =
  | { readonly outcome: 'started'; readonly updateId: string }
  /** EKS says that nothing has to change. */
  | { readonly outcome: 'unchanged' }
  /** Another update holds the cluster. */
  | { readonly outcome: 'busy'; readonly reason: string };

/**
 * Updates that have ended, by id: they never change again. Kept while a function is warm, so that a wait of minutes
 * does not read a long history every few seconds. An update of something else than logging is undefined.
 */
export type EndedUpdates = Map<string, LoggingUpdate | undefined>;

/** A cluster's logging through the EKS API. */
export class EksLogging {
  private readonly client: EKSClient;
  private readonly ports: RetryPorts;
  private readonly ended: EndedUpdates;

  constructor(client: EKSClient, ports: RetryPorts, ended: EndedUpdates) {
    this.client = client;
    this.ports = ports;
    this.ended = ended;
  }

  /** The cluster, undefined where the account and Region have none of this name. */
  async describe(clusterName: string): Promise<ClusterLogging | undefined> {
    try {
      const { cluster } = await withRetry(() => this.client.send(new DescribeClusterCommand({ name: clusterName })), this.ports);
      return { status: cluster?.status ?? 'PENDING', enabled: enabledTypes(cluster?.logging?.clusterLogging ?? []) };
    } catch (error) {
      if (errorName(error) === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** Updates of the logging that run or were made since a time, newest first. */
  async updates(clusterName: string, sinceMs: number): Promise<LoggingUpdate[]> {
    const found: LoggingUpdate[] = [];
    for (const id of await this.updateIds(clusterName)) {
      const update = this.ended.has(id) ? this.ended.get(id) : await this.update(clusterName, id);
      if (update && (update.status === 'InProgress' || update.createdAtMs >= sinceMs)) found.push(update);
    }
    return found.sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  /** Asks for an update. Types that are not named stay as they are. */
  async start(clusterName: string, types: readonly ControlPlaneKind[], enable: boolean): Promise<StartOutcome> {
    try {
      const { update } = await withRetry(
        () =>
          this.client.send(
            new UpdateClusterConfigCommand({ name: clusterName, logging: { clusterLogging: [{ types: [...types], enabled: enable }] } }),
          ),
        this.ports,
      );
      return { outcome: 'started', updateId: update?.id ?? '' };
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      if (errorName(error) === 'ResourceInUseException' || /update in progress/i.test(message)) return { outcome: 'busy', reason: message };
      if (errorName(error) === 'InvalidParameterException' && /no changes needed/i.test(message)) return { outcome: 'unchanged' };
      throw error;
    }
  }

  private async updateIds(clusterName: string): Promise<string[]> {
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await withRetry(
        () => this.client.send(new ListUpdatesCommand({ name: clusterName, ...(nextToken === undefined ? {} : { nextToken }) })),
        this.ports,
      );
      ids.push(...(page.updateIds ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    return ids;
  }

  private async update(clusterName: string, id: string): Promise<LoggingUpdate | undefined> {
    const { update } = await withRetry(() => this.client.send(new DescribeUpdateCommand({ name: clusterName, updateId: id })), this.ports);
    const logging = update?.type === 'LoggingUpdate' ? loggingUpdate(id, update) : undefined;
    if (update !== undefined && update.status !== 'InProgress') this.ended.set(id, logging);
    return logging;
  }
}

function loggingUpdate(id: string, update: Update): LoggingUpdate {
  const clusterLogging = update.params?.find(({ type }) => type === 'ClusterLogging')?.value;
  return {
    id,
    status: update.status ?? 'InProgress',
    createdAtMs: update.createdAt?.getTime() ?? 0,
    ...(clusterLogging === undefined ? {} : { clusterLogging }),
    errors: (update.errors ?? []).map(({ errorCode, errorMessage }) => ({
      ...(errorCode === undefined ? {} : { code: errorCode }),
      ...(errorMessage === undefined ? {} : { message: errorMessage }),
    })),
  };
}
