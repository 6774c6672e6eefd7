import { policyProblems, roleMappingProblems, roleProblems } from '../core/delivery/api-shapes.ts';
import { indexPattern } from '../core/index/index-name.ts';
import type { NamedBody, SearchSetup, SearchTemplates } from '../core/index/search-setup.ts';
import { type AdminPorts, accepted, untilDone } from './search-admin.ts';
import { type Deferred, extendMappings, listIndices, liveIndices } from './search-indices.ts';
import { type Change, COMPONENT_TEMPLATE, INDEX_TEMPLATE, ISM_POLICY, install, ROLE, ROLE_MAPPING } from './search-installer.ts';
import { attachPolicy } from './search-policies.ts';

/** Which plugins the engine has. A managed domain has both; the local one has neither. */
export interface Plugins {
  readonly ism: boolean;
  readonly security: boolean;
}

/** What a set-up did. */
export interface SetupReport {
  readonly version: string;
  /** By kind, such as `index template`: how many were made, changed and left. */
  readonly changes: { readonly [kind: string]: { readonly [change in Change]: number } };
  /** Indices that keep their mapping: the change takes effect with the next index. */
  readonly takesEffectWithNextIndex: readonly Deferred[];
  readonly policies: { readonly attached: number; readonly changed: number; readonly waiting: number; readonly foreign: readonly string[] };
  /** Requests that were only checked against their shape, because the engine has not the plugin. */
  readonly notRun: readonly string[];
}

/** What a set-up works on. */
export interface SetupInput {
  readonly setup: SearchSetup;
  readonly templates: SearchTemplates;
  readonly plugins: Plugins;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Waits until the engine answers as a healthy one does; gives its version. */
async function waitForEngine(ports: AdminPorts): Promise<string> {
  return untilDone('waiting for OpenSearch', ports, async () => {
    const root = accepted('greeting', await ports.request('GET', '/')) as { version?: { number?: string } };
    return root.version?.number ?? 'unknown';
  });
}

function checkShapes(title: string, bodies: readonly NamedBody[], problemsOf: (body: unknown) => string[]): string[] {
  for (const { name, body } of bodies) {
    const [first] = problemsOf(body);
    if (first !== undefined) throw new Error(`${title} ${name}: ${first}`);
  }
  return bodies.map(({ name }) => `${title} ${name}`);
}

/** Makes OpenSearch what the setup says. Idempotent: a second run changes nothing. Fails with the first thing that cannot be done. */
export async function runSetup(input: SetupInput, ports: AdminPorts): Promise<SetupReport> {
  const { setup, templates, plugins } = input;
  const changes: { [kind: string]: { [change in Change]: number } } = {};
  const put = async (kind: Parameters<typeof install>[0], body: NamedBody): Promise<Change> => {
    const change = await install(kind, body, ports);
    changes[kind.title] ??= { created: 0, updated: 0, unchanged: 0 };
    const row = changes[kind.title];
    if (row) row[change]++;
    return change;
  };
  // Shapes are checked in every case: a body that the plugin would refuse must not be found out only by a deploy.
  const ismRequests = checkShapes('ISM policy', templates.policies, policyProblems);
  const securityRequests = [
    ...checkShapes('role', templates.roles, roleProblems),
    ...checkShapes('role mapping', templates.roleMappings, roleMappingProblems),
  ];

  const version = await waitForEngine(ports);
  // Roles first: log-indexer may start before the last template is there, and a 403 would cost it a retry.
  if (plugins.security) {
    for (const body of templates.roles) await put(ROLE, body);
    for (const body of templates.roleMappings) await put(ROLE_MAPPING, body);
  }
  let mappingsChanged = false;
  for (const body of templates.componentTemplates) mappingsChanged = (await put(COMPONENT_TEMPLATE, body)) === 'updated' || mappingsChanged;
  const changedTemplates = new Set<string>();
  for (const body of templates.indexTemplates) if ((await put(INDEX_TEMPLATE, body)) !== 'unchanged') changedTemplates.add(body.name);
  if (plugins.ism) for (const body of templates.policies) await put(ISM_POLICY, body);

  const takesEffectWithNextIndex: Deferred[] = [];
  for (const body of templates.indexTemplates) {
    if (!mappingsChanged && !changedTemplates.has(body.name)) continue;
    const [pattern] = (body.body as { index_patterns?: string[] }).index_patterns ?? [];
    const indices = pattern === undefined ? [] : liveIndices(await listIndices(pattern, ports), input.nowMs);
    takesEffectWithNextIndex.push(...(await extendMappings(body.name, indices, ports)));
  }
  return {
    version,
    changes,
    takesEffectWithNextIndex,
    policies: plugins.ism ? await attachPolicies(setup, templates, ports) : { attached: 0, changed: 0, waiting: 0, foreign: [] },
    notRun: [...(plugins.ism ? [] : ismRequests), ...(plugins.security ? [] : securityRequests)],
  };
}

async function attachPolicies(setup: SearchSetup, templates: SearchTemplates, ports: AdminPorts): Promise<SetupReport['policies']> {
  const total = { attached: 0, changed: 0, waiting: 0, foreign: [] as string[] };
  for (const policy of templates.policies) {
    const family = setup.families.find(({ name }) => policy.name === `${setup.prefix}-${name}`);
    if (!family) continue;
    for (const cluster of family.clusters) {
      const own = await ownIndices(family.name, cluster, setup, ports);
      if (own.length === 0) continue;
      const { attached, changed, waiting, foreign } = await attachPolicy(policy.name, own, ports);
      total.attached += attached;
      total.changed += changed;
      total.waiting += waiting;
      total.foreign.push(...foreign);
    }
  }
  return total;
}

/** Indices of a family and cluster. `eks-audit-prod-*` also matches those of a cluster `prod-2`: the longer pattern owns them. */
async function ownIndices(family: string, cluster: string, setup: SearchSetup, ports: AdminPorts): Promise<string[]> {
  const pattern = indexPattern(family, cluster);
  const prefixes = setup.families.flatMap(({ name, clusters }) => clusters.map((other) => indexPattern(name, other).slice(0, -1)));
  const prefix = pattern.slice(0, -1);
  const longer = prefixes.filter((other) => other.length > prefix.length && other.startsWith(prefix));
  return (await listIndices(pattern, ports)).filter((index) => !longer.some((other) => index.startsWith(other)));
}
