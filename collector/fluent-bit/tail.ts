import { changed, type Entry, entry, type Section } from '../conf/section.ts';
import { CONTAINER_LINE_BYTES, OLDEST_EVENT, STATE_FOLDER } from './values.ts';

/** Field that holds a file's path until the metadata is read from it. */
export const PATH_KEY = 'file';

/** What one `tail` input reads. */
export interface TailOptions {
  readonly about?: string;
  readonly alias: string;
  readonly tag: Entry;
  readonly path: Entry;
  readonly exclude?: Entry;
  readonly database: Entry;
  /** `multiline.parser`; undefined for files without the runtime's framing. */
  readonly parser?: Entry;
  /** Why the record keeps its file's path; undefined where it does not. */
  readonly pathWhy?: string | undefined;
  /** Longest line in the format of Fluent Bit's sizes. */
  readonly lineBytes?: string;
}

/** A `tail` input that loses nothing on the way: positions and chunks on disk, files from their head, long lines kept. */
export function tailSection(options: TailOptions): Section {
  const { alias, tag, path, exclude, database, parser, pathWhy, lineBytes = CONTAINER_LINE_BYTES } = options;
  return {
    name: 'INPUT',
    ...(options.about === undefined ? {} : { about: options.about }),
    entries: [
      entry('Name', 'tail'),
      aliasEntry(alias),
      tag,
      path,
      ...(exclude === undefined ? [] : [exclude]),
      ...(parser === undefined ? [] : [parser]),
      ...(pathWhy === undefined ? [] : [changed('Path_Key', PATH_KEY, pathWhy)]),
      database,
      changed('DB.locking', 'true', 'a second agent with the same folder fails at once, instead of both losing their places.'),
      changed(
        'Read_from_Head',
        'On',
        'a container that starts while the agent is away has a file that no database knows: from the tail, what it wrote until then is lost.',
      ),
      changed('Ignore_Older', OLDEST_EVENT, 'CloudWatch answers 200 and drops older events without a word.'),
      changed(
        'Buffer_Max_Size',
        lineBytes,
        'by default a line over 32 KB is dropped; bytes that Docker escapes take six times their size.',
      ),
      changed('Truncate_Long_Lines', 'On', 'a line that is even longer keeps its beginning, and is counted.'),
      entry('Skip_Long_Lines', 'On'),
      changed(
        'Refresh_Interval',
        2,
        'seconds until a new file is seen; officially 10, in which a busy container writes half a file, and a short one ends and is deleted unread.',
      ),
      changed(
        'Rotate_Wait',
        300,
        'seconds that a renamed file is read on; officially 30: an agent that is further behind gives up what it has not read.',
      ),
      entry('storage.type', 'filesystem'),
    ],
  };
}

/** Alias of an input, filter or output. */
export function aliasEntry(alias: string): Entry {
  return changed('Alias', alias, 'its name in the metrics; without one it is a number, and another one after the next change.');
}

/** Database of positions. */
export function databasePath(name: string): string {
  return `${STATE_FOLDER}/${name}`;
}

/** An own database per input. */
export function ownDatabase(name: string): Entry {
  return changed('DB', databasePath(name), 'a database of its own: two inputs with one overwrite each other’s positions.');
}
