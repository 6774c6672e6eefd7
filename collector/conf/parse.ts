import type { SectionName } from './section.ts';

/** An entry as it stands in a file. */
export interface ParsedEntry {
  readonly key: string;
  readonly value: string;
  /** Comment lines right above it, without `#`, joined by blanks; empty without one. */
  readonly comment: string;
  /** Line in the file, the first is 1. */
  readonly line: number;
}

/** A section as it stands in a file. */
export interface ParsedSection {
  readonly name: SectionName;
  readonly file: string;
  readonly line: number;
  readonly entries: readonly ParsedEntry[];
}

/** A configuration read back: all files in the order of their includes. */
export interface ParsedConf {
  readonly sections: readonly ParsedSection[];
  /** What the format does not allow, as `file:line: what`. */
  readonly errors: readonly string[];
}

/** A file of the configuration by name. */
export interface ConfText {
  readonly path: string;
  readonly text: string;
}

const SECTION_NAMES: ReadonlySet<string> = new Set(['SERVICE', 'INPUT', 'FILTER', 'OUTPUT', 'PARSER', 'MULTILINE_PARSER']);

/**
 * Reads Fluent Bit's classic format: sections in brackets, indented `key value` lines of one indent per file, `#` comments at the margin or at that
 * indent, `@INCLUDE file`. Starts at `fluent-bit.conf`, then adds files that nothing includes in the order of their names, as the add-on's chart does.
 */
export function parseConf(files: readonly ConfText[]): ParsedConf {
  const reading: Reading = { files: new Map(files.map(({ path, text }) => [path, text])), read: new Set(), sections: [], errors: [] };
  const main = 'fluent-bit.conf';
  if (reading.files.has(main)) readFile(main, reading);
  for (const path of [...reading.files.keys()].sort()) if (!reading.read.has(path)) readFile(path, reading);
  return reading;
}

interface Reading {
  readonly files: ReadonlyMap<string, string>;
  readonly read: Set<string>;
  readonly sections: ParsedSection[];
  readonly errors: string[];
}

function readFile(path: string, reading: Reading): void {
  reading.read.add(path);
  const { sections, errors } = reading;
  let indent: string | undefined;
  let entries: ParsedEntry[] | undefined;
  let comment: string[] = [];
  for (const [index, raw] of (reading.files.get(path) ?? '').split('\n').entries()) {
    const line = index + 1;
    const complain = (what: string) => errors.push(`${path}:${line}: ${what}`);
    const text = raw.trimEnd();
    if (text === '') {
      comment = [];
      continue;
    }
    if (text.trimStart().startsWith('#')) {
      comment.push(text.trimStart().slice(1).trim());
      continue;
    }
    if (text.startsWith('@INCLUDE ')) {
      const included = text.slice('@INCLUDE '.length).trim();
      if (!reading.files.has(included)) complain(`includes ${included}, which is not there`);
      else if (!reading.read.has(included)) readFile(included, reading);
      entries = undefined;
    } else if (text.startsWith('[')) {
      const name = text.slice(1, text.indexOf(']'));
      if (!text.endsWith(']') || !SECTION_NAMES.has(name)) complain(`no section is called ${text}`);
      entries = [];
      sections.push({ name: name as SectionName, file: path, line, entries });
    } else {
      const blank = /^[ \t]*/.exec(text)?.[0] ?? '';
      indent ??= blank;
      if (blank === '') complain(`${text.slice(0, 40)} stands outside of a section`);
      else if (blank !== indent) complain('another indent than above: Fluent Bit refuses the file');
      const [, key = '', value = ''] = /^(\S+)\s*(.*)$/.exec(text.trimStart()) ?? [];
      if (value === '') complain(`${key} has no value`);
      if (entries === undefined) complain(`${key} stands outside of a section`);
      else entries.push({ key, value, comment: comment.join(' '), line });
    }
    comment = [];
  }
}
