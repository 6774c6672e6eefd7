import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { alarmFolder } from '../../lib/alarms/catalogue.ts';
import { planScope } from '../../lib/alarms/plan.ts';
import type { AlarmPlan } from '../../lib/alarms/planned.ts';
import { readFileText } from '../../lib/config/file-text.ts';
import { type Config, formatProblem, loadConfigText } from '../../lib/config/load.ts';
import type { Problem } from '../../lib/config/problems.ts';
import { runScenario, ScenarioError, type ScenarioResult } from './run-scenario.ts';
import type { Scenario, ScenarioFile } from './scenario-file.ts';

/** A scenario and what it came to. */
export interface TestedScenario {
  readonly scenario: Scenario;
  readonly problems: readonly Problem[];
  readonly result: ScenarioResult | undefined;
}

/** Config of scenarios that name none: every kind of source, a domain, a load balancer. */
export function defaultConfigFile(): string {
  return join(alarmFolder() ?? '.', 'scenario-config.yaml');
}

/** Runs every scenario of a file. Configs and plans are made once for scenarios that agree in them. */
export function testFile(file: ScenarioFile): TestedScenario[] {
  const plans = new Map<string, { readonly config: Config; readonly scopes: readonly AlarmPlan[] } | Problem[]>();
  return file.scenarios.map((scenario, index) => {
    const key = JSON.stringify([scenario.profile, scenario.kubernetesVersion, scenario.alarms]);
    let planned = plans.get(key);
    if (planned === undefined) {
      planned = planFor(file.config ?? defaultConfigFile(), scenario);
      plans.set(key, planned);
    }
    if (Array.isArray(planned)) {
      const first = planned[0];
      const what = first === undefined ? 'the config is broken' : `the config of this scenario is broken: ${formatProblem(first)}`;
      return { scenario, problems: [file.problemAt(['scenarios', index], what)], result: undefined };
    }
    const name = scenario.alarm.split(':')[0] ?? '';
    const plan = planned.scopes.find(({ alarms }) => alarms.some((one) => one.name === name)) ?? (planned.scopes[0] as AlarmPlan);
    try {
      const result = runScenario(scenario, planned.config, plan);
      return { scenario, problems: result.failures.map(({ path, what }) => file.problemAt(['scenarios', index, ...path], what)), result };
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error;
      return { scenario, problems: [file.problemAt(['scenarios', index, ...error.path], error.message)], result: undefined };
    }
  });
}

/** The config with what a scenario changes of it, and its plans; or what is wrong with it. */
function planFor(
  path: string,
  { profile, kubernetesVersion, alarms }: Scenario,
): { readonly config: Config; readonly scopes: readonly AlarmPlan[] } | Problem[] {
  const read = readFileText(path);
  if (!read.ok) return [{ file: path, line: read.line ?? 1, column: 1, field: '', what: read.what }];
  const document = parseDocument(read.text);
  if (kubernetesVersion !== undefined) document.setIn(['clusters', 0, 'kubernetesVersion'], kubernetesVersion);
  document.setIn(['alarms', 'enabled'], true);
  for (const [name, value] of Object.entries(alarms ?? {})) document.setIn(['alarms', name], document.createNode(value));
  const loaded = loadConfigText(String(document), path, { folder: dirname(path), provesRegexes: false });
  if (!loaded.ok) return [...loaded.problems];
  // After the checks: they may not know a profile yet that the catalogue has alarms for.
  const collection = { ...loaded.config.collection, ...(profile === undefined ? {} : { metrics: profile }) };
  const config: Config = { ...loaded.config, collection };
  return { config, scopes: [...config.clusters.map((cluster) => planScope(config, cluster)), planScope(config, undefined)] };
}
