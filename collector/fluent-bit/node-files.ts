import { changed, type Section } from '../conf/section.ts';
import type { RenderContext } from '../types.ts';
import { ownDatabase, PATH_KEY, tailSection } from './tail.ts';
import { FILE_LINE_BYTES, NODE_NAME } from './values.ts';

/** Inputs of the log files of nodes that the config names, and what tells their node and file. */
export function nodeFileSections({ config }: RenderContext): Section[] {
  const { files } = config.collection;
  if (files.length === 0) return [];
  return [
    ...files.map(({ name, paths, exclude, start }) =>
      tailSection({
        about: `Files ${name} of collection.files.`,
        alias: `in-file-${name}`,
        tag: changed('Tag', `files.${name}.*`, 'officially no files but those of containers.'),
        path: changed('Path', paths.join(', '), 'as configured.'),
        ...(exclude.length === 0 ? {} : { exclude: changed('Exclude_Path', exclude.join(', '), 'as configured.') }),
        ...(start === undefined ? {} : { parser: changed('multiline.parser', `start_file_${name}`, 'in parsers.conf.') }),
        pathWhy: 'which of the files it was.',
        lineBytes: FILE_LINE_BYTES,
        database: ownDatabase(`flb_file_${name}.db`),
      }),
    ),
    {
      name: 'FILTER',
      entries: [
        changed('Name', 'modify', `the line is the message; ${PATH_KEY} stays as it is.`),
        changed('Match', 'files.*', 'the files above.'),
        changed('Rename', 'log message', 'the name that records of the host have.'),
        changed('Add', `host ${NODE_NAME}`, 'the node.'),
      ],
    },
  ];
}
