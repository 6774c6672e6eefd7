import { bindParameters } from '../lib/athena/parameters.ts';
import { askAccount } from './athena/account-command.ts';
import { findQuery, openCatalogue } from './athena/catalogue.ts';
import { listQueries } from './athena/list.ts';
import { readOptions } from './athena/options.ts';
import type { Io } from './io.ts';

export const summary = 'runs a named Athena query in the account, or here on a real Trino';
export const usage = `Usage: eks-telemetry athena NAME|--file F [options]
       eks-telemetry athena --list [TEXT] [--json]

Runs a named query over access logs, archive and dead letters. NAME is a file queries/athena/NAME.sql (docs/athena.md).

  --list [TEXT]       show the queries with title and parameters: all, or those whose name, title or tables hold TEXT
  --file F            a statement of your own; with the header of ours it may have parameters
  --from D --to D     first and last day, UTC: 2026-11-21, or 7d (ago). Default: the query's own; with --local all days of the folder
  --param k=v         a value for a parameter; without it the default in the query's header
  --local DIR         here, on a real Trino (Java 24 or newer; fetched once by Maven, 452 MB), over buckets in folders DIR/<bucket>/<key>:
                      .eks-telemetry/local/buckets after npm start. Tables and queries are those of the synthesized templates
  --config F          the config: its folders of queries, its names. With --local default config/local.yaml
  --region R          its Region, else the config's, else AWS_REGION
  --workgroup W       default: the config's, else eks-telemetry
  --database D        default: the config's, else eks_telemetry
  --json | --csv      one JSON object per row, or RFC 4180, instead of a table; both with all rows
  --price-per-tb USD  for the cost of what was read in the account

In the account a query is paid by what it reads; the workgroup stops one that reads too much, Ctrl-C stops it at once.

Exit codes: 0 ok, 1 no rows, or the query failed, 2 used wrongly.
`;

/** Runs the command. */
export async function run(args: string[], io: Io): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') return wrongUse(io, options);
  const catalogue = await openCatalogue(io.cwd, options.config);
  if (typeof catalogue === 'string') return wrongUse(io, `the config has problems:\n${catalogue}`);
  if (options.list) return listQueries(catalogue.queries, options.name ?? '', options.output === 'json', io) ? 0 : 1;
  const local = options.local !== undefined;
  // Here the templates say what is deployed; the catalogue only says which parameters there are.
  const found = await findQuery(options, local ? { ...catalogue, config: undefined } : catalogue, io.cwd);
  if ('problem' in found) return wrongUse(io, found.problem);
  const bound = bindParameters(found.query.file, options.values, io.now());
  if (!bound.ok) return wrongUse(io, bound.problem);
  if (!local) return askAccount(found.query, bound.literals, catalogue.config, options, io);
  const { askLocally } = await import('./athena/local-command.ts');
  return askLocally(found.query, options, io);
}

function wrongUse(io: Io, what: string): number {
  io.stderr.write(`athena: ${what}\n`);
  return 2;
}
