import { assignedSpans, memberSpans, type Span, valueBeforeName } from './assignment.ts';
import { quotedEnd } from './quoted.ts';
import { type BuiltinRule, MARK_START, markOf } from './rule-names.ts';
import { ruleOfName, SECRET_WORDS } from './secret-words.ts';

/**
 * The cheap search: whether anything in a text could be a secret. One pass without captures; only texts that match are looked at closely. In audit events
 * `authorization.k8s.io/…` and `secrets` are everywhere, so the words count only where a value follows.
 */
const TRIGGER = new RegExp(
  [
    'A(?:KI|SI|BI|CC)A[A-Z0-9]{12}',
    'eyJ[\\w-]{8}',
    'PRIVATE KEY',
    ':[^\\s/:@"\'\\\\<>]{0,256}@',
    'bearer\\s+\\S{16}',
    `(?:${SECRET_WORDS}|authorization)\\d*\\\\*["']?\\s*[=:,}]`,
    '"(?:stringData|data)\\\\*"\\s*:\\s*\\{',
    '\\\\u00[4-7]',
  ].join('|'),
  'i',
);

const WORD = new RegExp(
  [
    '(?<![A-Za-z0-9])(?<keyId>A(?:KI|SI|BI|CC)A[A-Z0-9]{12,124})(?![A-Za-z0-9])',
    '(?<jwt>eyJ[\\w-]{8,}\\.[\\w-]{8,}(?:\\.[\\w-]*){0,3})',
    '(?<pem>-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)',
    '://[^\\s/:@"\'\\\\<>]{0,256}:(?<url>[^\\s/@"\'\\\\<>]{1,1024})(?=@)',
    '[Bb][Ee][Aa][Rr][Ee][Rr]\\s+(?<bearer>[A-Za-z0-9._~+/-]{16,}=*)',
    '(?<header>[Aa][Uu][Tt][Hh][Oo][Rr][Ii][Zz][Aa][Tt][Ii][Oo][Nn])(?=\\\\*["\']?\\s*[:=])',
    `(?<name>${anyCase(SECRET_WORDS)})(?=\\d*\\\\*["']?[ \\t]*[:=]|\\d*\\\\*"\\s*,\\s*\\\\*"value)`,
    '\\\\*"value\\\\*"\\s*:\\s*(?<value>(?=\\\\*"))',
    '\\\\*"(?:data|stringData)\\\\*"\\s*:\\s*\\{(?<data>)',
  ].join('|'),
  'g',
);

/** Bodies of keys: base64 lines whose breaks may be escaped at any level. A cut end is the end of what looks like a key. */
const PEM_BODY =
  /(?:[A-Za-z0-9+/=:,.\- \t\r\n]|\\+[nrt])*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:[A-Za-z0-9+/= \t\r\n]|\\+[nrt])*/y;
