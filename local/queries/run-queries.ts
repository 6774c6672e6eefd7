import { createHash } from 'node:crypto';
import { QueryError } from '../../lambdas/core/insights/problem.ts';
import { fillParameters, trialValues } from '../../lambdas/core/insights/query-file.ts';
import { type CompiledQuery, compileQuery, type QueryResult, type QueryRun } from '../../lambdas/core/insights/run.ts';
import type { QueryDefinition } from './definitions.ts';
import { storedEvents } from './stored-events.ts';

/** A saved query as the report names it. */
export interface JudgedQuery {
  readonly name: string;
  readonly logGroups: readonly string[];
  readonly needs: readonly string[];
  readonly problem?: string;
}

/** Says whether a saved query can run here: on which of the groups that have events, and with which values that it lacks. */
export function judgeQuery(definition: QueryDefinition, groups: ReadonlyMap<string, unknown>, nowMs: number): JudgedQuery {
  const { name, parameters } = definition;
  const needs = parameters.filter(({ defaultValue }) => defaultValue === undefined).map((parameter) => parameter.name);
  const judged = { name, logGroups: definition.logGroups.filter((group) => groups.has(group)), needs };
  try {
    compile(definition, nowMs, trialValues(definition));
    return judged;
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return { ...judged, problem: error.message };
  }
}

/** Where a query finds the events. */
export interface QueryGround {
  /** File of each log group, JSON lines in the shape of FilterLogEvents. */
  readonly files: ReadonlyMap<string, string>;
  /** The run's clock. */
  readonly nowMs: number;
}

/** Runs a saved query over the run's log groups; `values` are given for parameters by name. Throws QueryError where it cannot run. */
export async function runQuery(
  definition: QueryDefinition,
  { files, nowMs }: QueryGround,
  values: { readonly [name: string]: string } = {},
): Promise<QueryResult> {
  const run = compile(definition, nowMs, values).start();
  for (const group of definition.logGroups) {
    const file = files.get(group);
    if (file !== undefined && !(await feed(file, `${definition.account}:${group}`, run))) break;
  }
  return run.end();
}

function compile(definition: QueryDefinition, nowMs: number, values: { readonly [name: string]: string }): CompiledQuery {
  const { text } = fillParameters(definition.query, definition.parameters, values);
  const hash = (algorithm: string) => (input: string) => createHash(algorithm).update(input).digest('hex');
  return compileQuery(text, { nowMs, md5: hash('md5'), sha256: hash('sha256') });
}

/** Gives a file's events to a query; false where it wants no more. */
async function feed(file: string, log: string, run: QueryRun): Promise<boolean> {
  for await (const event of storedEvents(file, log)) if (!run.push(event)) return false;
  return true;
}
