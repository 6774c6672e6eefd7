import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as z from 'zod';
import { ALARM_STATES } from '../../lambdas/core/alarms/state.ts';
import { findingsOf } from '../../lib/config/issues.ts';
import { nearestName } from '../../lib/config/nearest-name.ts';
import { fieldName, type Path, type Problem } from '../../lib/config/problems.ts';
import { SEVERITIES } from '../../lib/config/schema-alarms.ts';
import { readYaml, type YamlSource } from '../../lib/config/yaml-source.ts';
import { durationMs, expandValues } from './notation.ts';

/** Longest time after the start, in ms: each of its minutes is evaluated. */
const MAX_TIME_MS = 31 * 86_400_000;
const NO_TIME = 'not a time after the start: such as 0s, 5m or 1h30m, at most 31d';
const isTime = (text: string): boolean => (durationMs(text) ?? Number.POSITIVE_INFINITY) <= MAX_TIME_MS;
const time = z.string().refine(isTime, NO_TIME);
const values = z.string().superRefine((text, context) => {
  const expanded = expandValues(text);
  if (typeof expanded === 'string') context.addIssue({ code: 'custom', message: expanded });
});
const state = z.enum(ALARM_STATES);

const metricSchema = z.strictObject({
  metric: z.string().regex(/^.+ [^ ]+$/, 'a namespace, a blank and a name, such as AWS/EKS apiserver_request_total'),
  dimensions: z.record(z.string(), z.string()).default({}),
  values,
  every: time.optional(),
  unit: z.string().optional(),
});

const logSchema = z.strictObject({
  source: z.string().describe('kind or name of a source of the config'),
  at: time.default('0s'),
  stream: z.string().default('stream'),
  message: z.union([z.string(), z.record(z.string(), z.unknown())]).describe('text, or an object that becomes JSON'),
  count: z.int().min(1).max(100_000).default(1),
  every: time.default('1s'),
});

const expectedStateSchema = z.strictObject({
  at: time,
  alarm: z.string().optional(),
  state,
  /** Attributes of a contributor in ALARM; its state is meant then. */
  contributor: z.record(z.string(), z.string()).optional(),
});

const messageSchema = z.strictObject({
  at: time,
  state: z.enum(['firing', 'resolved']),
  severity: z.enum(SEVERITIES).optional(),
  title: z.string().optional().describe('a part of the title'),
  value: z.number().optional(),
  threshold: z.number().optional(),
  labels: z.record(z.string(), z.string()).default({}).describe('some of its labels'),
});

const scenarioSchema = z.strictObject({
  name: z.string().min(1),
  alarm: z.string().min(1).describe('name in the catalogue; with a colon and what it is made for, where there are several'),
  profile: z.enum(['classic', 'otel']).optional(),
  kubernetesVersion: z.string().optional(),
  alarms: z.record(z.string(), z.unknown()).optional().describe('members of `alarms` of the config, over those it has'),
  start: z.iso.datetime().default('2026-11-21T10:00:00Z'),
  fresh: z.boolean().default(false).describe('the alarm was made at the start: its warm-up is not over'),
  every: time.optional().describe('between two values; default: the period of the alarm, at most a minute'),
  values: z
    .union([values, z.record(z.string(), values)])
    .optional()
    .describe('of the metrics of the alarm, by their ids where there are several'),
  metrics: z.array(metricSchema).default([]),
  bands: z.strictObject({ lower: z.number(), upper: z.number() }).optional(),
  quota: z.number().positive().optional(),
  logs: z.array(logSchema).default([]),
  series: z
    .array(z.strictObject({ labels: z.record(z.string(), z.string()), values }))
    .optional()
    .describe('what the PromQL gives, a minute each'),
  input: z
    .array(
      z.strictObject({
        metric: z.string().min(1),
        labels: z.record(z.string(), z.string()).default({}),
        values: z.string().min(1).describe('in the notation of promtool, which knows `stale` as well'),
      }),
    )
    .optional()
    .describe('samples under the names of the OTel profile, for a real Prometheus; the label of the cluster is added'),
  states: z.record(z.string(), values).default({}).describe('of other alarms, a minute each: 1 is ALARM, 0 is OK, _ is no data'),
  expect: z.union([z.record(z.string(), state), z.array(expectedStateSchema)]),
  messages: z.array(messageSchema).optional().describe('what alert-notifier reads of it at these times'),
  tells: z.record(z.string(), state).optional().describe('every time at which it acts, and with which state'),
});

