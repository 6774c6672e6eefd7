import { parseAlbConnection } from './alb-connection.ts';
import { parseAlbHealthCheck } from './alb-health-check.ts';
import { parseCloudFront } from './cloudfront.ts';
import { parseNlb } from './nlb.ts';
import { createParser, LOG_FORMATS, type ParserOptions } from './registry.ts';
import type { Parser } from './types.ts';
import { parseWaf } from './waf.ts';

/** Formats of lines that come in files only. log-indexer never meets them, and loads faster without. */
const FILE_PARSERS: { readonly [format: string]: Parser } = {
  'alb-connection': parseAlbConnection,
  'alb-health-check': parseAlbHealthCheck,
  nlb: parseNlb,
  cloudfront: parseCloudFront,
  waf: parseWaf,
};

/** Every format that a file's lines can be read as, as users name them; a pattern of their own is `regex:NAME`. */
export const FORMAT_NAMES: readonly string[] = [...LOG_FORMATS, ...Object.keys(FILE_PARSERS)];

/** The parser of a format of FORMAT_NAMES, or of `regex:NAME` with `options.pattern`. Throws on a name that is none. */
export function createFileParser(format: string, options: ParserOptions = {}): Parser {
  return (Object.hasOwn(FILE_PARSERS, format) ? FILE_PARSERS[format] : undefined) ?? createParser(format, options);
}
