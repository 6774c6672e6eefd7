import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { PromqlAlarm } from '../../lambdas/core/alarms/definition.ts';
import type { Path } from '../../lib/config/problems.ts';
import type { Scenario } from './scenario-file.ts';

/** Prometheus' own program for tests of rules: it holds the whole engine, and needs no server. */
const PROMTOOL = 'promtool';
/** The oldest that knows `keep_firing_for`. */
const OLDEST = [2, 42];
const TIMEOUT_MS = 60_000;
const CLUSTER = '@resource.k8s.cluster.name';
const ALERT = 'scenario';

/** Why PromQL cannot be evaluated on this machine; undefined where it can. */
export function whyNoPromtool(): string | undefined {
  known ??= { reason: look() };
  return known.reason;
}

let known: { readonly reason: string | undefined } | undefined;

function look(): string | undefined {
  const { error, stderr, stdout } = spawnSync(PROMTOOL, ['--version'], { encoding: 'utf8', env: process.env, timeout: TIMEOUT_MS });
  if (error !== undefined) return `${PROMTOOL} is not here: it comes with Debian's package prometheus`;
  const [, major = '0', minor = '0'] = /version (\d+)\.(\d+)/.exec(`${stdout}${stderr}`) ?? [];
  const isOld = Number(major) * 1000 + Number(minor) < (OLDEST[0] ?? 0) * 1000 + (OLDEST[1] ?? 0);
  return isOld ? `${PROMTOOL} ${major}.${minor} is older than ${OLDEST.join('.')}` : undefined;
}

/** What a scenario expects at a time: whether the alarm, or one of its contributors, fires. */
interface Expectation {
  readonly path: Path;
  readonly at: string;
  readonly query: string;
  readonly fires: boolean;
  readonly who: string;
}

/**
 * Evaluates a PromQL alarm on a real Prometheus, as the alerting rule that it stands for: the pending period is `for`, the recovery period `keep_firing_for`.
 * Names that only newer versions of PromQL take, with dots or @, are written with underscores, in the query and in the samples alike.
 */
export function runPromtool(
  { every = '1m', expect, input = [] }: Pick<Scenario, 'every' | 'expect' | 'input'>,
  alarm: PromqlAlarm,
  cluster: string,
): readonly { readonly path: Path; readonly what: string }[] {
  const expectations = expectationsOf(expect);
  const folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-promtool-'));
  try {
    const rule = {
      alert: ALERT,
      expr: plainNames(alarm.query),
      for: `${alarm.pendingSeconds}s`,
      keep_firing_for: `${alarm.recoverySeconds}s`,
    };
    const test = {
      interval: every,
      input_series: input.map(({ labels, metric, values }) => ({ series: seriesOf(metric, { [CLUSTER]: cluster, ...labels }), values })),
      promql_expr_test: expectations.map(({ at, fires, query }) => ({
        expr: query,
        eval_time: at,
        exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }],
      })),
    };
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'g', interval: `${alarm.everySeconds}s`, rules: [rule] }] }));
    writeFileSync(join(folder, 'test.yaml'), stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests: [test] }));
    const { error, status, stderr, stdout } = spawnSync(PROMTOOL, ['test', 'rules', 'test.yaml'], {
      cwd: folder,
      encoding: 'utf8',
      env: process.env,
      timeout: TIMEOUT_MS,
    });
    if (error !== undefined) return [{ path: ['alarm'], what: `${PROMTOOL}: ${error.message}` }];
    return status === 0 ? [] : failuresIn(`${stdout}${stderr}`, expectations);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expectationsOf(expect: Scenario['expect']): Expectation[] {
  const list = Array.isArray(expect)
    ? expect.map((item, index) => ({ ...item, path: ['expect', index] as Path }))
    : Object.entries(expect).map(([at, state]) => ({ at, state, path: ['expect', at] as Path, contributor: undefined }));
  return list.map(({ at, contributor = {}, path, state }) => {
    const labels = Object.entries(contributor).map(([name, value]) => `,${plainName(name)}=${JSON.stringify(value)}`);
    return {
      path,
      at,
      query: `(count(ALERTS{alertname="${ALERT}",alertstate="firing"${labels.join('')}}) or vector(0)) > bool 0`,
      fires: state === 'ALARM',
      who: Object.keys(contributor).length === 0 ? 'the alarm' : JSON.stringify(contributor),
    };
  });
}

/** A failure names the query and the time; whatever else Prometheus says (a query that it cannot read) is said as it stands. */
function failuresIn(output: string, expectations: readonly Expectation[]): { readonly path: Path; readonly what: string }[] {
  const failures = expectations.flatMap(({ at, fires, path, query, who }) =>
    output.includes(`expr: ${JSON.stringify(query)}, time: ${promTime(at)},`)
      ? [{ path, what: `at ${at} ${who} is ${fires ? 'OK' : 'ALARM'} on Prometheus, expected ${fires ? 'ALARM' : 'OK'}` }]
      : [],
  );
  if (failures.length > 0) return failures;
  const said = output
    .replaceAll(/\s+/g, ' ')
    .replace(/^.*?FAILED:/, '')
    .trim();
  return [{ path: ['alarm'], what: `Prometheus: ${said.slice(0, 600)}` }];
}

/** A time as Prometheus writes it back: days, hours, minutes and seconds, none of them 0. */
function promTime(text: string): string {
  return text.replaceAll(/(?<!\d)0(?:\.0+)?[a-z]+/g, '') || '0s';
}

const plainName = (name: string): string => name.replace(/^@/, '').replaceAll(/[^A-Za-z0-9_]/g, '_');

/** Quoted names of labels and of metrics inside of braces, without their quotes. */
function plainNames(query: string): string {
  return query
    .replaceAll(/"((?:@|[A-Za-z_])[^"]*)"(\s*(?:=~|!~|!=|=))/g, (_, name: string, sign: string) => `${plainName(name)}${sign}`)
    .replaceAll(/\{\s*"([^"]+)"\s*([,}])/g, (_, name: string, after: string) => `{__name__="${plainName(name)}"${after}`);
}

function seriesOf(metric: string, labels: { readonly [name: string]: string }): string {
  return `${plainName(metric)}{${Object.entries(labels)
    .map(([name, value]) => `${plainName(name)}=${JSON.stringify(value)}`)
    .join(',')}}`;
}
