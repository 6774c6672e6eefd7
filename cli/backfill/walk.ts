import type { FileStore, ListedFile } from './file-store.ts';
import { compareKeys } from './positions.ts';
import { mayHold, type TimeRange } from './time-range.ts';

/** What a walk leaves out without listing it. */
export interface WalkLimits {
  /** Undefined takes all times. */
  readonly range: TimeRange | undefined;
  /** How far a file's lines may lie outside of what its folder says, in ms. */
  readonly slackMs: number;
  /** Files up to and with this key are done. */
  readonly after?: string;
  /** Values that folders such as `kind=audit/` must have, by name; folders of other names are taken. */
  readonly partitions?: { readonly [name: string]: ReadonlySet<string> };
}

/** Calls of the walk, for the estimate. */
export interface WalkCounts {
  lists: number;
}

/**
 * Files below a prefix in the order of their keys, folder by folder: what a folder's name says of times and kinds is read before it is listed, so that a day
 * of a year costs the requests of a day. A prefix that is a file gives that file.
 */
export async function* walkFiles(store: FileStore, prefix: string, limits: WalkLimits, counts?: WalkCounts): AsyncGenerator<ListedFile> {
  if (counts !== undefined) counts.lists++;
  const { folders, files } = await store.list(prefix);
  const entries = [...folders.map((key) => ({ key, file: undefined })), ...files.map((file) => ({ key: file.key, file }))];
  entries.sort((a, b) => compareKeys(a.key, b.key));
  for (const { key, file } of entries) {
    if (file === undefined) {
      if (isWanted(key, limits)) yield* walkFiles(store, key, limits, counts);
    } else if (limits.after === undefined || compareKeys(key, limits.after) > 0) yield file;
  }
}

function isWanted(folder: string, { range, slackMs, after, partitions }: WalkLimits): boolean {
  // Everything below it comes before the place where we go on.
  if (after !== undefined && !after.startsWith(folder) && compareKeys(folder, after) < 0) return false;
  if (range !== undefined && !mayHold(folder, range, slackMs)) return false;
  // What Firehose could not deliver lies beside the archive's kinds, in other lines.
  if (partitions !== undefined && /(?:^|\/)errors\/$/.test(folder)) return false;
  const [, name, value] = /([^/=]+)=([^/]*)\/$/.exec(folder) ?? [];
  const wanted = name === undefined ? undefined : partitions?.[name];
  return wanted === undefined || wanted.has(decode(value as string));
}

/** Firehose writes some characters of a partition's value as `%xx`. */
function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
