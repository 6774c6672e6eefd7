import { periodStartMs } from '../core/delivery/index-age.ts';
import { type AdminPorts, accepted, untilDone } from './search-admin.ts';

/** What a change could not do to an index that is there. */
export interface Deferred {
  readonly index: string;
  /** The engine's reason, such as `illegal_argument_exception`. */
  readonly reason: string;
}

/** Names in one request at most, so that its path stays under the 4,096 bytes that OpenSearch reads. */
const PATH_BYTES = 3_000;
const DAY_MS = 86_400_000;
/** Live events reach 14 days back: older indices get no further documents, so their mapping need not change. */
const LIVE_DAYS = 15;
/** The longest period: an index's name tells its first day only. */
const LONGEST_PERIOD_DAYS = 31;

/** Open indices that match a pattern. */
export async function listIndices(pattern: string, ports: AdminPorts): Promise<string[]> {
  return untilDone(`list ${pattern}`, ports, async () => {
    const query = { format: 'json', h: 'index', expand_wildcards: 'open' };
    const rows = accepted(
      `list ${pattern}`,
      await ports.request('GET', `/_cat/indices/${encodeURIComponent(pattern)}`, undefined, query),
      true,
    );
    return Array.isArray(rows) ? rows.map((row: { index?: string }) => row.index ?? '').filter((name) => name !== '') : [];
  });
}

/** The ones that live events may still be written to. */
export function liveIndices(indices: readonly string[], nowMs: number): string[] {
  const oldest = nowMs - (LIVE_DAYS + LONGEST_PERIOD_DAYS) * DAY_MS;
  return indices.filter((index) => (periodStartMs(index) ?? nowMs) >= oldest);
}

/** Groups names so that each group fits into a path. */
export function pathGroups(names: readonly string[]): string[][] {
  const groups: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const name of names) {
    if (bytes + name.length + 1 > PATH_BYTES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(name);
    bytes += name.length + 1;
  }
  return groups;
}

/**
 * Adds the fields of an index template to indices that are there. What they cannot take (a field of another type) is no error:
 * the next index gets it.
 */
export async function extendMappings(template: string, indices: readonly string[], ports: AdminPorts): Promise<Deferred[]> {
  if (indices.length === 0) return [];
  const mappings = await untilDone(`resolve ${template}`, ports, async () => {
    const answer = accepted(
      `resolve ${template}`,
      await ports.request('POST', `/_index_template/_simulate/${encodeURIComponent(template)}`),
    );
    return (answer as { template?: { mappings?: { properties?: unknown } } }).template?.mappings;
  });
  const body = { properties: mappings?.properties ?? {} };
  const deferred: Deferred[] = [];
  for (const index of indices) {
    await untilDone(`extend ${index}`, ports, async () => {
      const answer = await ports.request('PUT', `/${encodeURIComponent(index)}/_mapping`, body);
      // 400: another type. 403 here is a write block of an index that ISM has made warm. 404: deleted meanwhile.
      if (answer.status === 400 || (answer.status === 403 && isBlock(answer.body))) deferred.push({ index, reason: reasonOf(answer.body) });
      else accepted(`extend ${index}`, answer, true);
    });
  }
  return deferred;
}

function isBlock(body: unknown): boolean {
  return reasonOf(body) === 'cluster_block_exception';
}

function reasonOf(body: unknown): string {
  return (body as { error?: { type?: string } } | undefined)?.error?.type ?? 'refused';
}
