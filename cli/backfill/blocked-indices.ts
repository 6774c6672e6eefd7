import { createHttpClient } from '../../lambdas/clients/signed-http.ts';
import { periodStartMs } from '../../lambdas/core/delivery/index-age.ts';
import { periodDays } from '../../lambdas/core/index/index-name.ts';
import type { IndexPeriod } from '../../lambdas/core/rules/rules.ts';
import type { CallerCredentials } from './credentials.ts';
import type { TimeRange } from './time-range.ts';

const DAY_MS = 86_400_000;
const TIMEOUT_MS = 20_000;

/** Indices of some families of one cluster. */
export interface IndexNames {
  readonly families: readonly { readonly name: string; readonly period: IndexPeriod }[];
  readonly clusterIndexName: string;
}

/** Indices of the range that take no documents, by name: ISM made them read-only at their warm age, or somebody did. Undefined where the search does not tell. */
export async function blockedIndices(
  { families, clusterIndexName }: IndexNames,
  { fromMs, toMs }: TimeRange,
  search: { readonly endpoint: string; readonly region: string; readonly credentials: CallerCredentials; readonly now: () => number },
): Promise<string[] | undefined> {
  const { endpoint, region, credentials, now } = search;
  const http = createHttpClient({ service: 'es', region, credentials: credentials.current, now });
  const patterns = families.map(({ name }) => `${name}-${clusterIndexName}-*`).join(',');
  const url = new URL(`${endpoint}/${patterns}/_settings/index.blocks.*`);
  url.search = 'allow_no_indices=true&ignore_unavailable=true&flat_settings=true';
  try {
    const answer = await http({ method: 'GET', url, timeoutMs: TIMEOUT_MS });
    if (answer.status !== 200) return undefined;
    const indices = JSON.parse(answer.body.toString('utf8')) as {
      readonly [index: string]: { readonly settings?: { readonly [name: string]: unknown } };
    };
    const longest = Math.max(...families.map(({ period }) => periodDays(period))) * DAY_MS;
    return Object.entries(indices)
      .filter(([index, { settings = {} }]) => {
        const isBlocked = String(settings['index.blocks.write']) === 'true' || String(settings['index.blocks.read_only']) === 'true';
        const start = periodStartMs(index);
        return isBlocked && (start === undefined || (start < toMs && start + longest > fromMs));
      })
      .map(([index]) => index)
      .sort();
  } catch {
    return undefined;
  }
}
