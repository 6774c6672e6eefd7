import { resolve } from 'node:path';
import { createFileParser, FORMAT_NAMES } from '../../lambdas/core/parse/file-registry.ts';
import type { JoinRule } from '../../lambdas/core/parse/join.ts';
import { joinRule, type ParserOptions } from '../../lambdas/core/parse/registry.ts';
import type { Parser } from '../../lambdas/core/parse/types.ts';
import type { RegexPattern } from '../../lambdas/core/rules/rules.ts';

/** The parser that the user asked for. */
export interface ChosenFormat {
  readonly format: string;
  readonly parse: Parser;
  readonly rule: JoinRule;
}

/** What the user wrote. */
export interface FormatChoice {
  readonly format?: string | undefined;
  readonly config?: string | undefined;
  readonly application?: string | undefined;
}

/** The chosen parser, or what is wrong with the choice. */
export async function chooseFormat(choice: FormatChoice, cwd: string): Promise<ChosenFormat | { readonly problem: string }> {
  const { config, application } = choice;
  if (application !== undefined && config === undefined) return { problem: '--application needs --config' };
  if (config === undefined) return choose(choice.format ?? 'auto', {});
  // The schema library is loaded only for who names a config: it costs 100 ms.
  const { loadConfigFile, formatProblem } = await import('../../lib/config/load.ts');
  const loaded = loadConfigFile(resolve(cwd, config), config);
  if (!loaded.ok) return { problem: `${config} has problems:\n${loaded.problems.map(formatProblem).join('\n')}` };
  const { applications, patterns } = loaded.config;
  const chosen = application === undefined ? undefined : applications.find(({ name }) => name === application);
  if (application !== undefined && chosen === undefined) {
    return {
      problem: `${config} has no application "${application}"; it has ${applications.map(({ name }) => name).join(', ') || 'none'}`,
    };
  }
  const format = choice.format ?? chosen?.format ?? 'auto';
  const pattern = format.startsWith('regex:') ? patterns[format.slice('regex:'.length)] : undefined;
  if (format.startsWith('regex:') && pattern === undefined) {
    return { problem: `${config} has no pattern "${format.slice('regex:'.length)}"; it has ${Object.keys(patterns).join(', ') || 'none'}` };
  }
  // Without an application's name the one that uses the pattern says how its groups are typed.
  const typedBy = chosen ?? (pattern === undefined ? undefined : applications.find((candidate) => candidate.format === format));
  return choose(format, {
    ...(pattern === undefined ? {} : { pattern: withoutUndefined(pattern) }),
    ...(typedBy?.fields === undefined ? {} : { fields: typedBy.fields }),
  });
}

/** zod's optional members may be there as undefined; the parsers' types say that they are absent. */
function withoutUndefined(
  pattern: { readonly regex: string } & { readonly [key in keyof RegexPattern]?: string | undefined },
): RegexPattern {
  const { regex, timeKey, timeFormat, start } = pattern;
  return {
    regex,
    ...(timeKey === undefined ? {} : { timeKey }),
    ...(timeFormat === undefined ? {} : { timeFormat }),
    ...(start === undefined ? {} : { start }),
  };
}

function choose(format: string, options: ParserOptions): ChosenFormat | { readonly problem: string } {
  if (format.startsWith('regex:') && options.pattern === undefined)
    return { problem: `--format ${format} needs --config with that pattern` };
  if (!format.startsWith('regex:') && !FORMAT_NAMES.includes(format)) {
    return { problem: `no format "${format}"; formats are ${FORMAT_NAMES.join(', ')}, regex:NAME` };
  }
  return { format, parse: createFileParser(format, options), rule: joinRule(format, options) };
}
