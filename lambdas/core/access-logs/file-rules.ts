import { compileRedaction, type Redactor } from '../redact/redactor.ts';
import type { IndexFamily, TimeBounds } from '../rules/rules.ts';
import type { FileFormat } from './file-name.ts';
import { type AccessLogRules, type AccessLogSource, sourceOfFile } from './rules.ts';

/** `access-logs.json`, compiled once per cold start. */
export interface CompiledAccessLogRules {
  readonly account: string;
  readonly region: string;
  readonly timeBounds: TimeBounds;
  readonly redactor: Redactor;
  /** The source that a file belongs to; undefined where none does. */
  sourceOf(bucket: string, key: string): AccessLogSource | undefined;
  /** Family of what a file of a source holds. */
  familyOf(source: AccessLogSource, format: FileFormat): { readonly name: string; readonly family: IndexFamily };
}

/** Compiles the rules. Throws on a family that they do not describe: a broken deploy, not bad input. */
export function compileAccessLogRules(rules: AccessLogRules): CompiledAccessLogRules {
  return {
    account: rules.account,
    region: rules.region,
    timeBounds: rules.timeBounds,
    redactor: compileRedaction(rules.redaction),
    sourceOf: (bucket, key) => sourceOfFile(rules, bucket, key),
    familyOf(source, format) {
      const name = source.families[format];
      const family = name === undefined || !Object.hasOwn(rules.families, name) ? undefined : rules.families[name];
      if (name === undefined || family === undefined)
        throw new Error(`access-logs.json: source ${source.name} has no family for ${format}`);
      return { name, family };
    },
  };
}