const SECRET_OBJECT = /\\*"kind\\*"\s*:\s*\\*"Secret\\*"|\\*"resource\\*"\s*:\s*\\*"secrets\\*"|\\*"name\\*"\s*:\s*\\*"aws-auth\\*"/;
const SCHEME = /(?:Bearer|Basic|Digest|Negotiate|NTLM|AWS4-HMAC-SHA256|Token|ApiKey|GoogleLogin)\s+/iy;
const HEADER_VALUE = /[^\r\n"'\\]+/y;
const AFTER_HEADER = /(\\*["'])?\s*[:=]\s*/y;
const ESCAPED_LETTER = /\\+u00([46][1-9a-f]|[57][0-9a])/gi;

/** Replaces what the built-in rules call a secret, in place: the text around it stays as it is, and JSON stays JSON. */
export function redactBuiltin(text: string, rules: ReadonlySet<string>): string {
  if (!TRIGGER.test(text)) return text;
  const redacted = replaceSpans(text, rules);
  if (redacted !== text || !text.includes('\\u00')) return redacted;
  // `"\u0070assword"` is a name too. Letters are written out only where that brings a secret to light.
  const plain = text.replace(ESCAPED_LETTER, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  if (plain === text) return text;
  const plainRedacted = replaceSpans(plain, rules);
  return plainRedacted === plain ? text : plainRedacted;
}

function replaceSpans(text: string, rules: ReadonlySet<string>): string {
  let result = '';
  let done = 0;
  const hasSecretObject = rules.has('passwordAssignment') && SECRET_OBJECT.test(text);
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    if (match[0] === '') WORD.lastIndex++;
    const found = spansOf(text, match, hasSecretObject);
    if (!rules.has(found.rule)) continue;
    for (const span of found.spans) {
      if (span.start < done) continue;
      result += text.slice(done, span.start) + (span.literal ?? markOf(found.rule));
      done = span.end;
    }
    if (WORD.lastIndex < done) WORD.lastIndex = done;
  }
  return done === 0 ? text : result + text.slice(done);
}

interface Found {
  readonly rule: BuiltinRule;
  readonly spans: readonly Span[];
}

function spansOf(text: string, match: RegExpExecArray, hasSecretObject: boolean): Found {
  const groups = match.groups as { readonly [name: string]: string | undefined };
  const end = match.index + match[0].length;
  const tail = (value: string): readonly Span[] => [{ start: end - value.length, end }];
  if (groups['keyId'] !== undefined) return { rule: 'awsAccessKeyId', spans: tail(groups['keyId']) };
  if (groups['jwt'] !== undefined) return { rule: 'jwt', spans: tail(groups['jwt']) };
  if (groups['bearer'] !== undefined) return { rule: 'authorizationHeader', spans: tail(groups['bearer']) };
  if (groups['url'] !== undefined) {
    return { rule: 'passwordAssignment', spans: groups['url'].startsWith(MARK_START) ? [] : tail(groups['url']) };
  }
  if (groups['pem'] !== undefined) {
    PEM_BODY.lastIndex = end;
    PEM_BODY.test(text);
    return { rule: 'privateKey', spans: [{ start: match.index, end: Math.max(end, PEM_BODY.lastIndex) }] };
  }
  if (groups['header'] !== undefined) return { rule: 'authorizationHeader', spans: headerSpans(text, end) };
  if (groups['value'] !== undefined) return { rule: 'passwordAssignment', spans: valueBeforeName(text, end) };
  if (groups['data'] !== undefined) return { rule: 'passwordAssignment', spans: hasSecretObject ? memberSpans(text, end) : [] };
  const name = wholeName(text, end);
  return { rule: ruleOfName(name), spans: assignedSpans(text, name, end) };
}

/** The name that ends at `end`, as far as it decides anything: `aws_secret_access_key` for its `access_key`. */
function wholeName(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < 64 && /[\w.-]/.test(text.charAt(start - 1))) start--;
  return text.slice(start, end);
}

/** What an `Authorization` header, or a member of that name, carries. Prose after the word (`authorization: forbidden`) is not one. */
function headerSpans(text: string, nameEnd: number): Span[] {
  AFTER_HEADER.lastIndex = nameEnd;
  if (!AFTER_HEADER.test(text)) return [];
  let at = AFTER_HEADER.lastIndex;
  if (text.charCodeAt(at) === 91) at++;
  let slashes = at;
  while (text.charCodeAt(slashes) === 92) slashes++;
  if (text.charCodeAt(slashes) === 34) return spansFrom(text, slashes + 1, quotedEnd(text, slashes));
  if (text.charCodeAt(at) === 39) at++;
  SCHEME.lastIndex = at;
  const hasScheme = SCHEME.test(text);
  HEADER_VALUE.lastIndex = at;
  if (!HEADER_VALUE.test(text)) return [];
  const end = HEADER_VALUE.lastIndex;
  if (hasScheme) return spansFrom(text, at, end);
  const word = /^[^\s,;]+/.exec(text.slice(at, end))?.[0] ?? '';
  return word.length >= 16 && /\d/.test(word) ? spansFrom(text, at, at + word.length) : [];
}

function spansFrom(text: string, start: number, end: number): Span[] {
  return end <= start || text.startsWith(MARK_START, start) ? [] : [{ start, end }];
}

/** The source of a regular expression with every letter outside of brackets in both cases: the rest of the expression minds the case. */
function anyCase(source: string): string {
  return source.replace(/\[[^\]]*\]|\\.|[a-z]/g, (part) => (part.length === 1 ? `[${part.toUpperCase()}${part}]` : part));
}
