import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../../../local/search-engine/engine-process.ts';
import { RUNNERS } from '../../../local/search-engine/runner.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-give-up-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program in the engine's place that never answers; it writes its process id. */
function start(signal: AbortSignal): Promise<unknown> {
  const program = join(folder, 'java');
  writeFileSync(program, `#!/bin/sh\necho $$ > '${join(folder, 'pid')}'\nexec sleep 60\n`);
  chmodSync(program, 0o755);
  const [runner] = RUNNERS;
  if (!runner) throw new Error('there is no runner');
  const plan = { java: { program, home: folder, major: 21 }, runner, classpath: '', heapMb: 1024, isBrief: false, folder, port: 9299 };
  return startProcess(
    { ...plan, clusterName: 'nobody', env: { ...process.env, HOME: folder }, removeFolderOnCrash: false, signal },
    30_000,
  );
}

async function pidOf(): Promise<number> {
  const file = join(folder, 'pid');
  for (let tries = 0; tries < 200; tries++) {
    if (existsSync(file) && readFileSync(file, 'utf8').endsWith('\n')) return Number(readFileSync(file, 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it was never started');
}

test('a start that is given up ends its process at once, and says so', async () => {
  const ending = new AbortController();
  const starting = start(ending.signal).catch((error: Error) => error.message);
  const pid = await pidOf();
  const began = performance.now();

  ending.abort();

  expect(await starting).toContain('the start was given up');
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('the same where it was given up before', async () => {
  await expect(start(AbortSignal.abort())).rejects.toThrow('the start was given up');
});
