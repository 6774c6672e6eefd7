import { randomUUID } from 'node:crypto';
import { JsonService, type ServiceCall, ServiceError } from './json-service.ts';

const ALL = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

interface FakeUpdate {
  id: string;
  status: 'InProgress' | 'Failed' | 'Cancelled' | 'Successful';
  type: string;
  params: { type: string; value: string }[];
  createdAt: number;
  errors: { errorCode: string; errorMessage: string; resourceIds: string[] }[];
  /** How often the cluster is described before the update ends. */
  describesLeft: number;
  apply: () => void;
}

/** One cluster behind the EKS API. An update goes on each time the cluster is described, so tests need no clock. */
export class FakeEks {
  readonly service: JsonService = new JsonService((call) => this.answer(call));
  cluster: { status: string; enabled: Set<string> } | undefined;
  readonly updates: FakeUpdate[] = [];
  /** Errors to answer with before the operation works, by operation. */
  readonly trouble = new Map<string, ServiceError[]>();
  /** How the next updates end; `Successful` when empty. */
  readonly endings: ('Failed' | 'Cancelled' | 'Successful')[] = [];
  /** How often the cluster is described before an update ends. */
  describesPerUpdate = 2;
  /** The status becomes UPDATING late, as EKS says it may. */
  statusLags = false;
  updatesPerPage = 100;

  reset(enabled: readonly string[] = []): void {
    this.cluster = { status: 'ACTIVE', enabled: new Set(enabled) };
    this.updates.length = 0;
    this.trouble.clear();
    this.endings.length = 0;
    this.describesPerUpdate = 2;
    this.statusLags = false;
    this.updatesPerPage = 100;
    this.service.calls.length = 0;
  }

  /** Update requests that were accepted or refused, as the logging that they asked for. */
  requests(): unknown[] {
    return this.service.calls.filter(({ path }) => path.endsWith('/update-config')).map(({ body }) => body['logging']);
  }

  /** Somebody else changes the cluster at this moment. */
  startForeignUpdate(
    type: string,
    describes: number,
    apply: () => void = () => undefined,
    value = '{}',
    createdAtMs = Date.now(),
  ): FakeUpdate {
    const update: FakeUpdate = {
      id: randomUUID(),
      status: 'InProgress',
      type,
      params: type === 'LoggingUpdate' ? [{ type: 'ClusterLogging', value }] : [],
      createdAt: createdAtMs / 1000,
      errors: [],
      describesLeft: describes,
      apply,
    };
    this.updates.push(update);
    if (this.cluster && !this.statusLags) this.cluster.status = 'UPDATING';
    return update;
  }

  private answer(call: ServiceCall): object {
    const operation = operationOf(call);
    const error = this.trouble.get(operation)?.shift();
    if (error) throw error;
    if (!this.cluster) throw new ServiceError('ResourceNotFoundException', 'No cluster found for name: prod.', 404);
    if (operation === 'DescribeCluster') return this.describe(this.cluster);
    if (operation === 'UpdateClusterConfig') return this.update(this.cluster, call);
    if (operation === 'ListUpdates') return this.list(Number(call.query.get('nextToken') ?? 0));
    const update = this.updates.find(({ id }) => call.path.endsWith(`/${id}`));
    if (!update) throw new ServiceError('ResourceNotFoundException', 'No update found', 404);
    const { describesLeft: _left, apply: _apply, ...shown } = update;
    return { update: shown };
  }

  private describe(cluster: { status: string; enabled: Set<string> }): object {
    const running = this.updates.find(({ status }) => status === 'InProgress');
    if (running) {
      cluster.status = 'UPDATING';
      running.describesLeft -= 1;
      if (running.describesLeft < 0) this.end(cluster, running);
    }
    const on = ALL.filter((type) => cluster.enabled.has(type));
    const off = ALL.filter((type) => !cluster.enabled.has(type));
    const clusterLogging = [on.length > 0 ? { types: on, enabled: true } : undefined, { types: off, enabled: false }].filter(Boolean);
    return { cluster: { name: 'prod', status: cluster.status, logging: { clusterLogging } } };
  }

  private end(cluster: { status: string }, update: FakeUpdate): void {
    update.status = update.type === 'LoggingUpdate' ? (this.endings.shift() ?? 'Successful') : 'Successful';
    cluster.status = 'ACTIVE';
    if (update.status === 'Successful') update.apply();
    else update.errors = [{ errorCode: 'AccessDenied', errorMessage: 'the log group belongs to somebody else', resourceIds: [] }];
  }

  private update(cluster: { status: string; enabled: Set<string> }, call: ServiceCall): object {
    if (this.updates.some(({ status }) => status === 'InProgress')) {
      throw new ServiceError('ResourceInUseException', 'Cannot LoggingUpdate because cluster prod currently has update in progress', 409);
    }
    const logging = call.body['logging'] as { clusterLogging: { types: string[]; enabled: boolean }[] };
    const changes = logging.clusterLogging.some(({ types, enabled }) => types.some((type) => cluster.enabled.has(type) !== enabled));
    if (!changes) throw new ServiceError('InvalidParameterException', 'No changes needed for the logging config provided');
    const apply = (): void => {
      for (const { types, enabled } of logging.clusterLogging) {
        for (const type of types) {
          if (enabled) cluster.enabled.add(type);
          else cluster.enabled.delete(type);
        }
      }
    };
    const update = this.startForeignUpdate('LoggingUpdate', this.describesPerUpdate, apply, JSON.stringify(logging));
    return { update: { id: update.id, status: update.status, type: update.type } };
  }

  private list(start: number): object {
    const ids = this.updates.map(({ id }) => id);
    const next = start + this.updatesPerPage;
    return { updateIds: ids.slice(start, next), ...(next < ids.length ? { nextToken: String(next) } : {}) };
  }
}

function operationOf({ method, path }: ServiceCall): string {
  if (method === 'POST') return 'UpdateClusterConfig';
  if (/\/updates\/[^/]+$/.test(path)) return 'DescribeUpdate';
  return path.endsWith('/updates') ? 'ListUpdates' : 'DescribeCluster';
}
