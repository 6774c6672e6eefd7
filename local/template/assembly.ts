import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, type Json, type JsonObject, objectAt, textAt } from './json.ts';

/** A stack as a deploy would send it. */
export interface StackTemplate {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: JsonObject;
}

/** What `cdk synth` wrote: the templates, and where each asset's files lie. */
export interface Assembly {
  readonly stacks: readonly StackTemplate[];
  /** Absolute path of an asset's directory or file by its object key (`<hash>.zip`). */
  readonly assets: ReadonlyMap<string, string>;
}

/**
 * Reads a cloud assembly: `manifest.json`, nested assemblies (stages), templates and asset manifests.
 * @throws where the directory holds no assembly, or an environment is unknown (`unknown-account`): the local run needs what a deploy needs.
 */
export function readAssembly(directory: string): Assembly {
  const stacks: StackTemplate[] = [];
  const assets = new Map<string, string>();
  readInto(directory, stacks, assets);
  if (stacks.length === 0) throw new Error(`${directory}: the assembly holds no stack`);
  return { stacks, assets };
}

function readInto(directory: string, stacks: StackTemplate[], assets: Map<string, string>): void {
  const manifest = readJson(join(directory, 'manifest.json'));
  for (const [id, artifact] of Object.entries(objectAt(manifest, 'artifacts'))) {
    const properties = objectAt(artifact, 'properties');
    switch (textAt(artifact, 'type')) {
      case 'aws:cloudformation:stack':
        stacks.push(readStack(directory, id, artifact, properties));
        break;
      case 'cdk:asset-manifest':
        readAssets(directory, join(directory, textAt(properties, 'file') ?? `${id}.assets.json`), assets);
        break;
      case 'cdk:cloud-assembly':
        readInto(join(directory, textAt(properties, 'directoryName') ?? id), stacks, assets);
        break;
    }
  }
}

function readStack(directory: string, id: string, artifact: Json, properties: JsonObject): StackTemplate {
  const environment = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(textAt(artifact, 'environment') ?? '');
  const name = textAt(properties, 'stackName') ?? textAt(artifact, 'displayName') ?? id;
  const [, account, region] = environment ?? [];
  if (!account || !region || account.startsWith('unknown') || region.startsWith('unknown')) {
    throw new Error(`stack ${name}: account and region must be known at synth, the manifest says ${textAt(artifact, 'environment')}`);
  }
  return { name, account, region, template: readJson(join(directory, textAt(properties, 'templateFile') ?? `${id}.template.json`)) };
}

function readAssets(directory: string, file: string, assets: Map<string, string>): void {
  if (!existsSync(file)) return;
  for (const [hash, asset] of Object.entries(objectAt(readJson(file), 'files'))) {
    const path = textAt(objectAt(asset, 'source'), 'path');
    if (path === undefined) continue;
    for (const destination of Object.values(objectAt(asset, 'destinations'))) {
      const key = textAt(destination, 'objectKey');
      if (key !== undefined) assets.set(key, join(directory, path));
    }
    assets.set(`${hash}.zip`, join(directory, path));
  }
}

function readJson(file: string): JsonObject {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(value)) throw new Error(`${file}: not a JSON object`);
  return value;
}
