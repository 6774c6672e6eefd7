// The CDK app: reads the config that `-c config=FILE` names, and builds its stacks. Run it through the CDK command: `npx cdk synth`.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { type Config, formatProblem, loadConfig } from '../lib/config/load.ts';
import { nearestName } from '../lib/config/nearest-name.ts';
import { planQueries } from '../lib/config/query-plan.ts';

const projectRoot = resolve(import.meta.dirname, '..');

/** Prints to the person at the terminal and ends; a stack trace would say less. */
function stop(lines: readonly string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

/** Feature flags and the default config, also where the app is run without the CDK command, which would hand them over. */
function projectContext(): { [key: string]: unknown } {
  const settings = JSON.parse(readFileSync(join(projectRoot, 'cdk.json'), 'utf8')) as { context: { [key: string]: unknown } };
  return settings.context;
}

/** `-c confg=…` would silently deploy the default config. */
function checkContextNames(app: App): void {
  for (const name of Object.keys(app.node.getAllContext())) {
    if (name !== 'config' && !name.includes(':') && !name.includes('/') && nearestName(name, ['config']) !== undefined) {
      stop([`eks-telemetry: unknown context "${name}": did you mean -c config=FILE?`]);
    }
  }
}

/** A saved query that is not deployed is missed at night, so the synth names it; what the config itself switches off is no news. */
function tellLeftOutQueries(config: Config): void {
  for (const cluster of config.clusters) {
    for (const { name, reason } of planQueries(config, cluster).leftOut)
      process.stderr.write(`note: cluster ${cluster.name} is without the saved query ${name}: ${reason}\n`);
  }
}

const app = new App({ context: projectContext() });
checkContextNames(app);
const file: unknown = app.node.tryGetContext('config');
if (typeof file !== 'string' || file === '') stop(['eks-telemetry: name a config file: npx cdk synth -c config=config/prod.yaml']);

const loaded = loadConfig(file);
for (const warning of loaded.warnings) process.stderr.write(`warning: ${formatProblem(warning)}\n`);
if (!loaded.ok) {
  const count = loaded.problems.length;
  stop([
    ...loaded.problems.map(formatProblem),
    `${count} problem${count === 1 ? '' : 's'} in ${file}; nothing was synthesized`,
    ...(existsSync(file) ? [] : ['name another config with -c config=FILE']),
  ]);
}

tellLeftOutQueries(loaded.config);

// Loaded only for a config without problems: who has one to mend should not wait for constructs and rules.
const { AwsSolutionsChecks } = await import('cdk-nag');
const { composeStacks } = await import('../lib/stacks/compose.ts');

// Findings of the AwsSolutions rules fail the synth; each accepted one stands, with its reason, beside what it concerns.
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
try {
  composeStacks(app, loaded.config, projectRoot);
  app.synth();
} catch (error) {
  stop([
    `eks-telemetry: ${error instanceof Error ? error.message : String(error)}`,
    ...(process.env['DEBUG'] ? [String((error as Error).stack)] : []),
  ]);
}
