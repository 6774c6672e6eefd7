import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '../../../cli/alarms.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-alarms-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function call(args: string[], files: { readonly [name: string]: string } = {}): Promise<{ code: number; out: string; err: string }> {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const code = await run(args, { stdin: new PassThrough(), stdout, stderr, env: {}, isTty: false, cwd: folder, now: () => 0 });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

const scenario = (rest: string): string => `scenarios:\n  - name: a test\n    alarm: node-cpu\n${rest}`;

test('a scenario that is as expected ends with 0', async () => {
  expect(await call(['test', 'ok.yaml'], { 'ok.yaml': scenario('    values: 95x20\n    expect: { 14m: OK, 15m: ALARM }\n') })).toEqual({
    code: 0,
    out: '1 of 1 scenarios as expected\n',
    err: '',
  });
});

test('one that is not says where, what was and why, and ends with 1', async () => {
  const { code, out } = await call(['test', 'bad.yaml'], {
    'bad.yaml': scenario('    values: 50x20\n    expect:\n      15m: ALARM\n    tells: { 1m: OK }\n'),
  });

  expect(code).toBe(1);
  expect(out).toContain('bad.yaml:6:12: scenarios[0].expect["15m"]: at 15m node-cpu is OK, expected ALARM: Threshold Crossed');
  expect(out).toContain('bad.yaml:7:12: scenarios[0].tells: node-cpu tells 0s OK; expected 1m OK');
  expect(out).toContain('0 of 1 scenarios as expected');
});

test.each([
  ['a value that cannot be read', '    values: 5y\n    expect: { 1m: OK }\n', 'broken.yaml:4:13: scenarios[0].values: "5y" is no value'],
  [
    'a time that is none',
    '    values: 5x3\n    expect: { soon: OK }\n',
    'broken.yaml:5:21: scenarios[0].expect.soon: not a time after the start',
  ],
  [
    'a time that nobody lives to see',
    '    values: 5x3\n    expect: { 999999999d: OK }\n',
    'broken.yaml:5:27: scenarios[0].expect["999999999d"]: not a time after the start: such as 0s, 5m or 1h30m, at most 31d',
  ],
  ['a state that is none', '    values: 5x3\n    expect: { 1m: FIRING }\n', 'broken.yaml:5:19: scenarios[0].expect["1m"]'],
  [
    'a field that nobody reads',
    '    valus: 5x3\n    expect: { 1m: OK }\n',
    'broken.yaml:4:12: scenarios[0].valus: nothing reads a field of this name; did you mean values?',
  ],
  [
    'a truth that is a word',
    '    values: 5x3\n    fresh: yes\n    expect: { 1m: OK }\n',
    'broken.yaml:5:12: scenarios[0].fresh: YAML 1.2 reads yes as a text; write true',
  ],
  [
    'nothing that it expects',
    '    values: 5x3\n    expect: {}\n',
    'broken.yaml:5:13: scenarios[0].expect: the scenario expects nothing: it could never fail',
  ],
  ['no expectation at all', '    values: 5x3\n', 'scenarios[0].expect: this field is required and missing'],
])('a file with %s ends with 2 and its place', async (_name, rest, expected) => {
  const { code, err } = await call(['test', 'broken.yaml'], { 'broken.yaml': scenario(rest) });

  expect(code).toBe(2);
  expect(err).toContain(expected);
});

test('an alarm that the config does not deploy is told with the reason', async () => {
  const { code, out } = await call(['test', 'off.yaml'], {
    'off.yaml': scenario('    values: 5x3\n    expect: { 1m: OK }\n').replace('node-cpu', 'running-pods-unusual'),
  });

  expect(code).toBe(1);
  expect(out).toContain(
    'off.yaml:3:12: scenarios[0].alarm: the config deploys no alarm running-pods-unusual: off unless alarms.change switches it on',
  );
});

test('--json gives an object a scenario, with every change', async () => {
  const { out } = await call(['test', '--json', 'ok.yaml'], { 'ok.yaml': scenario('    values: 95x20\n    expect: { 15m: ALARM }\n') });

  expect(JSON.parse(out)).toMatchObject({
    file: 'ok.yaml',
    ok: true,
    transitions: [
      { alarm: 'eks-telemetry/prod/node-cpu', at: '0s', to: 'OK', acts: true },
      { at: '15m', to: 'ALARM', reason: expect.stringContaining('15 out of the last 15 datapoints') },
    ],
  });
});

test.each([[[]], [['tset']], [['test', '--config', 'x']], [['list', 'file']], [['test', '--nothing']], [['test', 'not-there.yaml']]])(
  '%j is used wrongly',
  async (args) => {
    const { code, err } = await call(args);

    expect(code).toBe(2);
    expect(err).not.toBe('');
  },
);

test('list shows what is deployed and what is left out', async () => {
  const { code, out } = await call(['list']);

  expect(code).toBe(0);
  expect(out).toMatch(/^prod: \d+ alarms\n/);
  expect(out).toMatch(/ {2}pods-pending +warning +Pods wait for a node \(told by workloads-waiting\)/);
  expect(out).toContain("  not api-errors-agent: the cluster's version is not < 1.28");
  expect(out).toMatch(/account: \d+ alarms/);
});

test.each([
  ['an alarm of another name', '    alarm: nodecpu\n    values: 5x3\n', 'the config deploys no alarm nodecpu; did you mean node-cpu?'],
  [
    'a metric that the alarm does not look at',
    '    alarm: node-cpu\n    metrics: [{ metric: ContainerInsights node_cpu_utilisation, values: 5x3 }]\n',
    'node-cpu does not look at ContainerInsights node_cpu_utilisation; did you mean ContainerInsights node_cpu_utilization?',
  ],
  [
    'the state of an alarm that takes no part',
    '    alarm: workloads-waiting\n    states: { pod-pending: 1x5 }\n',
    'scenarios[0].states.pod-pending: pod-pending takes no part in workloads-waiting; did you mean pods-pending?',
  ],
  [
    'values of an alarm on PromQL',
    '    alarm: agent-silent\n    profile: otel\n    values: 1x5\n',
    'agent-silent looks at no metric: give input, or series',
  ],
  ['values of a rule', '    alarm: workloads-waiting\n    values: 1x5\n', 'workloads-waiting looks at no metric: give states'],
  [
    'no values for several metrics',
    '    alarm: api-errors\n    values: 1x5\n',
    'api-errors has 2 metrics: give values by their ids (errors, total), or metrics',
  ],
])('a scenario with %s is told what to write', async (_name, rest, expected) => {
  const { code, out } = await call(['test', 'wrong.yaml'], {
    'wrong.yaml': `scenarios:\n  - name: a test\n${rest}    expect: { 1m: ALARM }\n`,
  });

  expect([code, out]).toEqual([1, expect.stringContaining(expected)]);
});
