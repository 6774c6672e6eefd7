import { changed, type Entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { CONTAINER_LOGS } from './applications.ts';
import { aliasEntry } from './tail.ts';
import { STATE_FOLDER } from './values.ts';

/** Seconds between two looks at renamed files. */
const LOOK_SECONDS = 60;
/** Until this long after its renaming a file has a link: with one look more it is less than Rotate_Wait, after which the agent would read a link's file anew. */
const LINKED = '3 minutes ago';
/** A new agent links what was renamed since this long before the last look of the old one: Rotate_Wait and a look. */
const SINCE = '6 minutes ago';

/** The same files under their links' names in the state folder: those that were renamed while, or shortly before, no agent ran. */
export function withRenamed(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern) => [pattern, pattern.replace(CONTAINER_LOGS, STATE_FOLDER)]);
}

/**
 * The kubelet renames a full file in the pod's folder, where its name tells no container id; the link in /var/log/containers leads to the new one. An agent that
 * starts finds no way to the renamed one, and what the old agent had not read of it would be lost. So the renamed files of the last minutes get links of their
 * own, with the container's name and id. While the agent lives it knows their inodes and reads nothing twice.
 */
export function renamedSections({ config }: RenderContext): Section[] {
  if (!config.collection.inputs.application) return [];
  return [
    look(
      'in-renamed-before',
      `[ -e .seen ] && ${linkNewerThan('.seen')}`,
      changed('Oneshot', 'true', 'at the start: everything that was renamed since the last look of the agent before.'),
    ),
    look(
      'in-renamed',
      `touch -d '${LINKED}' .linked; touch -d '${SINCE}' .seen; ${linkNewerThan('.linked')}; for k in *.log; do [ "$k" -nt .linked ] || rm -f "$k"; done`,
      changed('Interval_Sec', LOOK_SECONDS, 'a link that a killed agent finds again keeps its place in the database.'),
    ),
  ];
}

/**
 * POSIX shell in one line, without braces after a dollar sign, which Fluent Bit would take for a variable of its environment: a file
 * `<namespace>_<pod>_<uid>/<container>/<n>.log.<time>` gets the name of the link that leads to `<n>.log` beside it. Compressed files cannot be continued.
 */
function linkNewerThan(stamp: string): string {
  return [
    'for r in /var/log/pods/*/*/*.log.2*; do',
    `case "$r" in *.gz|*.tmp) continue;; esac; [ "$r" -nt ${stamp} ] || continue;`,
    'f=$(basename "$r"); c=$(dirname "$r"); p=$(dirname "$c"); n=$(basename "$c");',
    'IFS=_; set -- $(basename "$p"); s=$1; o=$2; IFS=.; set -- $f; i=$1; unset IFS;',
    `for l in ${CONTAINER_LOGS}/"$o"_"$s"_"$n"-*.log; do [ "$l" -ef "$c/$i.log" ] && ln -sfn "$r" "$(basename "$l")"; done; done`,
  ].join(' ');
}

function look(alias: string, script: string, when: Entry): Section {
  return {
    name: 'INPUT',
    about: 'Links to files that were renamed a moment ago, for the next agent; it writes no record.',
    entries: [
      changed('Name', 'exec', 'officially what a killed agent had not read of a renamed file is lost.'),
      aliasEntry(alias),
      changed('Tag', 'application.renamed', 'of no record.'),
      changed(
        'Command',
        `cd ${STATE_FOLDER} && { ${script}; } >/dev/null 2>&1`,
        'the image has a shell and coreutils; without them there are no links.',
      ),
      when,
    ],
  };
}
