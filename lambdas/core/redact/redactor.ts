import type { RedactionRules } from '../rules/rules.ts';
import { redactBuiltin } from './builtin.ts';
import { compileFieldRules, mayHold, redactFields } from './fields.ts';
import { compileOwnPatterns, redactOwn } from './own-patterns.ts';

/** Rules ready to run. */
export interface Redactor {
  /** The text without its secrets; the very same string where there are none. For texts as they were logged: lines, JSON, anything. */
  text(text: string): string;
  /**
   * The JSON text of an object, or of its members without braces, without the values that field rules name. `origin` is the text that it was made from:
   * searching that one spares V8 from putting the members together twice.
   */
  fields(json: string, origin?: string): string;
}

/** Makes one redactor of the account's rules and an application's own; what either of them names goes. */
export function compileRedaction(...sets: readonly RedactionRules[]): Redactor {
  const builtin = new Set(sets.flatMap((set) => set.builtin));
  const own = compileOwnPatterns(sets.flatMap((set) => set.patterns));
  const paths = compileFieldRules(sets.flatMap((set) => set.fields));
  return {
    text(text) {
      const clean = builtin.size === 0 ? text : redactBuiltin(text, builtin);
      return own.length === 0 ? clean : redactOwn(clean, own);
    },
    fields(json, origin) {
      return paths.paths.length === 0 || (origin !== undefined && !mayHold(origin, paths)) ? json : redactFields(json, paths);
    },
  };
}

/** Nothing is redacted: for readers who may see originals. */
export const NO_REDACTION: Redactor = { text: (text) => text, fields: (json) => json };
