/**
 * Fields of an ALB access log line by position, as AWS documents them. Older files end earlier, newer ones may go on: what is behind the last known
 * field is `rest`.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html#access-log-entry-syntax
 */
export const ALB_FIELDS = [
  'type',
  'time',
  'elb',
  'client',
  'target',
  'request_processing_time',
  'target_processing_time',
  'response_processing_time',
  'elb_status_code',
  'target_status_code',
  'received_bytes',
  'sent_bytes',
  'request',
  'user_agent',
  'ssl_cipher',
  'ssl_protocol',
  'target_group_arn',
  'trace_id',
  'domain_name',
  'chosen_cert_arn',
  'matched_rule_priority',
  'request_creation_time',
  'actions_executed',
  'redirect_url',
  'error_reason',
  'target_port_list',
  'target_status_code_list',
  'classification',
  'classification_reason',
  'conn_trace_id',
  'transformed_host',
  'transformed_uri',
  'request_transform_status',
  'rest',
] as const;

/** Positions in {@link ALB_FIELDS}. */
export const REQUEST = 12;
export const USER_AGENT = 13;
export const TRACE_ID = 17;
const RULE_PRIORITY = 20;
const ACTIONS = 22;
export const CONN_TRACE_ID = 29;
export const REST = 33;

/** Where each field of the line that was scanned last starts and ends, without quotes; a field that the line does not have is empty and starts at 0. */
export const starts = new Int32Array(ALB_FIELDS.length);
export const ends = new Int32Array(ALB_FIELDS.length);

const BLANK = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const DASH = 45;

/**
 * Finds the fields of a line without its line end; false where it is none. A line is one when its first twelve fields and its request are there:
 * whatever comes or does not come after them, quotes and blanks inside of the request or the user agent included, nothing makes it fail.
 */
export function scanAlb(text: string): boolean {
  const size = trimmedSize(text);
  let at = 0;
  for (let field = 0; field < REQUEST; field++) {
    // A search by the engine is quicker than reading characters: a line is mostly a slice of its file, and each read would have to find the file first.
    const end = text.indexOf(' ', at);
    if (end < 0) return false;
    starts[field] = at;
    ends[field] = end;
    at = end + 1;
  }
  if (text.charCodeAt(at) !== QUOTE) return false;
  const close = requestClose(text, at + 1, size);
  if (close < 0) return false;
  take(REQUEST, at + 1, close);
  scanTail(text, close + 2, size);
  return true;
}

/** Blanks and a carriage return at the end belong to no field. */
function trimmedSize(text: string): number {
  let size = text.length;
  while (size > 0 && text.charCodeAt(size - 1) <= BLANK) size--;
  return size;
}

function take(field: number, start: number, end: number): void {
  starts[field] = start;
  ends[field] = end;
}

/** Everything behind the request. What is not as documented goes to `rest` with all that follows. */
function scanTail(text: string, from: number, size: number): void {
  let at = from;
  let field = USER_AGENT;
  const close = text.charCodeAt(at) === QUOTE && at < size ? userAgentClose(text, at + 1, size) : -1;
  if (close >= 0) {
    take(USER_AGENT, at + 1, close);
    at = close + 2;
    for (field = USER_AGENT + 1; field < REST && at < size; field++) {
      const isQuoted = text.charCodeAt(at) === QUOTE;
      if (isQuoted !== IS_QUOTED[field]) {
        // The connection's id came after the classification, and the three transforms after it: a line may have either, both or none.
        if (field !== CONN_TRACE_ID) break;
        take(field++, 0, 0);
      }
      const end = isQuoted ? quotedEnd(text, at + 1, size) : bareEnd(text, at, size);
      if (end < 0) break;
      take(field, isQuoted ? at + 1 : at, end);
      at = isQuoted ? end + 2 : end + 1;
    }
  }
  for (; field < REST; field++) take(field, 0, 0);
  if (at < size) take(REST, at, size);
  else take(REST, 0, 0);
}

/** Nearly all quoted fields hold a dash and nothing else. */
function quotedEnd(text: string, from: number, size: number): number {
  if (text.charCodeAt(from) === DASH && text.charCodeAt(from + 1) === QUOTE && (from + 2 >= size || text.charCodeAt(from + 2) === BLANK))
    return from + 1;
  return closingQuote(text, from, size, true);
}

function bareEnd(text: string, from: number, size: number): number {
  const end = text.indexOf(' ', from);
  return end < 0 || end > size ? size : end;
}

/** Whether AWS writes a field in quotes. */
const IS_QUOTED: readonly boolean[] = ALB_FIELDS.map((_, field) =>
  field >= ACTIONS ? field !== CONN_TRACE_ID : field >= TRACE_ID ? field < RULE_PRIORITY : field === REQUEST || field === USER_AGENT,
);

/** The quote that ends a field: a blank or the end follows it, and (`escapes`) no backslash makes it part of the text. -1 without one. */
function closingQuote(text: string, from: number, size: number, escapes: boolean): number {
  for (let quote = text.indexOf('"', from); quote >= 0 && quote < size; quote = text.indexOf('"', quote + 1)) {
    if (quote + 1 < size && text.charCodeAt(quote + 1) !== BLANK) continue;
    if (!escapes || text.charCodeAt(quote - 1) !== BACKSLASH || !isEscaped(text, quote, from)) return quote;
  }
  return -1;
}

function isEscaped(text: string, quote: number, from: number): boolean {
  let i = quote;
  while (i > from && text.charCodeAt(i - 1) === BACKSLASH) i--;
  return (quote - i) % 2 === 1;
}

/** The request may hold bare quotes: it ends behind a protocol, or where a user agent follows as it should. */
function requestClose(text: string, from: number, size: number): number {
  let first = -1;
  for (let quote = text.indexOf('"', from); quote >= 0 && quote < size; quote = text.indexOf('"', quote + 1)) {
    if (quote + 1 < size && (text.charCodeAt(quote + 1) !== BLANK || text.charCodeAt(quote + 2) !== QUOTE)) continue;
    if (endsInProtocol(text, quote)) return quote;
    const agent = closingQuote(text, quote + 3, size, true);
    if (agent >= 0 && isBeforeCipher(text, agent + 1, size)) return quote;
    if (first < 0) first = quote;
  }
  return first;
}

/** `HTTP/1.1` or `HTTP/2`. */
function endsInProtocol(text: string, quote: number): boolean {
  const slash = text.charCodeAt(quote - 4) === 47 ? quote - 4 : quote - 2;
  return text.charCodeAt(slash) === 47 && text.charCodeAt(slash - 1) === 80;
}

/** A user agent may hold anything: behind its closing quote come three bare words and a quoted one. */
function userAgentClose(text: string, from: number, size: number): number {
  let first = -1;
  for (let escapes = 1; escapes >= 0; escapes--) {
    for (
      let quote = closingQuote(text, from, size, escapes === 1);
      quote >= 0;
      quote = closingQuote(text, quote + 1, size, escapes === 1)
    ) {
      if (isBeforeCipher(text, quote + 1, size)) return quote;
      if (first < 0) first = quote;
    }
  }
  return first;
}

/** Cipher, protocol, ARN of the target group, and the quote that opens the trace id. */
function isBeforeCipher(text: string, from: number, size: number): boolean {
  let at = from + 1;
  for (let word = 0; word < 3; word++) {
    if (at >= size || text.charCodeAt(at) === QUOTE) return false;
    at = text.indexOf(' ', at) + 1;
    if (at === 0) return false;
  }
  return at < size && text.charCodeAt(at) === QUOTE;
}
