import type { ConfFile, Entry, Section } from './section.ts';

const INDENT = '    ';
/** Comments are broken before this column. */
const WIDTH = 116;
/** Values begin in one column, so that a changed value is a changed line and nothing else. */
const KEY_WIDTH = 32;

/** Writes a file in Fluent Bit's classic format; the same sections always give the same text. */
export function printConf({ about, sections, includes = [] }: ConfFile): string {
  const parts = [...(about === '' ? [] : [comment(about, '')]), ...sections.map(printSection)];
  if (includes.length > 0) parts.push(includes.map((path) => `@INCLUDE ${path}\n`).join(''));
  return parts.join('\n');
}

function printSection({ name, about, entries }: Section): string {
  return `${about === undefined ? '' : comment(about, '')}[${name}]\n${entries.map(printEntry).join('')}`;
}

/** The format has no quotes, no escapes and one line per entry, so a value that would need them cannot be written at all. */
function printEntry({ key, value, why }: Entry): string {
  if (/[\r\n]/.test(value) || value !== value.trim() || value === '') {
    throw new Error(`${key}: a value of Fluent Bit's format is one line without blanks around it, got ${JSON.stringify(value)}`);
  }
  return `${why === undefined ? '' : comment(why, INDENT)}${INDENT}${key.padEnd(KEY_WIDTH)}${key.length < KEY_WIDTH ? '' : ' '}${value}\n`;
}

function comment(text: string, indent: string): string {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = '';
    for (const word of paragraph.split(' ')) {
      if (line !== '' && indent.length + 2 + line.length + 1 + word.length > WIDTH) {
        lines.push(line);
        line = word;
      } else line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines
    .map((line) => `${indent}# ${line}`.trimEnd())
    .join('\n')
    .concat('\n');
}
