import { parseAlb } from './alb.ts';
import { parseAudit } from './audit.ts';
import { parseJava } from './java.ts';
import { createJsonParser, firstBrace, hasCaller } from './json.ts';
import { isKlogHeader, parseKlog } from './klog.ts';
import { parseLogfmt } from './logfmt.ts';
import { parseLogrus } from './logrus.ts';
import { parseNginxAccess } from './nginx-access.ts';
import { parseNginxError } from './nginx-error.ts';
import { parsePipe } from './pipe.ts';
import { parsePython } from './python.ts';
import { parseStampedText } from './text.ts';
import type { ParseContext, ParsedLine, Parser } from './types.ts';
import { parseZap } from './zap.ts';

/** Makes the parser that finds out: by the first characters which formats are possible, then the strictest first. Always gives a line. */
export function createAutoParser(parseJson: ReturnType<typeof createJsonParser> = createJsonParser()): Parser {
  return (text, context) => detect(text, context, parseJson) ?? parseStampedText(text);
}

function detect(text: string, context: ParseContext, parseJson: ReturnType<typeof createJsonParser>): ParsedLine | undefined {
  if (isKlogHeader(text)) return parseKlog(text, context);
  if (firstBrace(text) >= 0) {
    // An audit event says so within its first characters, whatever their order; the search looks for the first one, and dots are rare.
    const head = text.slice(0, 400);
    const audit = head.includes('.k8s.io/') && head.includes('"audit.k8s.io/') ? parseAudit(text) : undefined;
    if (audit !== undefined) return audit;
    const json = parseJson(text);
    return (json !== undefined && hasCaller() && head.includes('"msg"') ? parseZap(text) : undefined) ?? json;
  }
  if (text.startsWith('time="')) {
    const logrus = parseLogrus(text);
    if (logrus !== undefined) return logrus;
  }
  const c = text.charCodeAt(0);
  const isDigit = c >= 48 && c <= 57;
  if (isDigit) {
    const stamped = parsePipe(text) ?? parseNginxError(text);
    if (stamped !== undefined) return stamped;
  }
  return (
    parseNginxAccess(text) ?? parseAlb(text) ?? parsePython(text) ?? parseJava(text) ?? (text.includes('=') ? parseLogfmt(text) : undefined)
  );
}
