/** Section names of Fluent Bit's classic format that we write. */
export type SectionName = 'SERVICE' | 'INPUT' | 'FILTER' | 'OUTPUT' | 'PARSER' | 'MULTILINE_PARSER';

/** A line `key value` of a section. */
export interface Entry {
  readonly key: string;
  readonly value: string;
  /** Why the value is not the one of the official configuration; becomes a comment above it. */
  readonly why?: string;
}

/** A section of the classic format, such as `[INPUT]` with its entries. A key may stand more than once. */
export interface Section {
  readonly name: SectionName;
  /** What the section is for; becomes a comment above it. */
  readonly about?: string;
  readonly entries: readonly Entry[];
}

/** A file of the configuration. */
export interface ConfFile {
  /** Name beside the others, such as `application-log.conf`. */
  readonly path: string;
  /** First lines of the file, as a comment; none where it is empty. */
  readonly about: string;
  readonly sections: readonly Section[];
  /** Files that are read after the sections. */
  readonly includes?: readonly string[];
}

/** An entry with the official value. */
export function entry(key: string, value: string | number): Entry {
  return { key, value: String(value) };
}

/** An entry that differs from the official configuration, with the reason. */
export function changed(key: string, value: string | number, why: string): Entry {
  return { key, value: String(value), why };
}

/** The first value of a key, whose case does not matter to Fluent Bit; undefined where the section does not have it. */
export function firstValue(section: Section, key: string): string | undefined {
  const wanted = key.toLowerCase();
  return section.entries.find((each) => each.key.toLowerCase() === wanted)?.value;
}

/** All values of a key, in their order. */
export function allValues(section: Section, key: string): string[] {
  const wanted = key.toLowerCase();
  return section.entries.filter((each) => each.key.toLowerCase() === wanted).map(({ value }) => value);
}

/** Name of the plugin of an input, filter or output, in lower case; empty for other sections. */
export function pluginOf(section: Section): string {
  return section.name === 'INPUT' || section.name === 'FILTER' || section.name === 'OUTPUT'
    ? (firstValue(section, 'Name') ?? '').toLowerCase()
    : '';
}
