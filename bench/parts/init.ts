import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleFunction, FUNCTIONS, indexerEnvironment } from '../bundles.ts';
import { runNode } from '../run-node.ts';
import { median, type Part, repeat, rounded } from './part.ts';

const RUNS = 15;
/** `lambdas/clients/connections.ts` loads them with the first request. */
const AT_FIRST_REQUEST: readonly string[] = ['node:http', 'node:https'];

/** Prints the CPU time of `require` in ms: of the process with all its threads, of the main thread, and then of what the first HTTPS request loads. */
const SCRIPT = `const process_ = process.cpuUsage(), thread = process.threadCpuUsage();
require(process.argv[2]);
const all = process.cpuUsage(process_), main = process.threadCpuUsage(thread), before = process.cpuUsage();
require('node:https');
const https = process.cpuUsage(before);
console.log(JSON.stringify([all, main, https].map(({ user, system }) => (user + system) / 1000)));
`;

/** CPU time of loading each function's bundle in a fresh process, as Lambda's init does, and of the modules of Node that it needs. */
export const measureInit: Part = async (context) => {
  const { folder, signal, tell } = context;
  const script = join(folder, 'init.cjs');
  writeFileSync(script, SCRIPT);
  const loads = FUNCTIONS.map((name) => {
    const bundle = bundleFunction(name, folder);
    const builtins = join(bundle.root, 'builtins.js');
    const atInit = bundle.builtins.filter((builtin) => !AT_FIRST_REQUEST.includes(builtin));
    writeFileSync(builtins, atInit.map((builtin) => `require(${JSON.stringify(builtin)});\n`).join(''));
    return { name, bundle, builtins, whole: [] as number[], main: [] as number[], nodes: [] as number[], https: [] as number[] };
  });
  const done = await repeat(context, RUNS, async (repetition) => {
    tell(`${loads.length} functions, ${repetition}`);
    for (const { bundle, builtins, whole, main, nodes, https } of loads) {
      const env = indexerEnvironment({ root: bundle.root, endpoint: 'https://search.example.com', route: 'direct' });
      const load = async (file: string): Promise<[number, number, number]> =>
        JSON.parse(await runNode([script, file], { signal, env })) as [number, number, number];
      const [all, thread, request] = await load(join(bundle.root, 'index.js'));
      whole.push(all);
      main.push(thread);
      https.push(request);
      nodes.push((await load(builtins))[0]);
    }
  });
  const rows = loads.map(({ name, bundle, whole, main, nodes, https }) => ({
    function: name,
    'bundle KB': rounded(bundle.bytes / 1000),
    'init CPU ms': rounded(median(whole), 1),
    'least and most': `${Math.min(...whole).toFixed(1)} to ${Math.max(...whole).toFixed(1)}`,
    'main thread ms': rounded(median(main), 1),
    "of it Node's own modules ms": rounded(median(nodes), 1),
    'then, with the first request, ms': rounded(median(https), 1),
  }));
  return { title: `Cold start: process CPU time of loading a function, median of ${done} fresh processes`, rows };
};