/** What Prometheus alone evaluates has no place for these. */
const NOT_WITH_INPUT = ['values', 'series', 'tells', 'messages', 'bands', 'quota'] as const;

const fileSchema = z.strictObject({
  config: z.string().optional().describe('a config file, relative to this one; default: that of the catalogue'),
  scenarios: z.array(scenarioSchema).min(1),
});

export type Scenario = z.output<typeof scenarioSchema>;

/** A file of scenarios that could be read. */
export interface ScenarioFile {
  readonly file: string;
  /** Absolute path of the config that it names. */
  readonly config: string | undefined;
  readonly scenarios: readonly Scenario[];
  /** A problem at a place of the file. */
  readonly problemAt: (path: Path, what: string) => Problem;
}

/** Reads a file of scenarios, or says everything that is wrong with it. */
export function readScenarioFile(
  path: string,
  shown: string,
): { readonly ok: true; readonly file: ScenarioFile } | { readonly ok: false; readonly problems: readonly Problem[] } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const what = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : String((error as Error).message);
    return { ok: false, problems: [{ file: shown, line: 1, column: 1, field: '', what }] };
  }
  const source = readYaml(text);
  const problemAt = (at: Path, what: string): Problem => ({ file: shown, ...source.place(at), field: fieldName(at), what });
  const problems: Problem[] = source.problems.map((problem) => ({ file: shown, field: '', ...problem }));
  if (!source.isReadable) return { ok: false, problems };
  const parsed = fileSchema.safeParse(asWritten(source.data, source));
  if (!parsed.success) {
    const written = (path: Path): string | undefined => source.written(path);
    const say: Say = (issue) =>
      findingsOf(issue, source.data, written).map(({ limit, path, what }) =>
        problemAt(path, limit === undefined ? what : `${what}; ${limit}`),
      );
    for (const issue of parsed.error.issues) problems.push(...issuesOf(issue, problemAt, say));
    return { ok: false, problems };
  }
  for (const [index, scenario] of parsed.data.scenarios.entries()) {
    const unused = scenario.input === undefined ? [] : NOT_WITH_INPUT.filter((field) => scenario[field] !== undefined);
    const { expect, messages = [], tells } = scenario;
    if ((Array.isArray(expect) ? expect : Object.keys(expect)).length + messages.length === 0 && tells === undefined)
      problems.push(problemAt(['scenarios', index, 'expect'], 'the scenario expects nothing: it could never fail'));
    for (const field of unused)
      problems.push(problemAt(['scenarios', index, field], 'a scenario with input is evaluated by Prometheus, which does not read this'));
    for (const field of ['expect', 'tells'] as const) {
      const times = scenario[field];
      if (times === undefined || Array.isArray(times)) continue;
      for (const at of Object.keys(times)) if (!isTime(at)) problems.push(problemAt(['scenarios', index, field, at], NO_TIME));
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  const { config, scenarios } = parsed.data;
  return {
    ok: true,
    file: { file: shown, config: config === undefined ? undefined : resolve(dirname(path), config), scenarios, problemAt },
  };
}

/** YAML reads the value 0x29 as the number 41, and 5 as a number too: below `values` and `states` the text counts, as it stands in the file. */
function asWritten(data: unknown, source: YamlSource, path: Path = []): unknown {
  if (typeof data === 'number') {
    const isValues = path.at(-1) === 'values' || path.at(-2) === 'values' || path.at(-2) === 'states';
    return isValues ? (source.written(path) ?? String(data)) : data;
  }
  if (Array.isArray(data)) return data.map((item, index) => asWritten(item, source, [...path, index]));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, asWritten(value, source, [...path, key])]));
}

type Issue = z.core.$ZodIssue;

/** Says an issue in the words that a config's problems have. */
type Say = (issue: Issue) => Problem[];

function issuesOf(issue: Issue, problemAt: (path: Path, what: string) => Problem, say: Say): Problem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const near = path.length === 2 ? nearestName(key, Object.keys(scenarioSchema.shape)) : undefined;
      return problemAt([...path, key], `nothing reads a field of this name${near === undefined ? '' : `; did you mean ${near}?`}`);
    });
  if (issue.code === 'invalid_union') {
    // The branch that got furthest says most.
    const branches = issue.errors.map((errors) =>
      errors.flatMap((error) => issuesOf({ ...error, path: [...issue.path, ...error.path] } as Issue, problemAt, say)),
    );
    return branches.sort((a, b) => a.length - b.length)[0] ?? [problemAt(path, issue.message)];
  }
  return issue.code === 'custom' ? [problemAt(path, issue.message)] : say(issue);
}
