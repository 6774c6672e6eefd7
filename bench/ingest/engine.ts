import { setTimeout as pause } from 'node:timers/promises';
import { createAdminRequest } from '../../lambdas/clients/search-admin.ts';
import { runSetup } from '../../lambdas/clients/search-setup-run.ts';
import { searchTemplates } from '../../lambdas/core/index/mappings/templates.ts';
import type { SearchSetup } from '../../lambdas/core/index/search-setup.ts';
import { BENCH_RULES } from '../rules.ts';

const SETUP: SearchSetup = {
  prefix: 'eks-telemetry',
  families: Object.keys(BENCH_RULES.families).map((name) => ({
    name,
    kind: name === 'eks-audit' ? 'audit' : 'records',
    clusters: ['bench'],
    period: 'day',
    retentionDays: 30,
    shards: 1,
    replicas: 0,
    refreshSeconds: 30,
    fields: {},
  })),
  access: { admins: [], readers: [], writers: [] },
};

/** Writes the templates that a deploy writes: every sender gets the same mappings. */
export async function prepareEngine(url: string): Promise<void> {
  await runSetup(
    { setup: SETUP, templates: searchTemplates(SETUP), plugins: { ism: false, security: false }, nowMs: Date.now() },
    {
      request: createAdminRequest(url, 'us-east-1', {}),
      sleep: async (ms) => {
        await pause(ms);
      },
      remainingMs: () => 60_000,
      random: Math.random,
    },
  );
}

/** Removes the documents of the run before, so that every run begins with empty indices. */
export async function emptyEngine(url: string): Promise<void> {
  const answer = await fetch(`${url}/eks-*`, { method: 'DELETE' });
  if (!answer.ok) throw new Error(`the indices could not be deleted: HTTP ${answer.status}`);
}
