import { archiveBucketName } from '../config/names.ts';
import type { Config } from '../config/resolve.ts';
import { ARCHIVE_COLUMNS } from './json-columns.ts';
import { days, HOURS } from './partitions.ts';
import type { Table } from './types.ts';

/** Kinds of the archive, each a folder and a table of its own, with what it holds. */
const KINDS: readonly { readonly table: string; readonly kind: string; readonly what: string }[] = [
  { table: 'audit', kind: 'audit', what: 'Who did what to the API: one event of JSON per request and stage' },
  { table: 'api', kind: 'api', what: 'Lines of the API server itself' },
  { table: 'authenticator', kind: 'authenticator', what: 'Which IAM principal became which user' },
  { table: 'controller_manager', kind: 'controllerManager', what: 'Lines of the controllers: nodes, deployments, garbage collection' },
  { table: 'scheduler', kind: 'scheduler', what: 'Lines of the scheduler: which pod went where, and why not' },
  { table: 'application', kind: 'application', what: 'Lines of containers with their pod, JSON of Fluent Bit' },
  { table: 'dataplane', kind: 'dataplane', what: 'Lines of kubelet, container runtime, aws-node and kube-proxy' },
  { table: 'host', kind: 'host', what: 'Lines of the nodes: kernel, messages, secure' },
  { table: 'events', kind: 'events', what: 'Kubernetes events, JSON' },
];

/** Tables over the archive; none without one. */
export function archiveTables(config: Config): {
  readonly tables: readonly Table[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
} {
  if (!config.archive.enabled) {
    return { tables: [], leftOut: KINDS.map(({ table }) => ({ name: table, reason: 'archive.enabled is false' })) };
  }
  const root = `s3://${archiveBucketName(config)}`;
  const tables = KINDS.map(({ table, kind, what }): Table => {
    const location = `${root}/kind=${kind}`;
    return {
      name: table,
      description: what,
      location,
      template: `${location}/cluster=\${cluster}/dt=\${dt}/hr=\${hr}`,
      partitions: [
        { name: 'cluster', comment: 'name of the cluster', projection: { type: 'enum', values: config.clusters.map(({ name }) => name) } },
        days('dt', 'yyyy-MM-dd', config.athena.firstDay, "the event's day, UTC"),
        HOURS,
      ],
      columns: ARCHIVE_COLUMNS,
      format: { kind: config.archive.format === 'parquet' ? 'parquet' : 'json' },
    };
  });
  return { tables, leftOut: [] };
}
