import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { type Config, loadConfig, loadConfigText } from '../../lib/config/load.ts';
import { composeStacks } from '../../lib/stacks/compose.ts';

/** A resource of a template as the tests read it. */
export interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is JSON of any shape, and the assertions say which one is expected
  readonly Properties: any;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
  readonly UpdatePolicy?: unknown;
}

/** A whole app without bundles, by stack name. */
export interface SynthesizedApp {
  readonly config: Config;
  readonly app: App;
  readonly stacks: readonly Stack[];
  readonly templates: ReadonlyMap<string, Template>;
  /** Template of the stack whose name ends so. */
  template(suffix: string): Template;
}

/** Folder of all assemblies of one test file. */
let outputs: string | undefined;

// Registered where a test file imports this: CDK's own folders would stay in the temp directory for ever.
afterAll(() => {
  if (outputs !== undefined) rmSync(outputs, { recursive: true, force: true });
});

/**
 * An app as cdk.json sets it up; functions are bundled for the stacks that are named only: without, the templates are the same but for the hashes of assets.
 * CDK's own template validation (seconds of CPU each time) is left to the tests of bin/app.ts.
 */
export function makeApp(bundlingStacks: readonly string[] = []): App {
  outputs ??= mkdtempSync(join(tmpdir(), 'eks-telemetry-synth-'));
  const outdir = mkdtempSync(join(outputs, 'cdk.out-'));
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { [flag: string]: unknown } };
  return new App({ outdir, builtinCloudFormationValidation: false, context: { ...context, 'aws:cdk:bundling-stacks': bundlingStacks } });
}

/** Synthesizes a config file. */
export function synthFile(file: string): SynthesizedApp {
  return synthLoaded(loadConfig(file));
}

/** Synthesizes a config text; files that it names are relative to `folder`. */
export function synthText(text: string, folder = '.'): SynthesizedApp {
  return synthLoaded(loadConfigText(text, 'test.yaml', { folder }));
}

function synthLoaded(loaded: ReturnType<typeof loadConfig>): SynthesizedApp {
  if (!loaded.ok) throw new Error(loaded.problems.map(({ field, what }) => `${field}: ${what}`).join('\n'));
  const app = makeApp();
  composeStacks(app, loaded.config, process.cwd());
  app.synth();
  const stacks = app.node.children.filter((child) => Stack.isStack(child));
  const templates = new Map(stacks.map((stack) => [stack.stackName, Template.fromStack(stack)]));
  const template = (suffix: string): Template => {
    const found = [...templates].find(([name]) => name.endsWith(suffix));
    if (!found) throw new Error(`no stack ${suffix}; stacks: ${[...templates.keys()].join(', ')}`);
    return found[1];
  };
  return { config: loaded.config, app, stacks, templates, template };
}

/** All resources of one type by logical id. */
export function resources(template: Template, type: string): [string, TemplateResource][] {
  return Object.entries(template.findResources(type) as { [id: string]: TemplateResource });
}

/** The only resource of its type whose text holds `part`. */
export function oneResource(template: Template, type: string, part = ''): [string, TemplateResource] {
  const found = resources(template, type).filter(
    ([id, resource]) => id.includes(part) || JSON.stringify(resource.Properties).includes(part),
  );
  const first = found[0];
  if (found.length !== 1 || !first)
    throw new Error(`${found.length} resources of ${type} with "${part}": ${found.map(([id]) => id).join(', ')}`);
  return first;
}

/** A statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
  readonly Principal?: unknown;
}

/** Statements of every policy whose logical id holds `part`. */
export function statements(template: Template, part = ''): Statement[] {
  return resources(template, 'AWS::IAM::Policy')
    .filter(([id]) => id.includes(part))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Statement[]);
}

/** Whether a resource waits for another one, directly or through what it waits for. */
export function waitsFor(template: Template, id: string, other: string): boolean {
  const all = (template.toJSON() as { Resources: { [id: string]: TemplateResource } }).Resources;
  const seen = new Set<string>();
  const visit = (current: string): boolean => {
    if (seen.has(current)) return false;
    seen.add(current);
    const next = dependencies(all[current]);
    return next.includes(other) || next.some(visit);
  };
  return visit(id);
}

function dependencies(resource: TemplateResource | undefined): string[] {
  const named = [...JSON.stringify(resource?.Properties ?? {}).matchAll(/"(?:Ref|Fn::GetAtt)":\[?"([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
  return [resource?.DependsOn ?? [], named].flat(2);
}
