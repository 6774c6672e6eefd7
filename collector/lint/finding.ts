import type { ParsedConf, ParsedSection } from '../conf/parse.ts';

/** What the pod around a configuration has; the lint holds the text against it. */
export interface LintExpectations {
  readonly memoryLimitMiB: number;
  /** All queues on disk together. */
  readonly diskLimitMiB: number;
  /** `terminationGracePeriodSeconds` of the pod. */
  readonly terminationSeconds: number;
  /** Namespaces whose containers must not be read: our own. */
  readonly ownNamespaces: readonly string[];
  /** Variables of the environment that the pod has. */
  readonly environment: readonly string[];
}

/** Something in a rendered configuration that would lose, double or expose records. */
export interface LintFinding {
  /** Name of the rule. */
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** A rule by its name: what it guards against, and how it sees it in the text. */
export interface LintRule {
  readonly name: string;
  /** The trap, as in docs/collection.md. */
  readonly trap: string;
  check(conf: ParsedConf, expected: LintExpectations): readonly Place[];
}

/** Where and what; the rule's name is added by the linter. */
export interface Place {
  readonly at: { readonly file: string; readonly line: number };
  readonly what: string;
}

/** A place in a section, at one of its keys where it has it. */
export function at(section: ParsedSection, what: string, key?: string): Place {
  const line = section.entries.find((entry) => key !== undefined && entry.key.toLowerCase() === key.toLowerCase())?.line ?? section.line;
  return { at: { file: section.file, line }, what };
}

/** First value of a key; undefined without it. */
export function value(section: ParsedSection, key: string): string | undefined {
  return section.entries.find((entry) => entry.key.toLowerCase() === key.toLowerCase())?.value;
}

/** All values of a key. */
export function values(section: ParsedSection, key: string): string[] {
  return section.entries.filter((entry) => entry.key.toLowerCase() === key.toLowerCase()).map((entry) => entry.value);
}

/** Sections of a kind, by plugin where one is named. */
export function sectionsOf(conf: ParsedConf, name: ParsedSection['name'], ...plugins: readonly string[]): ParsedSection[] {
  return conf.sections.filter((section) => section.name === name && (plugins.length === 0 || plugins.includes(plugin(section))));
}

/** Name of a section's plugin, in lower case. */
export function plugin(section: ParsedSection): string {
  return (value(section, 'Name') ?? '').toLowerCase();
}

const UNITS: { readonly [unit: string]: number } = { '': 1, k: 1000, kb: 1000, m: 1000 * 1000, mb: 1000 * 1000, g: 1e9, gb: 1e9 };

/** Bytes of a size in Fluent Bit's format, such as 5M; NaN for another text. */
export function bytes(size: string): number {
  const [, number, unit = ''] = /^(\d+)([a-z]*)$/i.exec(size) ?? [];
  return Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
}

/** Whether Fluent Bit reads a text as yes. */
export function isOn(text: string | undefined): boolean {
  return text !== undefined && /^(?:on|true|yes|1)$/i.test(text);
}
