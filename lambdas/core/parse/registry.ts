import type { FieldType, RegexPattern } from '../rules/rules.ts';
import { parseAlb } from './alb.ts';
import { parseAudit } from './audit.ts';
import { createAutoParser } from './auto.ts';
import { parseJava } from './java.ts';
import type { JoinRule } from './join.ts';
import { createJsonParser } from './json.ts';
import { isKlogHeader, parseKlog } from './klog.ts';
import { parseLogfmt } from './logfmt.ts';
import { parseLogrus } from './logrus.ts';
import { parseNginxAccess } from './nginx-access.ts';
import { parseNginxError } from './nginx-error.ts';
import { parsePipe } from './pipe.ts';
import { parsePythonRecord } from './python.ts';
import { createRegexParser } from './regex.ts';
import { parseText } from './text.ts';
import type { ParseContext, ParsedLine, Parser } from './types.ts';
import { parseZap } from './zap.ts';

/** What a format may need besides its name. */
export interface ParserOptions {
  /** The pattern that `regex:NAME` names. */
  readonly pattern?: RegexPattern;
  /** Declared typed fields, for `json`, `auto` and `regex:NAME`. */
  readonly fields?: { readonly [field: string]: FieldType };
}

/** The parser of a format: a name of LOG_FORMATS, or `regex:NAME` with `options.pattern`. Throws on a name that is none. */
export function createParser(format: string, options: ParserOptions = {}): Parser {
  if (format === 'regex' || format.startsWith('regex:')) {
    if (options.pattern === undefined) throw new Error(`format ${format}: no such pattern`);
    return createRegexParser(options.pattern, options.fields);
  }
  const make = Object.hasOwn(PARSERS, format) ? PARSERS[format] : undefined;
  if (make === undefined) throw new Error(`format ${format}: must be one of ${LOG_FORMATS.join(', ')}, or regex:NAME`);
  return make(options);
}

const PARSERS: { readonly [format: string]: (options: ParserOptions) => Parser } = {
  audit: () => parseAudit,
  // An api stream holds the etcd client's zap lines too, an authenticator stream klog lines.
  klog: () => (text, context) => parseKlog(text, context) ?? (text.charCodeAt(0) === 123 ? parseZap(text) : undefined),
  logrus: () => (text, context) => parseLogrus(text) ?? (isKlogHeader(text) ? parseKlog(text, context) : undefined),
  zap: () => parseZap,
  json: (options) => createJsonParser(options.fields),
  logfmt: () => parseLogfmt,
  'nginx-access': () => parseNginxAccess,
  'nginx-error': () => parseNginxError,
  java: () => parseJava,
  python: () => parsePythonRecord,
  pipe: () => parsePipe,
  alb: () => parseAlb,
  text: () => (text) => parseText(text),
  auto: (options) => createAutoParser(createJsonParser(options.fields)),
};

/** Formats that a log event may have, as users name them; a pattern of their own is `regex:NAME`. */
export const LOG_FORMATS: readonly string[] = ['auto', ...Object.keys(PARSERS).filter((format) => format !== 'auto')];

/** How lines of that format are joined to records. */
export function joinRule(format: string, options: ParserOptions = {}): JoinRule {
  const start = options.pattern?.start;
  return start === undefined ? { format } : { format, start: new RegExp(start) };
}

/** The parser's line, or the text itself as its message with the reason in `error`: nothing is dropped, whatever the text. */
export function parseOrText(parser: Parser, format: string, text: string, context: ParseContext): ParsedLine {
  return parser(text, context) ?? parseText(text, `not ${format}`);
}
