import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalRun } from '../../local/run/run.ts';
import { engineTarget } from '../../local/run/search-target.ts';
import { statePaths } from '../../local/run/state.ts';
import type { RunStatus } from '../../local/run/status.ts';
import type { SearchEngine } from '../../local/search-engine/search-engine.ts';
import { describeWithEngine, startTestEngine } from './real-engine.ts';

const ROOT = resolve(__dirname, '../..');
/** Far less than the functions would go on trying: Lambda's time-out of an invocation alone is 120 s. */
const SOON_MS = 5_000;

/** Processes that this one started and that still run. */
function children(): string[] {
  const table = execFileSync('ps', ['-o', 'args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return table.filter((line) => /runtime\.ts|OpenSearchRunner/.test(line));
}

describeWithEngine('a local run whose engine dies', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-death-'));
    mkdirSync(join(directory, 'samples', 'control-plane'), { recursive: true });
    for (const name of ['authenticator', 'kube-scheduler', 'kube-controller-manager'])
      copyFileSync(join(ROOT, `samples/control-plane/${name}.log.gz`), join(directory, `samples/control-plane/${name}.log.gz`));
    mkdirSync(join(directory, 'samples', 'containers'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test.each<[string, (status: RunStatus) => boolean]>([
    ['while the index templates are written', ({ step }) => step === 'creating the custom resources'],
    ['while documents arrive', ({ sources }) => Object.values(sources).some(({ indexed }) => indexed > 0)],
    ['while the report is made', ({ phase }) => phase === 'reporting'],
  ])(
    '%s: the run ends at once, says why and where the log is, and leaves nothing behind',
    async (_when, isTime) => {
      const paths = statePaths(join(directory, 'state'), join(directory, 'run'));
      mkdirSync(paths.directory, { recursive: true });
      writeFileSync(paths.metrics, '');
      let engine: SearchEngine | undefined;
      let killedMs = 0;
      const run = new LocalRun(
        { once: true, config: 'config/local.yaml', input: [], format: 'auto', speed: undefined, port: 0 },
        {
          root: ROOT,
          paths,
          env: {},
          samples: join(directory, 'samples'),
          startSearch: async () => {
            engine = await startTestEngine({ heapMb: 512, logFile: paths.engineLog });
            return engineTarget(engine);
          },
          onStatus: (status) => {
            const pid = engine?.pid();
            if (killedMs > 0 || pid === undefined || !isTime(status)) return;
            killedMs = performance.now();
            process.kill(pid, 'SIGKILL');
          },
        },
      );

      const failure = await run.execute().then(
        () => undefined,
        (error: Error) => error,
      );
      const tookMs = performance.now() - killedMs;
      await run.stop();

      expect(killedMs).toBeGreaterThan(0);
      expect(failure?.message).toContain('ended in the middle of the run (exit SIGKILL)');
      expect(failure?.message).toContain(`Its log is ${paths.engineLog}`);
      expect(tookMs).toBeLessThan(SOON_MS);
      expect(run.status.phase).toBe('failed');
      expect(existsSync(paths.report)).toBe(false);
      expect(readFileSync(paths.engineLog, 'utf8').length).toBeGreaterThan(0);
      expect(children()).toEqual([]);
    },
    120_000,
  );
});
