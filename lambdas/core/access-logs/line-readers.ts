import type { LineEnrichment } from '../parse/access-fields.ts';
import { readAlbLine } from '../parse/alb.ts';
import { parseAlbConnection } from '../parse/alb-connection.ts';
import { parseAlbHealthCheck } from '../parse/alb-health-check.ts';
import { createCloudFrontReader } from '../parse/cloudfront.ts';
import { parseNlb } from '../parse/nlb.ts';
import type { ParsedLine } from '../parse/types.ts';
import { parseWaf } from '../parse/waf.ts';
import type { FileFormat } from './file-name.ts';

/** Reads the lines of one file. */
export interface LineReader {
  /** The line; undefined where it is none of the format, `header` where it says what the others hold. */
  read(text: string): ParsedLine | 'header' | undefined;
  /** Whether a line with this first byte may be a header. */
  isHeader(firstByte: number): boolean;
}

const READERS: { readonly [format in FileFormat]: (enrichment: LineEnrichment) => LineReader } = {
  alb: (enrichment) => ({ read: (text) => readAlbLine(text, enrichment), isHeader: () => false }),
  'alb-connection': () => ({ read: parseAlbConnection, isHeader: () => false }),
  'alb-health-check': () => ({ read: parseAlbHealthCheck, isHeader: () => false }),
  nlb: () => ({ read: parseNlb, isHeader: () => false }),
  cloudfront: () => ({ read: createCloudFrontReader(), isHeader: (byte) => byte === 35 }),
  waf: () => ({ read: parseWaf, isHeader: () => false }),
};

/** The reader of a file: CloudFront's files say in their head which fields their lines have, so each file has its own. */
export function createLineReader(format: FileFormat, enrichment: LineEnrichment): LineReader {
  return READERS[format](enrichment);
}
