// The templates of Athena for the example answers and their test: the local run's config with an archive and a cost report.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { type Config, loadConfig } from '../../lib/config/load.ts';
import { AthenaStack } from '../../lib/stacks/athena-stack.ts';
import { StorageStack } from '../../lib/stacks/storage-stack.ts';
import type { Assembly } from '../../local/template/assembly.ts';
import type { JsonObject } from '../../local/template/json.ts';
import { type LocalAthena, startLocalAthena } from '../../local/trino/athena.ts';
import type { GlueTable } from '../../local/trino/glue-tables.ts';
import { makeWorld, type World } from './world.ts';

/** The config of the local run, with an archive and a cost report. */
export function athenaConfig(): Config {
  const loaded = loadConfig('config/local.yaml');
  if (!loaded.ok) throw new Error(loaded.problems.map(({ field, what }) => `${field}: ${what}`).join('\n'));
  const { config } = loaded;
  return {
    ...config,
    archive: { ...config.archive, enabled: true },
    athena: { ...config.athena, costReport: { table: 'billing.cur2', bucket: 'example-cost-reports' } },
  };
}

/** The templates that a deploy would send, without functions. */
export function athenaAssembly(config: Config): Assembly {
  const outdir = mkdtempSync(join(tmpdir(), 'eks-telemetry-synth-'));
  try {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { [flag: string]: unknown } };
    const app = new App({ outdir, builtinCloudFormationValidation: false, context: { ...context, 'aws:cdk:bundling-stacks': [] } });
    const storage = new StorageStack(app, { config, projectRoot: process.cwd() });
    new AthenaStack(app, { config, projectRoot: process.cwd(), storage });
    const written = app.synth();
    const stacks = app.node.children
      .filter((child) => Stack.isStack(child))
      .map(({ stackName }) => ({
        name: stackName,
        account: config.account,
        region: config.region,
        template: written.getStackByName(stackName).template as JsonObject,
      }));
    return { stacks, assets: new Map() };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** A table over a cost report, as its owner keeps it. */
const COST_REPORT: GlueTable = {
  database: 'billing',
  name: 'cur2',
  location: 's3://example-cost-reports/',
  columns: [
    { name: 'line_item_resource_id', type: 'string' },
    { name: 'line_item_usage_type', type: 'string' },
    { name: 'split_line_item_split_cost', type: 'double' },
    { name: 'split_line_item_unused_cost', type: 'double' },
  ],
  partitionKeys: [{ name: 'billing_period', type: 'string' }],
  parameters: {
    'projection.enabled': 'true',
    'projection.billing_period.type': 'enum',
    'projection.billing_period.values': '2026-10,2026-11',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own placeholder
    'storage.location.template': 's3://example-cost-reports/billing_period=${billing_period}',
  },
  serde: 'org.openx.data.jsonserde.JsonSerDe',
  serdeParameters: {},
};

/** A world and what answers questions about it. */
export interface Running {
  readonly athena: LocalAthena;
  readonly world: World;
  /** Folder of the buckets. */
  readonly folder: string;
  readonly stop: () => Promise<void>;
}

/** Writes the world and starts Trino over it, and over what `addTables` puts into the folder of buckets. */
export async function startWorld(
  onProgress?: (step: string) => void,
  addTables: (folder: string) => Promise<readonly GlueTable[]> = async () => [],
): Promise<Running> {
  const config = athenaConfig();
  const folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-athena-'));
  const world = await makeWorld(folder, config);
  const furtherTables = [COST_REPORT, ...(await addTables(folder))];
  const athena = await startLocalAthena({ assembly: athenaAssembly(config), buckets: folder, furtherTables, onProgress });
  return {
    athena,
    world,
    folder,
    stop: async () => {
      await athena.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Values with which each query is asked of the world; days are the world's, defaults would be of today. */
export function exampleValues(name: string, parameters: readonly { readonly name: string }[]): { readonly [name: string]: string } {
  const hasDays = parameters.some((parameter) => parameter.name === 'from');
  return { ...(hasDays ? { from: '2026-11-19', to: '2026-11-21' } : {}), ...EXAMPLES[name] };
}

const EXAMPLES: { readonly [query: string]: { readonly [name: string]: string } } = {
  'alb-requests-of-client': { client: '203.0.113.9' },
  'application-lines-with-text': { text: 'ERROR' },
  'audit-raw-lines': { dt: '2026-11-21', hr: '08', text: 'secrets' },
  'cost-by-namespace': { month: '2026-11' },
};
