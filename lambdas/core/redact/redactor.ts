import type { RedactionRules } from '../rules/rules.ts';
import { redactBuiltin } from './builtin.ts';
import { compileFieldRules, mayHold, mayHoldPlain, redactFields } from './fields.ts';
import { compileOwnPatterns, redactOwn } from './own-patterns.ts';
import { SEARCHES } from './search.ts';

/** Rules ready to run. */
export interface Redactor {
  /** The text without its secrets; the very same string where there are none. For texts as they were logged: lines, JSON, anything. */
  text(text: string): string;
  /**
   * How to tell of many texts at once, parted by NULs, which of them may be changed; undefined where only the methods above can tell. An expression matches in
   * every text that `text` would change and in those that write a letter as an escape; `namesField` is true where one of the others could hold a field.
   */
  readonly block: { readonly searches: readonly RegExp[]; namesField(texts: string): boolean } | undefined;
  /**
   * The JSON text of an object, or of its members without braces, without the values that field rules name. `origin` is the text that a parser made it
   * from: names that no parser writes by itself are searched there, which spares V8 from putting the members together twice.
   */
  fields(json: string, origin?: string): string;
  /** Whether `fields` could change what a parser makes of this text. */
  mayChangeFieldsOf(text: string): boolean;
}

/** Makes one redactor of the account's rules and an application's own; what either of them names goes. */
export function compileRedaction(...sets: readonly RedactionRules[]): Redactor {
  const builtin = new Set(sets.flatMap((set) => set.builtin));
  const own = compileOwnPatterns(sets.flatMap((set) => set.patterns));
  const fields = sets.flatMap((set) => set.fields);
  const all = compileFieldRules(fields);
  const names = new Set(sets.flatMap((set) => set.copiedFields ?? []));
  const copied = compileFieldRules(fields.filter((field) => names.has(field)));
  const written = compileFieldRules(fields.filter((field) => !names.has(field)));
  return {
    text(text) {
      const clean = builtin.size === 0 ? text : redactBuiltin(text, builtin);
      return own.length === 0 ? clean : redactOwn(clean, own);
    },
    block:
      own.length > 0 || written.paths.length > 0 ? undefined : { searches: SEARCHES, namesField: (texts) => mayHoldPlain(texts, copied) },
    fields(json, origin) {
      if (all.paths.length === 0) return json;
      if (origin !== undefined && !mayHold(origin, copied) && !mayHold(json, written)) return json;
      return redactFields(json, all);
    },
    mayChangeFieldsOf: (text) => written.paths.length > 0 || mayHold(text, copied),
  };
}

/** Nothing is redacted: for readers who may see originals. */
export const NO_REDACTION: Redactor = {
  text: (text) => text,
  block: { searches: [], namesField: () => false },
  fields: (json) => json,
  mayChangeFieldsOf: () => false,
};
