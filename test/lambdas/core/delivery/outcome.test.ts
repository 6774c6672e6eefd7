import fc from 'fast-check';
import { type BulkItem, classifyFailure, classifyItem, type Outcome } from '../../../../lambdas/core/delivery/outcome.ts';

const HOT = { pastWarmAge: false };
const WARM = { pastWarmAge: true };
const blocked = (block: string): BulkItem => ({
  status: 403,
  error: { type: 'cluster_block_exception', reason: `index [eks-audit-prod-2026.11.01] blocked by: [${block}];` },
});

describe('an item of a bulk answer', () => {
  test.each<[string, BulkItem, { pastWarmAge: boolean }, Outcome['kind'], string]>([
    ['a created document is indexed', { status: 201 }, HOT, 'indexed', 'created'],
    ['a record that was there with fewer lines adds no document', { status: 200 }, HOT, 'duplicate', 'extended'],
    [
      'a document that is there is a duplicate',
      { status: 409, error: { type: 'version_conflict_engine_exception' } },
      HOT,
      'duplicate',
      'version-conflict',
    ],
    [
      'a full write queue is retried',
      { status: 429, error: { type: 'rejected_execution_exception', reason: 'queue full' } },
      HOT,
      'retry',
      'rejected-execution',
    ],
    [
      'a full disk is retried: it is a 429 although the index is read-only',
      {
        status: 429,
        error: {
          type: 'cluster_block_exception',
          reason:
            'index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];',
        },
      },
      WARM,
      'retry',
      'cluster-block',
    ],
    [
      'a block on making indices is retried',
      blocked('FORBIDDEN/10/cluster create-index blocked (api)'),
      HOT,
      'retry',
      'create-index-block',
    ],
    [
      'the older name of that block is retried',
      { status: 403, error: { type: 'index_create_block_exception', reason: 'blocked by: ...' } },
      HOT,
      'retry',
      'create-index-block',
    ],
    ['a read-only cluster is retried', blocked('FORBIDDEN/6/cluster read-only (api)'), WARM, 'retry', 'cluster-block'],
    [
      'a write block on a young index is retried: somebody set it by hand',
      blocked('FORBIDDEN/8/index write (api)'),
      HOT,
      'retry',
      'index-write-block',
    ],
    ['a write block past the warm age is final', blocked('FORBIDDEN/8/index write (api)'), WARM, 'final', 'index-read-only'],
    ['a read-only block past the warm age is final', blocked('FORBIDDEN/5/index read-only (api)'), WARM, 'final', 'index-read-only'],
    [
      'a searchable snapshot past the warm age is final',
      blocked('FORBIDDEN/13/remote index is read-only'),
      WARM,
      'final',
      'index-read-only',
    ],
    [
      'a missing permission is retried: roles take a while to arrive',
      { status: 403, error: { type: 'security_exception', reason: 'no permissions for [indices:data/write/bulk[s]]' } },
      WARM,
      'retry',
      'not-permitted',
    ],
    [
      'a value of the wrong type is final',
      {
        status: 400,
        error: { type: 'mapper_parsing_exception', reason: 'failed to parse field [n]', caused_by: { reason: 'For input string' } },
      },
      HOT,
      'final',
      'mapper-parsing',
    ],
    [
      'a term that is too long is final',
      { status: 400, error: { type: 'illegal_argument_exception', reason: 'Document contains at least one immense term' } },
      HOT,
      'final',
      'illegal-argument',
    ],
    [
      'the shard limit is retried although it is a 400: the document is innocent',
      {
        status: 400,
        error: {
          type: 'validation_exception',
          reason:
            'Validation Failed: 1: this action would add [2] total shards, but this cluster currently has [1000]/[1000] maximum shards open;',
        },
      },
      HOT,
      'retry',
      'shard-limit',
    ],
    [
      'an index that another request is making is retried',
      { status: 400, error: { type: 'resource_already_exists_exception', reason: 'index exists' } },
      HOT,
      'retry',
      'index-being-created',
    ],
    [
      'a closed young index is retried',
      { status: 400, error: { type: 'index_closed_exception', reason: 'closed' } },
      HOT,
      'retry',
      'index-closed',
    ],
    [
      'a closed old index is final',
      { status: 400, error: { type: 'index_closed_exception', reason: 'closed' } },
      WARM,
      'final',
      'index-read-only',
    ],
    [
      'an index that may not be made is retried',
      { status: 404, error: { type: 'index_not_found_exception', reason: 'no such index' } },
      HOT,
      'retry',
      'index-not-found',
    ],
    [
      'an unavailable shard is retried',
      { status: 503, error: { type: 'unavailable_shards_exception', reason: 'primary shard is not active' } },
      HOT,
      'retry',
      'unavailable-shards',
    ],
    ['an error inside the engine is retried', { status: 500 }, HOT, 'retry', 'http-500'],
    ['a single document that is too large is final', { status: 413 }, HOT, 'final', 'http-413'],
  ])('%s', (_name, item, context, kind, reason) => {
    expect(classifyItem(item, context)).toMatchObject({ kind, reason });
  });

  test('the detail keeps both reasons, at most 1,000 characters', () => {
    const outcome = classifyItem({ status: 400, error: { type: 'x', reason: 'outer', caused_by: { reason: 'i'.repeat(5000) } } }, HOT);

    expect(outcome.detail).toHaveLength(1000);
    expect(outcome.detail).toMatch(/^outer: iii/);
  });

  test('every status has an outcome with a reason', () => {
    const text = fc.option(fc.string(), { nil: null });
    const error = fc.option(fc.record({ type: fc.string(), reason: text }, { requiredKeys: [] }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), error, fc.boolean(), (status, found, pastWarmAge) => {
        const outcome = classifyItem({ status, ...(found ? { error: found } : {}) }, { pastWarmAge });
        expect(['indexed', 'duplicate', 'final', 'retry']).toContain(outcome.kind);
        expect(outcome.reason).not.toBe('');
        // A document is never thrown away for what is not its fault.
        if (status >= 500 || status === 429) expect(outcome.kind).toBe('retry');
      }),
    );
  });
});

describe('a request that failed as a whole', () => {
  test.each<[string, number, { type?: string; reason?: string } | undefined, 'split' | 'retry', boolean]>([
    ['too large: halved, and the limit sinks', 413, undefined, 'split', true],
    [
      'a body that is refused is halved until the culprit is alone',
      400,
      { type: 'illegal_argument_exception', reason: 'Malformed action' },
      'split',
      false,
    ],
    ['a 400 without an error of the engine is some gateway on the way: retried, never thrown away', 400, undefined, 'retry', false],
    ['a 400 with only a text too', 400, { reason: 'The plain HTTP request was sent to HTTPS port' }, 'retry', false],
    [
      'a shard limit is not the body',
      400,
      { type: 'validation_exception', reason: 'cluster currently has [9]/[9] maximum shards open' },
      'retry',
      false,
    ],
    ['throttled: retried', 429, undefined, 'retry', false],
    ['a role that is not mapped yet: retried', 403, { type: 'security_exception' }, 'retry', false],
    ['expired credentials: retried', 401, undefined, 'retry', false],
    ['a gateway without a node: retried', 502, undefined, 'retry', false],
    ['a wrong path: retried, never thrown away', 404, undefined, 'retry', false],
  ])('%s', (_name, status, error, action, tooLarge) => {
    expect(classifyFailure(status, error)).toMatchObject({ action, tooLarge });
  });
});
