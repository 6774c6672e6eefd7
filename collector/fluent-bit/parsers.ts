import { changed, entry, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { nodeParserName } from './application-filters.ts';
import { collectedApplications } from './applications.ts';
import { FILE_NAME_PARSER, FILE_NAME_REGEX, TAG_PARSER, TAG_REGEX } from './metadata.ts';
import { multilineParsers } from './multiline.ts';
import { slashed } from './values.ts';

/** Everything of parsers.conf: what names of files tell, applications' own parsers, multi-line parsers. */
export function parserSections(context: RenderContext): Section[] {
  const { config, cluster } = context;
  const isByFileName = config.collection.fluentBit.kubernetesMetadata === 'fileName';
  const applications = collectedApplications(config, cluster);
  return [
    parserSection(isByFileName ? FILE_NAME_PARSER : TAG_PARSER, [
      entry('Format', 'regex'),
      entry('Regex', slashed(isByFileName ? FILE_NAME_REGEX : TAG_REGEX)),
    ]),
    ...applications.flatMap((application) => {
      const { parseOnNode } = application.collect;
      if (parseOnNode === undefined) return [];
      const { format, regex, timeKey, timeFormat, types } = parseOnNode;
      const typed = Object.entries(types).map(([name, type]) => `${name}:${type}`);
      return [
        parserSection(nodeParserName(application), [
          entry('Format', format),
          ...(regex === undefined ? [] : [entry('Regex', slashed(regex))]),
          ...(timeKey === undefined ? [] : [entry('Time_Key', timeKey)]),
          ...(timeFormat === undefined ? [] : [entry('Time_Format', timeFormat)]),
          ...(timeKey === undefined ? [] : [changed('Time_Keep', 'On', 'the field stays besides being the event’s time.')]),
          ...(typed.length === 0 ? [] : [entry('Types', typed.join(' '))]),
        ]),
      ];
    }),
    ...multilineParsers(context),
  ];
}

function parserSection(name: string, entries: Section['entries']): Section {
  return { name: 'PARSER', entries: [entry('Name', name), ...entries] };
}
