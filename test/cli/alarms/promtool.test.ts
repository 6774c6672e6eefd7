import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { runPromtool, whyNoPromtool } from '../../../cli/alarms/promtool.ts';
import { run } from '../../../cli/alarms.ts';
import type { PromqlAlarm } from '../../../lambdas/core/alarms/definition.ts';
import { evaluatePromqlAlarm, type PromqlMemory } from '../../../lambdas/core/alarms/promql-alarm.ts';

const reason = whyNoPromtool();
const onPrometheus = reason === undefined || process.env['CI'] === 'true' ? describe : describe.skip;
const alarm: PromqlAlarm = {
  kind: 'promql',
  name: 'a',
  query: 'queue_length{"@resource.k8s.cluster.name"="prod"} > 5',
  everySeconds: 60,
  pendingSeconds: 120,
  recoverySeconds: 180,
};
const input = [{ metric: 'queue_length', labels: { queue: 'q"1' }, values: '0x4 9x9 0x20' }];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-promtool-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function call(text: string, env: { readonly [name: string]: string } = {}) {
  writeFileSync(join(folder, 's.yaml'), text);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(['test', 's.yaml'], { stdin: new PassThrough(), stdout, stderr, env, isTty: false, cwd: folder, now: () => 0 });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

onPrometheus(`on a real Prometheus${reason === undefined ? '' : ` (${reason})`}`, () => {
  test('pending and recovery periods are those of its alerting rules', () => {
    const expected = { '6m': 'OK', '7m': 'ALARM', '15m': 'ALARM', '17m': 'ALARM', '18m': 'OK' } as const;

    expect(runPromtool({ expect: expected, input }, alarm, 'prod')).toEqual([]);
  });

  test('what is otherwise is told with its time and its contributor, and nothing else is', () => {
    const expected = [
      { at: '6m', state: 'ALARM' as const },
      { at: '1h0m', state: 'OK' as const },
      { at: '7m', state: 'OK' as const, contributor: { queue: 'q"1' } },
      { at: '7m', state: 'OK' as const, contributor: { queue: 'other' } },
    ];

    expect(runPromtool({ expect: expected, input }, alarm, 'prod')).toEqual([
      { path: ['expect', 0], what: 'at 6m the alarm is OK on Prometheus, expected ALARM' },
      { path: ['expect', 2], what: 'at 7m {"queue":"q\\"1"} is ALARM on Prometheus, expected OK' },
    ]);
  });

  test('the samples of another cluster are not those of the alarm', () => {
    expect(runPromtool({ expect: { '10m': 'OK' }, input }, alarm, 'other')).toEqual([]);
  });

  test('our own evaluator says of random series what Prometheus says of them', () => {
    const minutes = 30;
    const walks = fc.sample(fc.array(fc.boolean(), { minLength: minutes, maxLength: minutes }), { numRuns: 24, seed: 20261121 });
    const runs = fc.sample(fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 10, maxLength: 10 }), { numRuns: 24, seed: 7 });
    // Coins alone never hold for long: half of the series keep a side for some minutes.
    const series = [
      ...walks,
      ...runs.map((lengths) => lengths.flatMap((length, index) => Array<boolean>(length).fill(index % 2 === 0)).slice(0, minutes)),
    ];
    let memory: PromqlMemory = { contributors: new Map() };
    const expected: { at: string; state: 'ALARM' | 'OK'; contributor: { queue: string } }[] = [];
    for (let minute = 0; minute < minutes; minute++) {
      const answer = series.flatMap((holds, index) => (holds[minute] === true ? [{ labels: { queue: `${index}` }, value: 9 }] : []));
      const evaluated = evaluatePromqlAlarm(alarm, answer, memory, minute * 60_000);
      memory = evaluated.memory;
      for (const index of series.keys()) {
        const isFiring = [...memory.contributors.values()].some(
          ({ attributes, state }) => attributes['queue'] === `${index}` && state === 'ALARM',
        );
        expected.push({ at: `${minute}m`, state: isFiring ? 'ALARM' : 'OK', contributor: { queue: `${index}` } });
      }
    }
    const samples = series.map((holds, index) => ({
      metric: 'queue_length',
      labels: { queue: `${index}` },
      values: Array.from({ length: minutes }, (_, minute) => (holds[minute] === true ? '9' : '0')).join(' '),
    }));

    expect(expected.filter(({ state }) => state === 'ALARM').length).toBeGreaterThan(100);
    expect(runPromtool({ expect: expected, input: samples }, alarm, 'prod')).toEqual([]);
  });

  test('what Prometheus cannot read is said in its words', () => {
    const broken = { ...alarm, query: 'sum by (queue (queue_length) > 5' };

    expect(runPromtool({ expect: { '1m': 'OK' }, input }, broken, 'prod')).toEqual([
      { path: ['alarm'], what: expect.stringContaining('unexpected') },
    ]);
    expect(runPromtool({ expect: { '1m': 'OK' }, input: [{ ...input[0], values: '5y' } as never] }, alarm, 'prod')[0]?.what).toMatch(
      /^Prometheus: /,
    );
  });

  test('a scenario with a wrong expectation fails at its line', async () => {
    const text = `scenarios:
  - name: a test
    alarm: pvc-lost
    profile: otel
    input: [{ metric: kube_persistentvolumeclaim_status_phase, labels: { phase: Lost }, values: "1x9" }]
    expect: { 5m: OK }
`;

    expect(await call(text)).toMatchObject({
      code: 1,
      out: expect.stringContaining('s.yaml:6:19: scenarios[0].expect["5m"]: at 5m the alarm is ALARM on Prometheus, expected OK'),
    });
  });
});

test('input is for PromQL alone, and goes with nothing that Prometheus does not read', async () => {
  const text = (rest: string) =>
    `scenarios:\n  - name: a\n    alarm: node-cpu\n    input: [{ metric: m, values: "1" }]\n    expect: { 1m: OK }\n${rest}`;

  expect(await call(text(''))).toMatchObject({
    code: 1,
    out: expect.stringContaining('node-cpu is no PromQL alarm here: say profile: otel'),
  });
  expect(await call(text('    tells: { 1m: OK }\n'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('scenarios[0].tells: a scenario with input is evaluated by Prometheus'),
  });
});

test('without promtool a scenario is skipped by name, and fails where every engine is to be there', async () => {
  const path = process.env['PATH'];
  process.env['PATH'] = folder;
  try {
    await jest.isolateModulesAsync(async () => {
      const alarms = (await import('../../../cli/alarms.ts')) as typeof import('../../../cli/alarms.ts');
      const text = `scenarios:\n  - name: a lost claim\n    alarm: pvc-lost\n    profile: otel\n    input: [{ metric: m, values: "1" }]\n    expect: { 1m: OK }\n`;
      writeFileSync(join(folder, 'skip.yaml'), text);
      const codes: (number | string)[] = [];
      for (const env of [{}, { CI: 'true' }]) {
        const stdout = new PassThrough();
        codes.push(
          await alarms.run(['test', 'skip.yaml'], {
            stdin: new PassThrough(),
            stdout,
            stderr: new PassThrough(),
            env,
            isTty: false,
            cwd: folder,
            now: () => 0,
          }),
          String(stdout.read()),
        );
      }

      expect(codes).toEqual([
        0,
        expect.stringMatching(/^SKIPPED skip.yaml: a lost claim: promtool is not here[^\n]*\n0 of 0 scenarios as expected, 1 skipped\n$/),
        1,
        expect.stringContaining('0 of 1 scenarios'),
      ]);
    });
  } finally {
    process.env['PATH'] = path;
  }
});
