/** A cluster that exists: logging is all that can be changed of it here. */
export interface LocalCluster {
  readonly name: string;
  /** Log types that are on. */
  readonly logTypes: Set<string>;
}

interface Update {
  readonly id: string;
  readonly type: 'LoggingUpdate';
  readonly status: 'Successful';
  readonly createdAt: number;
  readonly params: readonly { readonly type: string; readonly value: string }[];
  readonly errors: readonly never[];
}

/** An answer of a local API: a status and a JSON body. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

interface LoggingRequest {
  readonly logging?: { readonly clusterLogging?: readonly { readonly types?: readonly string[]; readonly enabled?: boolean }[] };
}

/** As much of the EKS API as turning control-plane logging on needs: DescribeCluster, UpdateClusterConfig, ListUpdates, DescribeUpdate. */
export class EksApi {
  readonly clusters: Map<string, LocalCluster>;
  readonly #updates: Update[] = [];
  readonly #nowMs: () => number;

  constructor(names: readonly string[], nowMs: () => number) {
    this.clusters = new Map(names.map((name) => [name, { name, logTypes: new Set<string>() }]));
    this.#nowMs = nowMs;
  }

  /** Answers a request; undefined where the path is not EKS's. */
  answer(method: string, path: string, body: string): ApiAnswer | undefined {
    const [, root, encodedName, action, updateId] = path.split('/');
    if (root !== 'clusters' || encodedName === undefined) return undefined;
    const name = decodeURIComponent(encodedName);
    const cluster = this.clusters.get(name);
    if (!cluster) return { status: 404, body: { __type: 'ResourceNotFoundException', message: `No cluster found for name: ${name}.` } };
    if (method === 'GET' && action === undefined) return { status: 200, body: { cluster: describe(cluster) } };
    if (method === 'POST' && action === 'update-config') return this.#update(cluster, JSON.parse(body) as LoggingRequest);
    if (method === 'GET' && action === 'updates' && updateId === undefined) {
      return { status: 200, body: { updateIds: this.#updates.map(({ id }) => id) } };
    }
    const update = this.#updates.find(({ id }) => id === updateId);
    return update && { status: 200, body: { update } };
  }

  #update(cluster: LocalCluster, request: LoggingRequest): ApiAnswer {
    const changes = request.logging?.clusterLogging ?? [];
    const isNew = changes.some(({ types = [], enabled }) => types.some((type) => cluster.logTypes.has(type) !== (enabled === true)));
    if (!isNew)
      return { status: 400, body: { __type: 'InvalidParameterException', message: 'No changes needed for the logging config provided' } };
    for (const { types = [], enabled } of changes) {
      for (const type of types) {
        if (enabled) cluster.logTypes.add(type);
        else cluster.logTypes.delete(type);
      }
    }
    const update: Update = {
      id: `local-update-${this.#updates.length + 1}`,
      type: 'LoggingUpdate',
      status: 'Successful',
      createdAt: this.#nowMs() / 1000,
      params: [{ type: 'ClusterLogging', value: JSON.stringify({ clusterLogging: changes }) }],
      errors: [],
    };
    this.#updates.push(update);
    return { status: 200, body: { update: { ...update, status: 'InProgress' } } };
  }
}

const ALL_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

function describe(cluster: LocalCluster): object {
  const on = ALL_TYPES.filter((type) => cluster.logTypes.has(type));
  const off = ALL_TYPES.filter((type) => !cluster.logTypes.has(type));
  const clusterLogging = [
    { types: on, enabled: true },
    { types: off, enabled: false },
  ];
  return { name: cluster.name, status: 'ACTIVE', logging: { clusterLogging: clusterLogging.filter(({ types }) => types.length > 0) } };
}
