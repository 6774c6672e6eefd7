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
}
