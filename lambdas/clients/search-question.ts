import type { SearchAnswer, SearchRequest } from '../core/chat/look.ts';
import type { HttpClient } from './signed-http.ts';

const TIMEOUT_MS = 12_000;

/** A search was refused. Says how, never what was asked. */
export class SearchError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'SearchError';
  }
}

/** Asks the engine one question; it only reads. */
export type AskSearch = (request: SearchRequest) => Promise<SearchAnswer>;

/** Makes the function that searches at an endpoint. Rejects with a `SearchError` for anything but an answer. */
export function createAskSearch(http: HttpClient, endpoint: string): AskSearch {
  return async ({ body, path }) => {
    const answer = await http({
      method: 'POST',
      url: new URL(path, endpoint),
      headers: { 'content-type': 'application/json' },
      body: [Buffer.from(JSON.stringify(body))],
      timeoutMs: TIMEOUT_MS,
    });
    if (answer.status !== 200) throw new SearchError(`HTTP ${answer.status}${reasonOf(answer.body.toString('utf8'))}`);
    const found = JSON.parse(answer.body.toString('utf8')) as SearchAnswer & { readonly timed_out?: boolean };
    if (found.timed_out === true) throw new SearchError('it took too long');
    return found;
  };
}

/** The engine's name of an error, such as `security_exception`; its words may repeat what was asked. */
function reasonOf(text: string): string {
  const type = /"type"\s*:\s*"([a-z_]{3,60})"/.exec(text)?.[1];
  return type === undefined ? '' : ` ${type}`;
}
