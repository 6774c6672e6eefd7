import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { controlPlaneKind } from '../../../lambdas/core/parse/stream-kind.ts';
import type { Report } from '../../../local/report/types.ts';
import { LocalRun } from '../../../local/run/run.ts';
import { fileTarget } from '../../../local/run/search-target.ts';
import { statePaths } from '../../../local/run/state.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { Resolver } from '../../../local/template/resolver.ts';
import { type GlueTable, glueTables, type NamedQuery, namedQueries } from '../../../local/trino/glue-tables.ts';

const ROOT = resolve(__dirname, '../../..');
const CONFIG = 'config/local.yaml';
/** Lines of the audit log, the largest of the samples. */
const AUDIT_LINES = 300;

/** What a local run with `--archive` left, and what its templates say of it. */
export interface LocalArchive {
  readonly report: Report;
  /** Events that were sent, by kind. */
  readonly sent: { readonly [kind: string]: number };
  readonly tables: readonly GlueTable[];
  readonly queries: readonly NamedQuery[];
}

/** A part of the samples, each kind of file among them. */
function makeSamples(folder: string): void {
  const from = (path: string): string => join(ROOT, 'samples', path);
  for (const name of ['control-plane', 'containers', 'events']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['authenticator', 'kube-scheduler', 'kube-controller-manager'])
    copyFileSync(from(`control-plane/${name}.log.gz`), join(folder, 'control-plane', `${name}.log.gz`));
  const audit = gunzipSync(readFileSync(from('control-plane/kube-apiserver-audit.log.gz')))
    .toString('utf8')
    .split('\n');
  writeFileSync(join(folder, 'control-plane/kube-apiserver-audit.log.gz'), gzipSync(`${audit.slice(0, AUDIT_LINES).join('\n')}\n`));
  const orders = readdirSync(from('containers')).find((name) => name.startsWith('orders-')) ?? '';
  copyFileSync(from(`containers/${orders}`), join(folder, 'containers', orders));
  cpSync(from('events'), join(folder, 'events'), { recursive: true });
  cpSync(from('access-logs'), join(folder, 'access-logs'), { recursive: true });
}

/** Runs `npm start -- --archive <archive>` on a part of the samples, without a search; `work` keeps the rest of its files. */
export async function runWithArchive(work: string, archive: string): Promise<LocalArchive> {
  const samples = join(work, 'samples');
  makeSamples(samples);
  // The assembly is shared with every other run of this project: it is made once.
  const paths = statePaths(join(ROOT, '.eks-telemetry'), join(work, 'run'));
  mkdirSync(paths.directory, { recursive: true });
  writeFileSync(paths.metrics, '');
  const run = new LocalRun(
    { once: true, config: CONFIG, input: [], format: 'auto', speed: undefined, port: 0, archive },
    { root: ROOT, paths, env: {}, samples, startSearch: () => fileTarget(paths.documents, 'a test') },
  );
  try {
    const report = await run.execute();
    const sent: { [kind: string]: number } = {};
    for (const { logStream, events } of run.status.files) {
      const kind = logStream === 'events' ? 'events' : (controlPlaneKind(logStream) ?? 'application');
      sent[kind] = (sent[kind] ?? 0) + events;
    }
    const resolver = new Resolver(readAssembly(run.wired?.synthesized.directory ?? ''));
    return { report, sent, tables: glueTables(resolver), queries: namedQueries(resolver) };
  } finally {
    await run.stop();
  }
}

/** A table as it is, in another database and over buckets that lie in a folder. */
export function movedTable(table: GlueTable, database: string, folder: string): GlueTable {
  const move = (location: string): string => location.replace(/^s3:\/\//, `s3://${folder}/`);
  const template = table.parameters['storage.location.template'];
  return {
    ...table,
    database,
    location: move(table.location),
    parameters: { ...table.parameters, ...(template === undefined ? {} : { 'storage.location.template': move(template) }) },
  };
}

/** Queries without an answer on the part of the samples that the local run takes: few audit events, no line that is broken or traced. */
export const NOT_IN_THE_PART = [
  'alb-errors-with-application-lines',
  'application-lines-with-text',
  'audit-anonymous-requests',
  'audit-deleted-objects',
  'audit-exec-into-pods',
  'audit-scaling',
  'dead-letters-by-reason',
];
