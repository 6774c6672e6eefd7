import type { SearchClient } from './client.ts';

/** A question that the run asks the engine at the end, with its answer. */
export interface Answered {
  readonly title: string;
  /** What was searched: index pattern and body of `_search`, so that anybody can ask again. */
  readonly index: string;
  readonly body: object;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  /** Why there is no answer. */
  readonly problem?: string;
}

interface Bucket {
  readonly key: string;
  readonly key_as_string?: string;
  readonly doc_count: number;
  readonly requests?: { readonly value: number };
}
interface SearchAnswer {
  readonly hits: { readonly hits: readonly { readonly _source: { readonly [field: string]: unknown } }[] };
  readonly aggregations?: { readonly [name: string]: { readonly buckets: readonly Bucket[] } };
}

interface Question {
  readonly title: string;
  readonly family: string;
  readonly body: object;
  readonly columns: readonly string[];
  readonly rows: (answer: SearchAnswer) => (string | number)[][];
}

const QUESTIONS: readonly Question[] = [
  {
    title: 'Who patched pods most?',
    family: 'eks-audit',
    body: {
      size: 0,
      query: {
        bool: {
          filter: [{ term: { verb: 'patch' } }, { term: { 'objectRef.resource': 'pods' } }, { term: { stage: 'ResponseComplete' } }],
          must_not: [{ exists: { field: 'objectRef.subresource' } }],
        },
      },
      aggs: { users: { terms: { field: 'user.username', size: 5 } } },
    },
    columns: ['user', 'patches'],
    rows: (answer) => (answer.aggregations?.['users']?.buckets ?? []).map(({ key, doc_count }) => [key, doc_count]),
  },
  {
    title: 'Whose requests were denied (403), counting each request once?',
    family: 'eks-audit',
    body: {
      size: 0,
      query: { bool: { filter: [{ term: { 'responseStatus.code': 403 } }] } },
      aggs: {
        users: {
          terms: { field: 'user.username', size: 10, order: { requests: 'desc' } },
          // A denied watch makes two events: the request is what was denied.
          aggs: { requests: { cardinality: { field: 'auditID', precision_threshold: 40000 } } },
        },
      },
    },
    columns: ['user', 'requests', 'events'],
    rows: (answer) =>
      (answer.aggregations?.['users']?.buckets ?? []).map(({ key, doc_count, requests }) => [key, requests?.value ?? 0, doc_count]),
  },
  {
    title: 'Which nodes went NotReady, and when?',
    family: 'eks-controller-manager',
    body: {
      size: 10,
      query: { bool: { filter: [{ term: { 'kv.status': 'NodeNotReady' } }] } },
      sort: [{ '@timestamp': 'asc' }],
      _source: ['@timestamp', 'node', 'message'],
    },
    columns: ['time', 'node', 'message'],
    rows: (answer) =>
      answer.hits.hits.map(({ _source }) => [
        String(_source['@timestamp'] ?? ''),
        String(_source['node'] ?? ''),
        String(_source['message'] ?? '').slice(0, 100),
      ]),
  },
];

/** Asks the engine. A question that fails says why instead of an answer. */
export async function askQuestions(client: SearchClient): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const { title, family, body, columns, rows } of QUESTIONS) {
    const index = `${family}-*`;
    try {
      const answer = await client.request<SearchAnswer>('POST', `/${encodeURIComponent(index)}/_search`, body);
      answers.push({ title, index, body, columns, rows: rows(answer) });
    } catch (error) {
      answers.push({ title, index, body, columns, rows: [], problem: error instanceof Error ? error.message : String(error) });
    }
  }
  return answers;
}
