import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/*
 * Independent counting: plain text, JSON.parse and regular expressions on the sample lines. Nothing here (or in what uses it to build expected rows)
 * comes from the product, so that a bug of the product cannot be on both sides of a comparison.
 */

/** Root of the repository. */
export const ROOT = join(__dirname, '../../..');

/** The sample files, relative to the root, as they are given to `--logs`. */
export const SAMPLES = {
  audit: 'samples/control-plane/kube-apiserver-audit.log.gz',
  api: 'samples/control-plane/kube-apiserver.log.gz',
  authenticator: 'samples/control-plane/authenticator.log.gz',
  controllerManager: 'samples/control-plane/kube-controller-manager.log.gz',
  scheduler: 'samples/control-plane/kube-scheduler.log.gz',
  cdro: 'samples/containers/cdro-server-0_cdro_server-780e57996f328d4f5263d0906958da9331c42c8991a020b29dae1fd043a0e78b.log.gz',
  checkout:
    'samples/containers/checkout-5f6d7c8b9-abcde_prod-web_checkout-3cc1c238b582da0475449b5306bc35efa2b705d3a5b26148906be01db8cef9fd.log.gz',
  orders:
    'samples/containers/orders-7d9c8b6f5-x2k4q_prod-web_orders-f48e568740eef3f56022ff408e08ebdbecd5a3f01a3e503bcdd3be61257ca435.log.gz',
  web: 'samples/containers/web-569696d9f6-6kj7f_team-a_nginx-7d6dcafdf2da28691e980f9f04db1103aa5293af540882164cb66c5535eca52d.log.gz',
} as const;

/** `samples/truth.json`: counts made with plain text tools when the samples were recorded. */
// biome-ignore lint/suspicious/noExplicitAny: a file of nested counts, whose shape is its own; every use is compared with a number.
export const truth: any = JSON.parse(readFileSync(join(ROOT, 'samples/truth.json'), 'utf8'));

