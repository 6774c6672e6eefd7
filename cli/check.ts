import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Problem } from '../lib/config/problems.ts';
import { renderCost, renderPrices } from './check/cost-tables.ts';
import { renderSummary } from './check/summary-text.ts';
import type { Io } from './io.ts';

export const summary = 'validate a config: every problem with its place, else what would be deployed and its cost';
export const usage = `Usage: eks-telemetry check [options] FILE.yaml

Reads a config and says everything that is wrong with it, one problem a line:
  file:line:column: field: what, limit, value
Without problems: what a deploy would make, and what a month of it costs by source.

Options:
  --json      one JSON object a line: {"kind":"problem"|"warning"|"summary"|"cost"|"total", …}
  --prices    unit prices of the config's Region, with their dates; the name is what \`prices:\` overrides
  --help      this text

Exit codes: 0 no problem (warnings are none), 1 problems, 2 used wrongly.`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  let options: { values: { json?: boolean; prices?: boolean }; positionals: string[] };
  try {
    options = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' }, prices: { type: 'boolean' } } });
  } catch (error) {
    return usedWrongly(io, (error as Error).message);
  }
  const [file, ...more] = options.positionals;
  if (file === undefined || more.length > 0) return usedWrongly(io, 'it takes one FILE.yaml');

  const { loadConfigFile } = await import('../lib/config/load.ts');
  const loaded = loadConfigFile(resolve(io.cwd, file), file);
  const json = options.values.json === true;
  const print = (line: unknown): boolean => io.stdout.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  await printProblems(loaded.ok ? [] : loaded.problems, loaded.warnings, { json, print, io });
  if (!loaded.ok) return 1;

  const { estimateCost } = await import('../lib/config/cost.ts');
  const { summarize } = await import('../lib/config/summary.ts');
  const { config } = loaded;
  if (options.values.prices === true) {
    await renderPrices(config, { json, print });
    return 0;
  }
  const made = summarize(config, io.now());
  const cost = estimateCost(config);
  if (json) {
    print({ kind: 'summary', ...made });
    for (const line of cost.lines) print({ kind: 'cost', ...line });
    const { lines: _lines, ...total } = cost;
    print({ kind: 'total', ...total });
  } else {
    print(renderSummary(made));
    print(await renderCost(config, cost));
  }
  return 0;
}

interface Printing {
  readonly json: boolean;
  readonly print: (line: unknown) => boolean;
  readonly io: Io;
}

/** Problems are the answer (stdout); beside a good answer, warnings are remarks (stderr). */
async function printProblems(problems: readonly Problem[], warnings: readonly Problem[], { json, print, io }: Printing): Promise<void> {
  if (json) {
    for (const problem of problems) print({ kind: 'problem', ...problem });
    for (const warning of warnings) print({ kind: 'warning', ...warning });
    return;
  }
  const { formatProblem } = await import('../lib/config/problems.ts');
  for (const problem of problems) print(formatProblem(problem));
  for (const warning of warnings) io.stderr.write(`warning: ${formatProblem(warning)}\n`);
  if (problems.length > 0) io.stderr.write(`${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}\n`);
}

function usedWrongly(io: Io, what: string): number {
  io.stderr.write(`eks-telemetry check: ${what}\n${usage}\n`);
  return 2;
}
