import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Report } from '../../../local/report/types.ts';
import { LocalRun } from '../../../local/run/run.ts';
import { fileTarget } from '../../../local/run/search-target.ts';
import { statePaths } from '../../../local/run/state.ts';

const ROOT = resolve(__dirname, '../../..');
const YEAR_MS = 365 * 86_400_000;
/** A part of the samples: every control-plane kind but the large one, and an application with stack traces. */
const FILES = ['authenticator', 'kube-scheduler', 'kube-controller-manager'];
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-year-'));
  for (const kind of ['control-plane', 'containers']) mkdirSync(join(directory, 'samples', kind), { recursive: true });
  for (const name of FILES)
    copyFileSync(join(ROOT, `samples/control-plane/${name}.log.gz`), join(directory, `samples/control-plane/${name}.log.gz`));
  const orders = readdirSync(join(ROOT, 'samples/containers')).find((name) => name.startsWith('orders-')) ?? '';
  copyFileSync(join(ROOT, 'samples/containers', orders), join(directory, 'samples/containers', orders));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A whole run without an engine, its documents kept as files; `shiftMs` moves the machine's clock, here and in the functions. */
async function runWith(shiftMs: number): Promise<{ report: Report; documents: { [index: string]: string[] } }> {
  const base = join(directory, 'state');
  const paths = statePaths(base, join(directory, `run-${shiftMs}`));
  mkdirSync(paths.directory, { recursive: true });
  writeFileSync(paths.metrics, '');
  const realNow = Date.now;
  const now = jest.spyOn(Date, 'now').mockImplementation(() => realNow() + shiftMs);
  const run = new LocalRun(
    { once: true, config: 'config/local.yaml', input: [], format: 'auto', speed: undefined, port: 0 },
    {
      root: ROOT,
      paths,
      env: {},
      // Documents are kept as files, to be compared word for word.
      startSearch: () => fileTarget(paths.documents, 'a test'),
      samples: join(directory, 'samples'),
      functionEnvironment: { EKS_TELEMETRY_TEST_CLOCK_SHIFT_MS: String(shiftMs) },
      machine: { elapsedMs: () => performance.now() + shiftMs, sleep: (ms) => new Promise((done) => setTimeout(done, ms)) },
    },
  );
  try {
    const report = await run.execute();
    const documents: { [index: string]: string[] } = {};
    for (const file of readdirSync(paths.documents))
      documents[file] = readFileSync(join(paths.documents, file), 'utf8').trim().split('\n').sort();
    return { report, documents };
  } finally {
    await run.stop();
    now.mockRestore();
  }
}

test('a run means the same with the machine a year ahead: same counts, same documents, same times', async () => {
  const today = await runWith(0);
  const nextYear = await runWith(YEAR_MS);

  expect(today.report.checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(today.report.sources.length).toBe(2);
  expect(nextYear.report.sources).toEqual(today.report.sources);
  expect(nextYear.report.runTime).toEqual(today.report.runTime);
  expect(nextYear.report.indices).toEqual(today.report.indices);
  expect(nextYear.documents).toEqual(today.documents);
}, 240_000);