/** The lines of a sample file as they stand, empty ones left out. */
export function linesOf(file: string): string[] {
  return gunzipSync(readFileSync(join(ROOT, file)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** An audit event as plain JSON. */
// biome-ignore lint/suspicious/noExplicitAny: events of any shape, read by JSON.parse alone.
export type Json = any;

/** All audit events of the sample. */
export function auditEvents(): Json[] {
  return linesOf(SAMPLES.audit).map((line) => JSON.parse(line));
}

/** A line that a container wrote: containerd's pieces (P … F) glued together. `time` is that of the last piece. */
export interface ContainerLine {
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** The container lines of a sample in containerd's framing (`<time> stdout F <text>`), in the order in which they ended. */
export function containerLines(file: string): ContainerLine[] {
  const open: Record<string, Buffer[]> = {};
  const found: ContainerLine[] = [];
  // latin1 keeps every byte: a piece may end inside of a UTF-8 character.
  for (const line of gunzipSync(readFileSync(join(ROOT, file)))
    .toString('latin1')
    .split('\n')) {
    const match = /^(\S+) (stdout|stderr) ([PF]) ([\s\S]*)$/.exec(line);
    if (!match) continue;
    const [, time, stream, tag, text] = match as unknown as [string, string, 'stdout' | 'stderr', string, string];
    const pieces = open[stream] ?? [];
    open[stream] = pieces;
    pieces.push(Buffer.from(text, 'latin1'));
    if (tag === 'P') continue;
    found.push({ time, stream, text: Buffer.concat(pieces).toString('utf8') });
    open[stream] = [];
  }
  return found;
}

/** Pod, namespace and container that the file name of a container sample tells. */
export function containerOf(file: string): { pod: string; namespace: string; container: string } {
  const match = /^([^_]+)_([^_]+)_(.+)-[0-9a-f]{64}\.log/.exec(basename(file));
  if (!match) throw new Error(`${file} is no container file`);
  const [, pod, namespace, container] = match as unknown as [string, string, string, string];
  return { pod, namespace, container };
}

/** How often each key occurs; items without one (undefined) are left out. */
export function countBy<T>(items: Iterable<T>, keyOf: (item: T) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) {
    const key = keyOf(item);
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** How many different values each key has. */
export function distinctBy<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string | undefined,
  valueIn: (item: T) => string,
): Record<string, number> {
  const sets = new Map<string, Set<string>>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const set = sets.get(key) ?? new Set();
    sets.set(key, set.add(valueIn(item)));
  }
  return Object.fromEntries([...sets].map(([key, set]) => [key, set.size]));
}

/** Items by key, in the order in which they come. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** A row of an expected answer; members that are undefined are left out of what is compared. */
export type ExpectedRow = Record<string, string | number | undefined>;

/** Groups items by the values that `by` gives and adds to each group what `of` counts in it: what a `stats … by` should give. */
export function rowsBy<T>(items: Iterable<T>, by: (item: T) => ExpectedRow, of: (group: readonly T[]) => ExpectedRow): ExpectedRow[] {
  const keys = new Map<string, ExpectedRow>();
  const groups = groupBy(items, (item) => {
    const row = by(item);
    const key = keyOf(...Object.values(row));
    keys.set(key, row);
    return key;
  });
  return [...groups].map(([key, group]) => ({ ...keys.get(key), ...of(group) }));
}

/** How many different values there are; missing ones do not count. */
export function distinct(values: Iterable<unknown>): number {
  return new Set([...values].filter((value) => value !== undefined && value !== null)).size;
}

/** Earliest of times that are written alike (text order is time order). */
export function earliest(times: readonly string[]): string {
  return [...times].sort()[0] as string;
}

/** Latest of times that are written alike. */
export function latest(times: readonly string[]): string {
  return [...times].sort()[times.length - 1] as string;
}

/** Microseconds since 1970 of an RFC 3339 time in UTC, to the last digit. */
export function microsOf(rfc3339: string): number {
  const match = /^(.{19})(?:\.(\d{1,6}))?Z$/.exec(rfc3339);
  if (!match) throw new Error(`${rfc3339} is no UTC time`);
  return Date.parse(`${match[1]}Z`) * 1000 + Number((match[2] ?? '').padEnd(6, '0'));
}

/** A key of several parts that cannot be mistaken for another; missing parts stay visible as such. */
export function keyOf(...parts: readonly unknown[]): string {
  return JSON.stringify(parts.map((part) => part ?? null));
}

/** `2026-11-21T08:23:24.456468Z` as CloudWatch shows it: `2026-11-21 08:23:24.456`. */
export function shownTime(rfc3339: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(rfc3339);
  if (!match) throw new Error(`${rfc3339} is no UTC time`);
  return `${match[1]} ${match[2]}.${(match[3] ?? '').padEnd(3, '0').slice(0, 3)}`;
}

/** The time of a klog line of the samples (2026, UTC) as CloudWatch shows it; undefined for a line without a header. */
export function klogTime(line: string): string | undefined {
  const match = /^[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{3})\d{3} /.exec(line);
  return match ? `2026-${match[1]}-${match[2]} ${match[3]}` : undefined;
}

/** The beginning of the minute (or of `minutes` minutes) that a shown time lies in, as `bin()` gives it. */
export function binOf(shown: string, minutes = 1): string {
  const minute = Number(shown.slice(14, 16));
  return `${shown.slice(0, 14)}${String(minute - (minute % minutes)).padStart(2, '0')}:00.000`;
}

/** The p-th percentile bounds: a percentile of the product must lie between the values at the ranks below and above, widened by 2 %. */
export function percentileRange(values: readonly number[], percent: number): { low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.max(0, Math.floor(rank) - 1)] as number;
  const high = sorted[Math.min(sorted.length - 1, Math.ceil(rank) + 1)] as number;
  return { low: low - Math.abs(low) * 0.02, high: high + Math.abs(high) * 0.02 };
}
