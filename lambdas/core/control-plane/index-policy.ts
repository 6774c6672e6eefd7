/** Most fields of a field index policy (PutIndexPolicy, 2026). */
const MAX_FIELDS = 20;

/** The field index policy that holds for a log group. */
export interface FoundIndexPolicy {
  /** JSON as CloudWatch keeps it. */
  readonly document: string;
  /** Of the group itself; otherwise an account-level policy reaches it. A policy of the group takes its place. */
  readonly isOwn: boolean;
}

/** What to do about the policy of a group. */
export type IndexPolicyStep = { readonly step: 'putIndexPolicy'; readonly document: string } | { readonly step: 'deleteIndexPolicy' };

interface PolicyDocument {
  readonly Fields: readonly string[];
  /** Fields with a type or as facets, which somebody set up by hand. */
  readonly FieldsV2: { readonly [field: string]: unknown };
}

/**
 * The call that gives a group an index of the wanted fields, undefined where none is needed. Fields of others stay while there is room: a policy
 * of the group replaces the account's, so what that indexed is taken over. `earlier` are the fields of the last deployment; those that are wanted
 * no longer are taken out.
 */
export function indexPolicyStep(
  found: FoundIndexPolicy | undefined,
  wanted: readonly string[],
  earlier: readonly string[] = [],
): IndexPolicyStep | undefined {
  const before = readDocument(found?.document);
  const typed = Object.keys(before.FieldsV2);
  const isOurs = (field: string) => wanted.includes(field) || earlier.includes(field);
  const missing = wanted.filter((field) => !before.Fields.includes(field) && !typed.includes(field));
  const stale = found?.isOwn === true && before.Fields.some((field) => earlier.includes(field) && !wanted.includes(field));
  if (missing.length === 0 && !stale) return undefined;
  const ours = wanted.filter((field) => !typed.includes(field));
  const others = before.Fields.filter((field) => !isOurs(field));
  const Fields = [...ours, ...others].slice(0, Math.max(0, MAX_FIELDS - typed.length));
  if (Fields.length + typed.length === 0) return { step: 'deleteIndexPolicy' };
  return { step: 'putIndexPolicy', document: JSON.stringify({ Fields, ...(typed.length > 0 ? { FieldsV2: before.FieldsV2 } : {}) }) };
}

/** A document that cannot be read counts as empty: CloudWatch wrote it, and it is replaced. */
function readDocument(text: string | undefined): PolicyDocument {
  let value: { readonly Fields?: unknown; readonly FieldsV2?: unknown };
  try {
    value = (JSON.parse(text ?? '{}') ?? {}) as typeof value;
  } catch {
    value = {};
  }
  return {
    Fields: Array.isArray(value.Fields) ? value.Fields.filter((field): field is string => typeof field === 'string') : [],
    FieldsV2: typeof value.FieldsV2 === 'object' && value.FieldsV2 !== null ? (value.FieldsV2 as PolicyDocument['FieldsV2']) : {},
  };
}
