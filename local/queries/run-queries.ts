import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { QueryError } from '../../lambdas/core/insights/problem.ts';
import { fillParameters } from '../../lambdas/core/insights/query-file.ts';
import { compileQuery, type QueryResult, type QueryRun } from '../../lambdas/core/insights/run.ts';
import type { LogEvent } from '../../lambdas/core/insights/stage.ts';
import type { QueryDefinition } from './definitions.ts';

/** What a saved query gave on the run's log groups, or why it did not run. */
export type QueryOutcome = { readonly name: string } & (
  | { readonly ok: true; readonly result: QueryResult }
  | { readonly ok: false; readonly reason: string }
);

/** Where queries find the events. */
export interface QueryGround {
  /** File of each log group, JSON lines in the shape of FilterLogEvents. */
  readonly files: ReadonlyMap<string, string>;
  /** The run's clock. */
  readonly nowMs: number;
}

interface Started {
  readonly definition: QueryDefinition;
  readonly run: QueryRun;
  isOpen: boolean;
}

/** Runs saved queries over the run's log groups, every group read once. `values` are given for parameters by name. */
export async function runQueries(
  definitions: readonly QueryDefinition[],
  ground: QueryGround,
  values: { readonly [name: string]: string } = {},
): Promise<QueryOutcome[]> {
  const outcomes = new Map<string, QueryOutcome>();
  const started: Started[] = [];
  for (const definition of definitions) {
    try {
      started.push({ definition, run: start(definition, ground, values), isOpen: true });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      outcomes.set(definition.name, { name: definition.name, ok: false, reason: error.message });
    }
  }
  for (const [group, file] of ground.files) {
    const asking = started.filter(({ definition }) => definition.logGroups.includes(group));
    const [first] = asking;
    if (first !== undefined) await feed(file, `${first.definition.account}:${group}`, asking);
  }
  for (const { definition, run } of started) outcomes.set(definition.name, { name: definition.name, ok: true, result: run.end() });
  return definitions.map(({ name }) => outcomes.get(name) as QueryOutcome);
}

function start(definition: QueryDefinition, { nowMs }: QueryGround, values: { readonly [name: string]: string }): QueryRun {
  const { text } = fillParameters(definition.query, definition.parameters, values);
  const hash = (algorithm: string) => (input: string) => createHash(algorithm).update(input).digest('hex');
  return compileQuery(text, { nowMs, md5: hash('md5'), sha256: hash('sha256') }).start();
}

async function feed(file: string, log: string, queries: readonly Started[]): Promise<void> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const stored = JSON.parse(line) as { timestamp: number; message: string; logStreamName: string; eventId: string };
    const event: LogEvent = {
      text: stored.message,
      start: 0,
      end: stored.message.length,
      timestampMs: stored.timestamp,
      ingestionMs: stored.timestamp,
      logStream: stored.logStreamName,
      log,
      ptr: stored.eventId,
    };
    for (const query of queries) if (query.isOpen) query.isOpen = query.run.push(event);
  }
}
