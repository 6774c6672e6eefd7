/** A plain client of the engine, for the run's own questions. */
export class SearchClient {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** A request with a JSON answer. Rejects with the engine's words above status 299. */
  async request<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  /** Makes everything written so far searchable. */
  async refresh(pattern: string): Promise<void> {
    await this.request('POST', `/${encodeURIComponent(pattern)}/_refresh?ignore_unavailable=true&allow_no_indices=true`);
  }

  /** Documents by index, for the indices of a pattern that do not start with a dot. */
  async documentCounts(pattern: string): Promise<Map<string, number>> {
    const rows = await this.request<readonly { readonly index: string; readonly 'docs.count': string }[]>(
      'GET',
      `/_cat/indices/${encodeURIComponent(pattern)}?format=json&h=index,docs.count`,
    );
    // `_cat` counts Lucene documents, nested ones too: our mappings have none.
    const sorted = rows.filter(({ index }) => !index.startsWith('.')).sort((a, b) => (a.index < b.index ? -1 : 1));
    return new Map(sorted.map((row) => [row.index, Number(row['docs.count'])]));
  }

  /** Documents that are marked as the rest of a record that began before them, by index. */
  async continuationCounts(pattern: string): Promise<Map<string, number>> {
    const body = {
      size: 0,
      query: { term: { 'parse.continuation': true } },
      aggs: { indices: { terms: { field: '_index', size: 10_000 } } },
    };
    type Answer = { readonly aggregations?: { readonly indices: { readonly buckets: readonly { key: string; doc_count: number }[] } } };
    const path = `/${encodeURIComponent(pattern)}/_search?ignore_unavailable=true&allow_no_indices=true`;
    const { aggregations } = await this.request<Answer>('POST', path, body);
    return new Map((aggregations?.indices.buckets ?? []).map(({ key, doc_count }) => [key, doc_count]));
  }
}
