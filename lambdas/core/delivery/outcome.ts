/** What the `_bulk` API says of one document, as far as it is asked for by `filter_path`. */
export interface BulkItem {
  readonly status: number;
  readonly error?: BulkError;
}
/** Error object of an item or of a whole answer. */
export interface BulkError {
  readonly type?: string;
  readonly reason?: string | null;
  readonly caused_by?: { readonly type?: string; readonly reason?: string | null };
}

/**
 * What became of one document in one attempt, and why.
 * `indexed` and `duplicate` are done; `final` goes to the dead letters; `retry` is sent again while time is left, then handed back.
 */
export interface Outcome {
  readonly kind: 'indexed' | 'duplicate' | 'final' | 'retry';
  /** A word that can be counted, such as `mapper-parsing` or `index-read-only`. */
  readonly reason: string;
  /** The engine's own words, at most 1,000 characters. They may quote the document: never log them. */
  readonly detail?: string;
}

/** What a classification may know besides the answer. */
export interface OutcomeContext {
  /** Whether the index is past the age at which ISM makes it read-only. */
  readonly pastWarmAge: boolean;
}

/** The two outcomes of nearly every document; shared, so that a batch of thousands allocates nothing for them. */
export const INDEXED: Outcome = { kind: 'indexed', reason: 'created' };
/** The `_id` was there: an earlier delivery wrote it. */
export const DUPLICATE: Outcome = { kind: 'duplicate', reason: 'version-conflict' };

/** A record that was there with fewer of its lines has all of them now. It counts as there before: no document was added. */
export const EXTENDED: Outcome = { kind: 'duplicate', reason: 'extended' };

const DETAIL_LIMIT = 1000;

function detailOf(error: BulkError | undefined): { detail?: string } {
  const parts = [error?.reason, error?.caused_by?.reason].filter((part): part is string => typeof part === 'string' && part !== '');
  return parts.length === 0 ? {} : { detail: parts.join(': ').slice(0, DETAIL_LIMIT) };
}

/** `mapper_parsing_exception` becomes `mapper-parsing`. */
function reasonOf(error: BulkError | undefined, fallback: string): string {
  const type = error?.type;
  return typeof type === 'string' && type !== '' ? type.replace(/_exception$/, '').replaceAll('_', '-') : fallback;
}

/** Blocks 5 (read-only), 8 (write) and the one of searchable snapshots are set per index, by ISM or by hand; all others by the cluster. */
const INDEX_WRITE_BLOCK = /\/(?:5\/index read-only \(api\)|8\/index write \(api\)|\d+\/remote index is read-only)/;

function classifyForbidden(error: BulkError | undefined, context: OutcomeContext): Outcome {
  const text = `${error?.reason ?? ''} ${error?.caused_by?.reason ?? ''}`;
  if (INDEX_WRITE_BLOCK.test(text)) {
    return context.pastWarmAge
      ? { kind: 'final', reason: 'index-read-only', ...detailOf(error) }
      : { kind: 'retry', reason: 'index-write-block', ...detailOf(error) };
  }
  if (/create-index blocked/.test(text) || error?.type === 'index_create_block_exception')
    return { kind: 'retry', reason: 'create-index-block', ...detailOf(error) };
  if (error?.type === 'cluster_block_exception') return { kind: 'retry', reason: 'cluster-block', ...detailOf(error) };
  // A role that is not mapped (yet) is the world's fault, not the document's.
  return { kind: 'retry', reason: error?.type === 'security_exception' ? 'not-permitted' : 'forbidden', ...detailOf(error) };
}

function classifyBadRequest(error: BulkError | undefined, context: OutcomeContext): Outcome {
  const text = `${error?.reason ?? ''} ${error?.caused_by?.reason ?? ''}`;
  // 400 although nothing is wrong with the document: the cluster may hold no further shards, an index is being made, or it is closed.
  if (/maximum (?:normal )?shards open/.test(text)) return { kind: 'retry', reason: 'shard-limit', ...detailOf(error) };
  if (error?.type === 'resource_already_exists_exception') return { kind: 'retry', reason: 'index-being-created', ...detailOf(error) };
  if (error?.type === 'index_closed_exception') {
    return context.pastWarmAge
      ? { kind: 'final', reason: 'index-read-only', ...detailOf(error) }
      : { kind: 'retry', reason: 'index-closed', ...detailOf(error) };
  }
  return { kind: 'final', reason: reasonOf(error, 'bad-request'), ...detailOf(error) };
}

/** Classifies one item of a `_bulk` answer. Total: every status has an outcome. */
export function classifyItem(item: BulkItem, context: OutcomeContext): Outcome {
  const { status, error } = item;
  if (status === 201) return INDEXED;
  // Nothing but a longer record may replace a document.
  if (status === 200) return EXTENDED;
  if (status === 409) return DUPLICATE;
  if (status === 403) return classifyForbidden(error, context);
  if (status === 400) return classifyBadRequest(error, context);
  if (status === 429) return { kind: 'retry', reason: reasonOf(error, 'too-many-requests'), ...detailOf(error) };
  // Automatic creation may be off, or the index was deleted in between: an operator's matter, not the document's.
  if (status === 404) return { kind: 'retry', reason: reasonOf(error, 'not-found'), ...detailOf(error) };
  if (status === 401 || status === 408) return { kind: 'retry', reason: reasonOf(error, `http-${status}`), ...detailOf(error) };
  if (status >= 402 && status < 500) return { kind: 'final', reason: reasonOf(error, `http-${status}`), ...detailOf(error) };
  return { kind: 'retry', reason: reasonOf(error, `http-${status}`), ...detailOf(error) };
}

/**
 * What to do with a request that failed as a whole.
 * `split`: halve it and send the halves apart (one document alone is final with this reason); `retry`: the same again after a pause.
 */
export interface RequestFailure {
  readonly action: 'split' | 'retry';
  readonly reason: string;
  readonly detail?: string;
  /** The body was too big: no later request may be as big. */
  readonly tooLarge: boolean;
}

/** Classifies an answer whose HTTP status is not 200. Total. */
export function classifyFailure(status: number, error: BulkError | undefined): RequestFailure {
  if (status === 413) return { action: 'split', reason: 'too-large', tooLarge: true, ...detailOf(error) };
  // Only the engine's own word can make a document final; a gateway on the way may answer 400 to everything.
  if (status === 400 && error?.type !== undefined) {
    const single = classifyBadRequest(error, { pastWarmAge: false });
    // One document can spoil the whole body (an id that is too long, a line that is not JSON): halving finds it.
    return single.kind === 'retry'
      ? { action: 'retry', reason: single.reason, tooLarge: false, ...detailOf(error) }
      : { action: 'split', reason: reasonOf(error, 'bulk-rejected'), tooLarge: false, ...detailOf(error) };
  }
  if (status === 429) return { action: 'retry', reason: reasonOf(error, 'too-many-requests'), tooLarge: false, ...detailOf(error) };
  if (status === 401 || status === 403) return { action: 'retry', reason: 'not-permitted', tooLarge: false, ...detailOf(error) };
  return { action: 'retry', reason: reasonOf(error, `http-${status}`), tooLarge: false, ...detailOf(error) };
}
