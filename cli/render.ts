import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { RenderedFile } from '../collector/types.ts';
import type { ClusterConfig, Config } from '../lib/config/load.ts';
import type { Io } from './io.ts';
import type { RenderPart } from './render/part.ts';
import { LATER, PARTS } from './render/parts.ts';

export const summary = 'write what would be installed in a cluster, for GitOps or to read it first';
export const usage = `Usage: eks-telemetry render ${[...Object.keys(PARTS), ...LATER].join('|')} --config FILE [options]

Writes the very texts that a deploy would install, the same for the same config, with a comment at each value that
differs from the official configuration. Without --out they go to stdout, each behind a line \`# file: PATH\`.

Options:
  --config FILE    the config; checked first, as \`check\` does
  --cluster NAME   one of its clusters; needed where there are several and no --out
  --out DIR        writes DIR/<cluster>/<path>; files that are there are overwritten, others stay
  --json           one JSON object a line: {"cluster":…,"path":…,"text":…}; with --out without the text
  --help           this text

Exit codes: 0 written, 1 the config has problems or nothing to render, 2 used wrongly.`;

interface Options {
  readonly config: string;
  readonly cluster: string | undefined;
  readonly out: string | undefined;
  readonly json: boolean;
}

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  let options: Options;
  let name: string;
  try {
    [name, options] = readOptions(args);
  } catch (error) {
    return usedWrongly(io, (error as Error).message);
  }
  const load = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (load === undefined) {
    if (LATER.includes(name)) return usedWrongly(io, `${name} comes with a later version; now there are: ${Object.keys(PARTS).join(' ')}`);
    return usedWrongly(io, `nothing is called ${JSON.stringify(name)}; there are: ${Object.keys(PARTS).join(' ')}`);
  }
  const { loadConfigFile, formatProblem } = await import('../lib/config/load.ts');
  const loaded = loadConfigFile(resolve(io.cwd, options.config), options.config);
  for (const warning of loaded.warnings) io.stderr.write(`warning: ${formatProblem(warning)}\n`);
  if (!loaded.ok) {
    for (const problem of loaded.problems) io.stderr.write(`${formatProblem(problem)}\n`);
    return 1;
  }
  const clusters = chosenClusters(loaded.config, options);
  if (typeof clusters === 'string') return usedWrongly(io, clusters);
  return write(await load(), loaded.config, clusters, options, io);
}

function readOptions(args: string[]): [name: string, Options] {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { config: { type: 'string' }, cluster: { type: 'string' }, out: { type: 'string' }, json: { type: 'boolean' } },
  });
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) throw new Error('it takes the name of one thing to render');
  if (values.config === undefined) throw new Error('it needs --config FILE');
  return [name, { config: values.config, cluster: values.cluster, out: values.out, json: values.json === true }];
}

/** The clusters to render, or what is wrong with the choice. */
function chosenClusters({ clusters }: Config, { cluster, out }: Options): readonly ClusterConfig[] | string {
  const names = clusters.map(({ name }) => name).join(' ');
  if (cluster !== undefined) {
    const found = clusters.filter(({ name }) => name === cluster);
    return found.length > 0 ? found : `the config has no cluster ${JSON.stringify(cluster)}; it has: ${names}`;
  }
  return clusters.length > 1 && out === undefined
    ? `the config has several clusters: name one with --cluster, or a folder with --out (${names})`
    : clusters;
}

async function write(
  part: RenderPart,
  config: Config,
  clusters: readonly ClusterConfig[],
  { out, json }: Options,
  io: Io,
): Promise<number> {
  for (const cluster of clusters) {
    let files: readonly RenderedFile[];
    try {
      files = await part.render(config, cluster);
    } catch (error) {
      io.stderr.write(`eks-telemetry render: ${cluster.name}: ${(error as Error).message}\n`);
      return 1;
    }
    for (const { path, text } of files) {
      if (out !== undefined) {
        const target = join(resolve(io.cwd, out), cluster.name, path);
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, text);
        if (json) io.stdout.write(`${JSON.stringify({ cluster: cluster.name, path })}\n`);
        else io.stderr.write(`${join(out, cluster.name, path)}\n`);
      } else if (json) io.stdout.write(`${JSON.stringify({ cluster: cluster.name, path, text })}\n`);
      else io.stdout.write(`# file: ${path}\n${text}${text.endsWith('\n') ? '' : '\n'}\n`);
    }
  }
  return 0;
}

function usedWrongly(io: Io, what: string): number {
  io.stderr.write(`eks-telemetry render: ${what}\n${usage}\n`);
  return 2;
}
