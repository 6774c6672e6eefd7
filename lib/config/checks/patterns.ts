import { compileStrptime } from '../../../lambdas/core/parse/strptime.ts';
import type { Config } from '../resolve.ts';
import type { Check, CheckContext, CheckReport } from './context.ts';
import { checkRegex, groupNames } from './regexes.ts';

type Pattern = Config['patterns'][string];

/** Named time formats, besides strptime. */
const TIME_FORMATS: readonly string[] = ['iso8601', 'epochSeconds', 'epochMillis'];
/** The parser lets `.` match line breaks: a record may have several lines. */
const PATTERN_FLAGS = 's';

/** `patterns`, and the formats that name them. */
export const checkPatterns: Check = (context, report) => {
  const { config } = context;
  for (const [name, pattern] of Object.entries(config.patterns)) checkPattern(context, name, pattern, report);
  const users = [
    ...config.applications.map(({ format, fields }, index) => ({ format, fields, path: ['applications', index] })),
    ...config.sources.map(({ format, fields }, index) => ({ format, fields, path: ['sources', index] })),
  ];
  const used = new Set<string>();
  for (const { format, fields, path } of users) {
    if (!format.startsWith('regex:')) continue;
    const name = format.slice('regex:'.length);
    used.add(name);
    const pattern = Object.hasOwn(config.patterns, name) ? config.patterns[name] : undefined;
    if (pattern) checkFieldsAreGroups(pattern, name, fields, path, report);
    else if (!context.isIncomplete(['patterns'])) {
      const limit = Object.keys(config.patterns).join(' ') || 'patterns is empty';
      report.problem({ path: [...path, 'format'], what: 'patterns has no expression of this name', limit, value: name });
    }
  }
  for (const name of Object.keys(config.patterns)) {
    if (!used.has(name) && !context.isIncomplete(['applications']) && !context.isIncomplete(['sources'])) {
      report.warning({ path: ['patterns', name], atKey: true, what: `no format names this pattern (format: regex:${name})`, value: name });
    }
  }
};

function checkPattern(context: CheckContext, name: string, pattern: Pattern, report: CheckReport): void {
  const at = (field: string) => ['patterns', name, field];
  const compiled = checkRegex({ source: pattern.regex, flags: PATTERN_FLAGS, path: at('regex') }, context, report);
  if (pattern.start !== undefined) checkRegex({ source: pattern.start, flags: '', path: at('start') }, context, report);
  if (compiled) {
    const groups = groupNames(pattern.regex);
    if (groups.length === 0) {
      const what = 'the expression names no group, so nothing of a line would become a field; write (?<name>…)';
      report.problem({ path: at('regex'), what, value: pattern.regex });
    }
    if (pattern.timeKey !== undefined && !groups.includes(pattern.timeKey)) {
      const what = 'the expression has no group of this name';
      report.problem({ path: at('timeKey'), what, limit: groups.join(' ') || 'no groups', value: pattern.timeKey });
    }
    if (compiled.test('')) {
      const what = 'the expression matches the empty line, so it says nothing about the lines that do not fit';
      report.warning({ path: at('regex'), what, value: pattern.regex });
    }
  }
  checkTime(pattern, at, report);
}

function checkTime(pattern: Pattern, at: (field: string) => string[], report: CheckReport): void {
  if (pattern.timeFormat === undefined) return;
  if (pattern.timeKey === undefined) {
    report.problem({
      path: at('timeFormat'),
      what: 'a time format needs the group that holds the time: add timeKey',
      value: pattern.timeFormat,
    });
  }
  const isStrptime = /%[^%]/.test(pattern.timeFormat.replaceAll('%%', '')) && compileStrptime(pattern.timeFormat) !== undefined;
  if (!TIME_FORMATS.includes(pattern.timeFormat) && !isStrptime) {
    const limit = `${TIME_FORMATS.join(' ')} or strptime such as %d/%b/%Y:%H:%M:%S %z`;
    report.problem({ path: at('timeFormat'), what: 'no time can be read by this', limit, value: pattern.timeFormat });
  }
}

function checkFieldsAreGroups(
  pattern: Pattern,
  name: string,
  fields: { [field: string]: string },
  path: (string | number)[],
  report: CheckReport,
): void {
  let groups: string[];
  try {
    groups = groupNames(pattern.regex);
  } catch {
    return;
  }
  for (const field of Object.keys(fields)) {
    // Names of groups hold no dots: the parser takes http_status for http.status.
    if (groups.includes(field) || groups.includes(field.replaceAll('.', '_'))) continue;
    const what = `pattern ${name} has no group of this name, so the field would stay empty`;
    report.problem({ path: [...path, 'fields', field], atKey: true, what, limit: groups.join(' ') || 'no groups', value: field });
  }
}
