/** Keys that a server adds to what it was given. */
export interface Additions {
  /** Names that are ignored where only the server has them. */
  readonly keys: ReadonlySet<string>;
}

const NONE: Additions = { keys: new Set() };

/**
 * Whether what a server holds says the same as what would be sent. Scalars are compared as text, because index settings come back as strings
 * (`1` as `"1"`); a member that only the server has is a difference, unless it is null or among its known additions.
 */
export function sameBody(wanted: unknown, stored: unknown, additions: Additions = NONE): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(stored) &&
      wanted.length === stored.length &&
      wanted.every((item, position) => sameBody(item, stored[position], additions))
    );
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return false;
    const theirs = stored as { readonly [key: string]: unknown };
    const ours = wanted as { readonly [key: string]: unknown };
    for (const [key, value] of Object.entries(ours)) {
      if (!Object.hasOwn(theirs, key) && !isEmpty(value)) return false;
      if (Object.hasOwn(theirs, key) && !sameBody(value, theirs[key], additions)) return false;
    }
    return Object.entries(theirs).every(([key, value]) => Object.hasOwn(ours, key) || value === null || additions.keys.has(key));
  }
  return String(wanted) === String(stored);
}

/** Servers leave out what is empty. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
