/** How a top-level field of an audit event is mapped. */
export const AUDIT_FIELDS = {
  unknown: 0,
  /** keyword */
  word: 1,
  /** keyword, a list */
  words: 2,
  /** date */
  time: 3,
  /** object with fields of its own: user, impersonatedUser */
  subject: 4,
  /** object with fields of its own: objectRef */
  reference: 5,
  /** object with fields of its own: responseStatus */
  status: 6,
  /** flat_object */
  flat: 7,
} as const;

const { word, words, time, subject, reference, status, flat } = AUDIT_FIELDS;

/** Every field of `Event` in audit.k8s.io/v1. */
const KINDS = new Map<string, number>([
  ['kind', word],
  ['apiVersion', word],
  ['level', word],
  ['auditID', word],
  ['stage', word],
  ['requestURI', word],
  ['verb', word],
  ['user', subject],
  ['impersonatedUser', subject],
  ['sourceIPs', words],
  ['userAgent', word],
  ['objectRef', reference],
  ['responseStatus', status],
  ['requestObject', flat],
  ['responseObject', flat],
  ['requestReceivedTimestamp', time],
  ['stageTimestamp', time],
  ['annotations', flat],
]);

/** The mapping of a top-level key; `AUDIT_FIELDS.unknown` for keys that Kubernetes does not write. */
export function fieldKind(key: string): number {
  return KINDS.get(key) ?? AUDIT_FIELDS.unknown;
}

const TIME = /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"$/;

/** Whether OpenSearch takes the JSON value between the positions for a field of that kind. */
export function fits(kind: number, text: string, start: number, end: number): boolean {
  const c = text.charCodeAt(start);
  switch (kind) {
    case AUDIT_FIELDS.word:
      return c === 34;
    case AUDIT_FIELDS.words:
      return c === 91 ? holdsOnlyStrings(text, start, end) : c === 110;
    case AUDIT_FIELDS.time:
      return TIME.test(text.slice(start, end));
    case AUDIT_FIELDS.flat:
      return c === 123 || c === 110 || (c === 91 && holdsOnlyObjects(text, start, end));
    default:
      return c === 123 || c === 110;
  }
}

/** Whether a list has no list, object, number or word in it: outside of strings only blanks and commas. */
function holdsOnlyStrings(text: string, start: number, end: number): boolean {
  let i = start + 1;
  while (i < end - 1) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      for (i++; text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++;
    } else if (c !== 44 && c > 32) return false;
    i++;
  }
  return true;
}

/** A flat_object takes a list of objects (a JSON patch), not of plain values. */
function holdsOnlyObjects(text: string, start: number, end: number): boolean {
  let depth = 0;
  for (let i = start + 1; i < end - 1; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      if (depth === 0) return false;
      for (i++; text.charCodeAt(i) !== 34; i++) if (text.charCodeAt(i) === 92) i++;
    } else if (c === 123 || c === 91) {
      if (c === 91 && depth === 0) return false;
      depth++;
    } else if (c === 125 || c === 93) depth--;
    else if (depth === 0 && c !== 44 && c > 32) return false;
  }
  return true;
}
