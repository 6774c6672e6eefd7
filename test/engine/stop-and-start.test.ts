import type { SearchEngine } from '../../local/search-engine/search-engine.ts';
import { apiLines, auditLines, chunks, eventsOf, NOW, subscriptionData } from './control-plane.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type LetterBox, startLetterBox } from './letter-box.ts';
import { replayAll } from './mend.ts';
import { drainShard, expectedDocuments, invokeAll, loadPipeline, type Pipeline, prepare, storedDocuments } from './pipeline.ts';
import { describeWithEngine, startTestEngine } from './real-engine.ts';

/** Little more than what is kept back: an invocation gives up soon while the engine is away, and the next one finds it sooner. */
const INVOCATION_MS = 4_000;

/** Payloads of real lines with ids of their own: about a third of the events are lines that are joined to the one before. */
function payloads(audit: number, api: number): string[] {
  const auditPayloads = chunks(eventsOf(auditLines(audit)), 100).map((events) =>
    subscriptionData('kube-apiserver-audit-0123456789abcdef', events),
  );
  const apiPayloads = chunks(eventsOf(apiLines(api)), 100).map((events) => subscriptionData('kube-apiserver-0123456789abcdef', events));
  return [...auditPayloads, ...apiPayloads];
}

describeWithEngine('an ingest into a real OpenSearch that fails in the middle', () => {
  let engine: SearchEngine;
  let deaths = 0;
  let proxy: FaultProxy;
  let box: LetterBox;
  let pipeline: Pipeline;

  beforeAll(async () => {
    engine = await startTestEngine({ heapMb: 768 });
    void engine.died.then(() => deaths++);
  }, 120_000);
  afterAll(() => engine?.stop());

  beforeEach(async () => {
    await fetch(`${engine.url}/eks-*`, { method: 'DELETE' });
    await prepare(engine.url);
    proxy = await startFaultProxy(engine.url);
    box = await startLetterBox();
  });
  afterEach(async () => {
    pipeline?.dispose();
    await Promise.all([proxy.close(), box.close()]);
  });

  /** Nothing lost, nothing twice: the documents are exactly those of a perfect delivery, and every count adds up. */
  async function reconcile(sent: readonly string[], deadLettered = 0): Promise<void> {
    const expected = expectedDocuments(sent);
    const stored = await storedDocuments(engine.url);
    const { counts } = pipeline;
    const dead = new Set(box.letters().map(({ index, documentId }) => `${index}/${documentId}`));
    expect(stored).toHaveLength(new Set(stored).size);
    expect(new Set([...stored, ...dead])).toEqual(expected.names);
    expect(stored.length + dead.size).toBe(expected.names.size);
    expect(dead.size).toBe(deadLettered);
    expect(stored.length + dead.size + expected.joined).toBe(expected.events);
    expect(pipeline.unaccounted).toEqual([]);
    // Over all attempts: what was returned came again, and what came again was received again.
    const { received, indexed, duplicate, joined, returned, deadLettered: letters } = counts;
    expect(received).toBe(indexed + duplicate + joined + returned + letters);
    expect(indexed).toBeLessThanOrEqual(stored.length);
    expect(indexed + duplicate).toBeGreaterThanOrEqual(stored.length);
  }

  test('stream: the engine is killed in the middle and started again', async () => {
    pipeline = loadPipeline('stream', { search: proxy.url, letterBox: box.url });
    const sent = payloads(1_000, 600);
    let restarted: Promise<void> | undefined;
    proxy.onBulk = (number) => {
      if (number === 5) restarted = engine.halt('kill').then(() => engine.resume());
    };

    const invocations = await drainShard(pipeline.handler, sent, 10, INVOCATION_MS);
    await restarted;

    expect(restarted).toBeDefined();
    expect(invocations).toBeGreaterThan(sent.length / 10);
    expect(pipeline.counts.returned).toBeGreaterThan(0);
    await reconcile(sent);
  }, 180_000);

  test('direct: the engine is stopped in the middle and started again, then everything is delivered once more', async () => {
    pipeline = loadPipeline('direct', { search: proxy.url, letterBox: box.url });
    const sent = payloads(1_000, 600);
    let restarted: Promise<void> | undefined;
    proxy.onBulk = (number) => {
      if (number === 5) restarted = engine.halt('term').then(() => engine.resume());
    };

    await invokeAll(pipeline.handler, sent, INVOCATION_MS);
    await restarted;
    await reconcile(sent);
    const { indexed } = pipeline.counts;
    await invokeAll(pipeline.handler, sent, INVOCATION_MS);

    expect(pipeline.counts.indexed).toBe(indexed);
    await reconcile(sent);
  }, 180_000);

  test('every kind of trouble on the way, and one bad document among thousands', async () => {
    pipeline = loadPipeline('stream', { search: proxy.url, letterBox: box.url });
    // On another day this one line cannot be stored: its message would have to be a truth value.
    const made = await fetch(`${engine.url}/_index_template/one-bad-day`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        index_patterns: ['eks-api-test-2026.11.20'],
        priority: 9_999,
        template: { mappings: { properties: { message: { type: 'boolean' } } } },
      }),
    });
    expect(made.status).toBe(200);
    const bad = eventsOf(['E1120 08:00:00.000000       1 server.go:1] "bad"'], NOW - 86_400_000);
    const good = payloads(1_000, 600);
    const sent = [
      ...good.slice(0, 12),
      subscriptionData('kube-apiserver-0123456789abcdef', [...bad, ...eventsOf(apiLines(99).filter((line) => /^[IWE]\d{4}/.test(line)))]),
      ...good.slice(12),
    ];
    proxy.maxBytes = 150 * 1024;
    proxy.faults.push(
      'reset-before',
      { status: 429, body: { error: { type: 'rejected_execution_exception', reason: 'queue' } }, retryAfterSeconds: 1 },
      'pass',
      'reset-after',
      { delayMs: 400 },
      'half-answer',
      'pass',
      { status: 503 },
      'pass',
      { status: 403, body: { error: { type: 'security_exception', reason: 'no permissions' } } },
      { status: 502 },
      { delayMs: 300 },
    );

    await drainShard(pipeline.handler, sent, 10, INVOCATION_MS);

    expect(proxy.faults).toEqual([]);
    expect(proxy.met).toMatchObject({
      'reset-before': 1,
      'reset-after': 1,
      'half-answer': 1,
      'status 429': 1,
      'status 503': 1,
      'status 403': 1,
      delay: 2,
    });
    expect(proxy.met['status 413']).toBeGreaterThan(0);
    await reconcile(sent, 1);
    expect(box.letters()).toMatchObject([
      {
        reason: 'mapper-parsing',
        message: expect.stringContaining('"bad"'),
        index: 'eks-api-test-2026.11.20',
        source: 'test-control-plane',
      },
    ]);

    // After the mend the operator's command brings it in, under the index and the `_id` that the letter names.
    const [letter] = box.letters();
    for (const path of ['_index_template/one-bad-day', 'eks-api-test-2026.11.20'])
      await fetch(`${engine.url}/${path}`, { method: 'DELETE' });
    expect(await replayAll(box, engine.url)).toEqual({ code: 0, out: expect.stringContaining('indexed 1') });
    const stored = await storedDocuments(engine.url);
    expect(stored).toContain(`${letter?.index}/${letter?.documentId}`);
    expect(new Set(stored)).toEqual(expectedDocuments(sent).names);
  }, 180_000);

  test('a dead letter that cannot be written comes again until it can', async () => {
    pipeline = loadPipeline('stream', { search: proxy.url, letterBox: box.url });
    const late = eventsOf(['I1121 08:00:00.000000       1 server.go:1] "from another year"'], NOW - 400 * 86_400_000);
    const sent = [
      subscriptionData('kube-apiserver-0123456789abcdef', late),
      'bm90IGd6aXA=',
      subscriptionData('kube-apiserver-0123456789abcdef', eventsOf(apiLines(1))),
    ];
    // More than one invocation tries.
    box.refusals = 7;

    const invocations = await drainShard(pipeline.handler, sent, 10, INVOCATION_MS);

    expect(invocations).toBeGreaterThan(1);
    expect(box.refusals).toBeLessThan(0);
    expect(
      box
        .letters()
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual(['bad-gzip', 'time-out-of-bounds']);
    expect(await storedDocuments(engine.url)).toHaveLength(1);
    expect(pipeline.unaccounted).toEqual([]);
  }, 30_000);

  test('an engine that was stopped on purpose has not died; one that something else ends has', async () => {
    expect(deaths).toBe(0);

    process.kill(engine.pid() ?? 0, 'SIGKILL');

    await expect(engine.died).resolves.toMatchObject({ how: 'exit SIGKILL' });
  });
});
