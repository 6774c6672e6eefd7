import { createPostBulk } from '../../lambdas/clients/bulk-request.ts';
import { createHttpClient } from '../../lambdas/clients/signed-http.ts';
import { classifyItem } from '../../lambdas/core/delivery/outcome.ts';
import type { SearchEngine } from '../../local/search-engine/search-engine.ts';
import { APPLICATION, application, NOW, RULES, record, run } from '../lambdas/core/index/transform-support.ts';
import { describeWithEngine, startTestEngine } from './real-engine.ts';

jest.setTimeout(120_000);

const PIPE = { ...RULES, applications: [application({ name: 'checkout', match: { container: 'web' }, format: 'pipe' })] };
const LINES = ['2026-11-21T08:39:00.123 | INFO | t | 1 | s | op | c | head', '<a>', '<b/>', '</a>', 'end'];

describeWithEngine('a record that comes again with other lines, in a real OpenSearch', () => {
  let engine: SearchEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
  });
  afterAll(() => engine?.stop());

  /** Delivers the first lines of a record of a container and gives what became of its document. */
  async function deliver(container: string, lines: number): Promise<string | undefined> {
    const messages = LINES.slice(0, lines).map((text, at) => record(text, { container, time: `2026-11-21T08:39:00.00000000${at}Z` }));
    const rules = { ...PIPE, applications: PIPE.applications.map((one) => ({ ...one, match: { container } })) };
    const events = messages.map((message, at) => ({ id: `${Math.random()}${at}`, timestamp: NOW, message }));
    const bulk = run({ logGroup: APPLICATION, logStream: 'node', events }, rules);
    const http = createHttpClient({ service: 'es', region: 'us-east-1', credentials: () => undefined, now: Date.now });
    const post = createPostBulk(http, { endpoint: engine.url, gzip: false });
    const answer = await post({ body: [bulk.body], documents: bulk.documents.length, timeoutMs: 30_000 });
    if (answer.kind !== 'items' || answer.items[0] === undefined) throw new Error(JSON.stringify(answer));
    const { kind, reason } = classifyItem(answer.items[0], { pastWarmAge: false });
    return `${kind}: ${reason}`;
  }

  async function stored(container: string): Promise<string[]> {
    await fetch(`${engine.url}/_refresh`, { method: 'POST' });
    const query = { query: { match: { 'kubernetes.container_name': container } } };
    const answer = await fetch(`${engine.url}/checkout-*/_search`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(query),
    });
    const { hits } = (await answer.json()) as { hits: { hits: { _source: { message: string } }[] } };
    return hits.hits.map(({ _source }) => _source.message);
  }

  test.each<[string, readonly number[], readonly string[]]>([
    ['alone, then whole', [1, 5, 5], ['indexed: created', 'duplicate: extended', 'duplicate: version-conflict']],
    ['in growing parts', [2, 3, 5], ['indexed: created', 'duplicate: extended', 'duplicate: extended']],
    ['whole, then in parts', [5, 3, 1], ['indexed: created', 'duplicate: version-conflict', 'duplicate: version-conflict']],
  ])('%s: the document has all of its lines, and there is one', async (name, counts, outcomes) => {
    const container = name.replace(/\W+/g, '');

    const answers: (string | undefined)[] = [];
    for (const lines of counts) answers.push(await deliver(container, lines));

    expect(answers).toEqual(outcomes);
    expect(await stored(container)).toEqual([['head', ...LINES.slice(1)].join('\n')]);
  });
});
