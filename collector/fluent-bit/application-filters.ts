import { changed, type Entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { type CollectedApplication, collectedApplications, tagsOf } from './applications.ts';
import { samplingCode } from './sampling.ts';
import { aliasEntry } from './tail.ts';
import { slashed } from './values.ts';

/** What an application's own settings do with its records, behind the metadata: drop, thin out, slow down, parse. */
export function applicationFilters({ config, cluster }: RenderContext): Section[] {
  return collectedApplications(config, cluster).flatMap((application) => [
    ...excludeFilter(application),
    ...sampleFilter(application),
    ...throttleFilter(application),
    ...parseFilters(application),
  ]);
}

/** Name of the parser of an application with `parseOnNode`. */
export function nodeParserName({ name }: Pick<CollectedApplication, 'name'>): string {
  return `node_${name}`;
}

function excludeFilter(application: CollectedApplication): Section[] {
  const { exclude } = application.collect;
  if (exclude.length === 0) return [];
  const rules = exclude.map(({ field, regex }) =>
    changed('Exclude', `${field} ${slashed(regex)}`, 'collect.exclude; each drops by itself, and the filter’s metrics count them.'),
  );
  return [filter(application, 'grep', 'exclude', rules, `Lines of ${application.name} that do not leave the node.`)];
}

function sampleFilter(application: CollectedApplication): Section[] {
  const { sample } = application.collect;
  if (sample === undefined) return [];
  const entries = [
    changed('call', 'keep', 'the function below.'),
    changed('code', samplingCode(sample), 'by the record’s own time, so each sink, and a chunk that is read again, has the same lines.'),
  ];
  return [filter(application, 'lua', 'sample', entries, `${sample.keepPercent} % of the lines of ${application.name}.`)];
}

function throttleFilter(application: CollectedApplication): Section[] {
  const { throttle } = application.collect;
  if (throttle === undefined) return [];
  const entries = [
    changed('Rate', throttle.linesPerSecond, 'collect.throttle: lines a second of this node, averaged over the window.'),
    changed('Window', throttle.windowSeconds, 'collect.throttle.windowSeconds.'),
    changed('Interval', '1s', 'the unit of Rate.'),
    changed('Print_Status', 'false', 'it would print a line a second.'),
  ];
  return [filter(application, 'throttle', 'throttle', entries, `A limit for ${application.name}: what is above is dropped and counted.`)];
}

/** Members of ours that a program's own of the same name must not replace: the document's id is made of them. */
const OURS = ['time', 'stream', 'kubernetes'] as const;
const ENVELOPE = '__collector';
const LINE = '__line';

/**
 * Puts a line's fields into the record. A JSON line may hold a `time` or a `log` of its own, and the parser filter would write a second one; so ours are put
 * aside first, the program's of the same name are taken out, and ours come back.
 */
function parseFilters(application: CollectedApplication): Section[] {
  if (application.collect.parseOnNode === undefined) return [];
  const why = 'a line may have members of the same name.';
  const step = (plugin: string, entries: readonly Entry[], about?: string) => filter(application, plugin, undefined, entries, about);
  return [
    step('modify', [changed('Rename', `log ${LINE}`, why)], `Fields of ${application.name}, for sinks that our functions do not see.`),
    step('nest', [
      changed('Operation', 'nest', why),
      ...OURS.map((name) => changed('Wildcard', name, 'put aside.')),
      changed('Nest_under', ENVELOPE, 'until the line is read.'),
    ]),
    step('parser', [
      changed('Key_Name', LINE, 'the line.'),
      changed('Parser', nodeParserName(application), 'in parsers.conf.'),
      changed('Reserve_Data', 'On', 'what was put aside stays.'),
      changed('Preserve_Key', 'On', 'the line stays as it was: only with its text the document has the same id everywhere.'),
    ]),
    step(
      'record_modifier',
      [...OURS, 'log'].map((name) => changed('Remove_key', name, 'the program’s own of this name; its text is still in the line.')),
    ),
    step('nest', [changed('Operation', 'lift', 'back again.'), changed('Nested_under', ENVELOPE, 'what was put aside.')]),
    step('modify', [changed('Rename', `${LINE} log`, 'back again.')]),
  ];
}

function filter(
  application: CollectedApplication,
  plugin: string,
  kind: string | undefined,
  entries: readonly Entry[],
  about?: string,
): Section {
  return {
    name: 'FILTER',
    ...(about === undefined ? {} : { about }),
    entries: [
      changed('Name', plugin, `of applications[${application.name}].collect.`),
      ...(kind === undefined ? [] : [aliasEntry(`${kind}-${application.name}`)]),
      changed('Match', tagsOf(application), 'this application only.'),
      ...entries,
    ],
  };
}
