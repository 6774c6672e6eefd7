import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { querySource } from '../../lambdas/core/insights/sources.ts';

/** Files of the last local run that a query asks, or what is wrong. */
export type RunGroups = { readonly files: readonly string[]; readonly groups: readonly string[] } | { readonly problem: string };

/** Where a local run puts the events of its log groups, beside a list of them (local/logs/event-store.ts). */
const FOLDER = join('.eks-telemetry', 'local', 'log-groups');

/** Log groups of the last local run: those that are named, else those that hold the sources of the query's header. */
export function groupsOfLocalRun(cwd: string, named: readonly string[], sources: readonly string[]): RunGroups {
  const folder = folderAbove(cwd);
  if (folder === undefined) return { problem: `there is no local run here (no ${FOLDER}); npm start makes one` };
  const files = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as { readonly [group: string]: string };
  const known = Object.keys(files);
  const unknown = named.find((group) => files[group] === undefined);
  if (unknown !== undefined) return { problem: `the local run has no log group ${unknown}; it has ${known.join(', ')}` };
  if (named.length === 0 && sources.length === 0)
    return { problem: `name the log groups with --log-group: the query has no header with a source; there are ${known.join(', ')}` };
  const groups = named.length > 0 ? named : known.filter((group) => sources.some((source) => holds(group, source)));
  if (groups.length === 0) return { problem: `the local run has no events of ${sources.join(', ')}; it has ${known.join(', ')}` };
  return { groups, files: groups.map((group) => join(folder, files[group] as string)) };
}

function holds(group: string, source: string): boolean {
  const kind = querySource(source)?.kind;
  if (kind === undefined) return false;
  if (kind === 'pipeline') return group.startsWith('/aws/lambda/');
  return kind === 'controlPlane'
    ? /^\/aws\/eks\/.*\/cluster$/.test(group)
    : group.startsWith('/aws/containerinsights/') && group.endsWith(`/${kind}`);
}

function folderAbove(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, FOLDER, 'index.json'))) return join(folder, FOLDER);
    if (dirname(folder) === folder) return undefined;
  }
}
