// Named queries of the synthesized templates on a real Trino, over buckets in folders.
import { bindParameters } from '../../lib/athena/parameters.ts';
import { readQueryFile } from '../../lib/athena/query-file.ts';
import type { Assembly } from '../template/assembly.ts';
import { Resolver } from '../template/resolver.ts';
import type { Statement, TrinoResult } from './client.ts';
import { type GlueTable, glueTables, type NamedQuery, namedQueries, registerTables } from './glue-tables.ts';
import { startTrino, type TrinoOptions } from './trino.ts';

/** Settings of a start. */
export interface LocalAthenaOptions extends TrinoOptions {
  /** Templates that have the tables and the named queries. */
  readonly assembly: Assembly;
  /** Folder of the buckets: `<buckets>/<bucket>/<key>`. */
  readonly buckets: string;
  /** Tables beside those of the templates, such as one that others keep. */
  readonly furtherTables?: readonly GlueTable[];
}

/** What stands in for Athena. */
export interface LocalAthena {
  readonly tables: readonly GlueTable[];
  readonly queries: readonly NamedQuery[];
  readonly startMs: number;
  readonly pid: number;
  /** Folder that Trino sees as `local:///`: a table that it writes lies below. */
  readonly files: string;
  /** Runs a named query as it stands in the template; its header tells what the `?` are. Throws where a value is wrong or missing. */
  run(
    query: NamedQuery,
    values: { readonly [name: string]: string },
    options?: Pick<Statement, 'signal' | 'onProgress'>,
  ): Promise<TrinoResult>;
  /** Runs any statement. */
  runText(statement: Statement): Promise<TrinoResult>;
  stop(): Promise<void>;
}

/** Starts a Trino over the tables of the templates. Throws with the reason where there is none, or where the templates have no table. */
export async function startLocalAthena(options: LocalAthenaOptions): Promise<LocalAthena> {
  const resolver = new Resolver(options.assembly);
  const tables = [...glueTables(resolver), ...(options.furtherTables ?? [])];
  if (tables.length === 0) throw new Error('the templates have no Glue table: set athena.enabled in the config');
  const queries = namedQueries(resolver);
  const trino = await startTrino(options);
  try {
    await registerTables(trino.files, tables, options.buckets);
  } catch (error) {
    await trino.stop();
    throw error;
  }
  return {
    tables,
    queries,
    startMs: trino.startMs,
    pid: trino.pid,
    files: trino.files,
    run: (query, values, more = {}) => {
      const read = readQueryFile(query.text);
      if (!read.ok) throw new Error(`${query.name}: ${read.problems.map(({ line, what }) => `line ${line}: ${what}`).join('; ')}`);
      const bound = bindParameters(read.file, values, Date.now());
      if (!bound.ok) throw new Error(`${query.name}: ${bound.problem}`);
      return trino.run({ sql: query.text, parameters: bound.literals, database: query.database, ...more });
    },
    runText: (statement) => trino.run(statement),
    stop: () => trino.stop(),
  };
}
