import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CdkCustomResourceEvent, CdkCustomResourceResponse, Context } from 'aws-lambda';
import { createAdminRequest } from './clients/search-admin.ts';
import { runSetup, type SetupReport } from './clients/search-setup-run.ts';
import { searchTemplates } from './core/index/mappings/templates.ts';
import type { SearchSetup } from './core/index/search-setup.ts';

/** CloudFormation refuses an answer over 4,096 bytes; lists are cut to this many characters each. */
const LIST_CHARACTERS = 800;

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}

function listText(entries: readonly string[]): string {
  const whole = entries.join(', ');
  return whole.length <= LIST_CHARACTERS ? whole : `${entries.length}: ${whole.slice(0, LIST_CHARACTERS)} …`;
}

function dataOf(report: SetupReport): { readonly [name: string]: string } {
  return {
    version: report.version,
    changes: JSON.stringify(report.changes),
    takesEffectWithNextIndex: listText(report.takesEffectWithNextIndex.map(({ index, reason }) => `${index} (${reason})`)),
    policies: listText([
      `${report.policies.attached} attached`,
      `${report.policies.changed} changed`,
      `${report.policies.waiting} waiting`,
      ...report.policies.foreign.map((index) => `${index} has another policy`),
    ]),
    notRun: listText(report.notRun),
  };
}

/**
 * Custom resource that prepares OpenSearch: templates, ISM policies, roles and role mappings from `search-setup.json` in its asset.
 * Deleting the resource leaves everything as it is: data and what describes it outlive the stack.
 */
export async function handler(
  event: CdkCustomResourceEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<CdkCustomResourceResponse> {
  const setup = JSON.parse(readFileSync(join(required('LAMBDA_TASK_ROOT'), 'search-setup.json'), 'utf8')) as SearchSetup;
  const PhysicalResourceId = event.RequestType === 'Create' ? `${setup.prefix}-search-setup` : event.PhysicalResourceId;
  if (event.RequestType === 'Delete') return { PhysicalResourceId };
  const endpoint = required('SEARCH_ENDPOINT');
  const report = await runSetup(
    {
      setup,
      templates: searchTemplates(setup),
      plugins: { ism: process.env['SEARCH_HAS_ISM'] !== '0', security: process.env['SEARCH_HAS_SECURITY'] !== '0' },
      nowMs: Date.now(),
    },
    {
      request: createAdminRequest(endpoint, required('AWS_REGION'), process.env),
      sleep: async (ms) => {
        await pause(ms);
      },
      remainingMs: () => context.getRemainingTimeInMillis(),
      random: Math.random,
    },
  );
  console.log(JSON.stringify({ level: 'info', message: 'search is set up', ...report }));
  return { PhysicalResourceId, Data: dataOf(report) };
}
