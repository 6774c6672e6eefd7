import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SearchClient } from '../../../local/search/client.ts';
import { type SearchRequest, searchEvents } from '../../../local/web/search.ts';

const WEB = 'local/web';

test('the page makes elements in one place only, and never from markup: a log line may hold anything', () => {
  for (const file of readdirSync(WEB).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(WEB, file), 'utf8');
    expect([
      file,
      text.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTML|createContextualFragment/),
    ]).toEqual([file, null]);
    if (file !== 'dom.js') expect([file, text.match(/createElement/)]).toEqual([file, null]);
  }
});

test('the page loads nothing from elsewhere and has no script of its own inside', () => {
  const html = readFileSync(join(WEB, 'index.html'), 'utf8');

  expect(html).not.toMatch(/https?:\/\//);
  expect(html).not.toMatch(/<script(?![^>]*src=)/);
  expect(html).not.toMatch(/\son\w+=/);
});

describe('searching', () => {
  function client(asked: unknown[]): SearchClient {
    const answer = { took: 1, hits: { total: { value: 0 }, hits: [] } };
    return { request: async (...call: unknown[]) => (asked.push(call), answer) } as unknown as SearchClient;
  }
  const request: SearchRequest = { index: 'eks-audit-*', query: 'verb:patch' };

  test('the query goes to the engine as it is, bounded by the chosen time', async () => {
    const asked: unknown[] = [];

    await searchEvents(client(asked), { ...request, from: '2026-11-21T08:00:00Z', timeField: 'event.created' });

    expect(JSON.stringify(asked)).toContain('"query":"verb:patch"');
    expect(JSON.stringify(asked)).toContain('{"range":{"event.created":{"gte":"2026-11-21T08:00:00Z"}}}');
  });

  test.each(['_all/_delete_by_query', '../x', 'a b', '', 'A'])('%j is no index pattern', async (index) => {
    await expect(searchEvents(client([]), { ...request, index })).rejects.toThrow('not an index pattern');
  });

  test("a refused query fails with the engine's reason alone", async () => {
    const refusing = {
      request: async () => Promise.reject(new Error('POST: HTTP 400 {"error":{"root_cause":[{"reason":"Failed to parse query [a:]"}]}}')),
    };

    await expect(searchEvents(refusing as unknown as SearchClient, request)).rejects.toThrow(/^Failed to parse query \[a:\]$/);
  });
});
