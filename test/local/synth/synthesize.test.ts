import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { takeLock } from '../../../local/synth/lock.ts';
import { synthesize } from '../../../local/synth/synthesize.ts';

/** An app that says when it begins and ends, and fails where its folder is taken away meanwhile. */
const APP = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const out = process.env.CDK_OUTDIR;
const config = JSON.parse(process.env.CDK_CONTEXT_JSON).config;
mkdirSync(out);
appendFileSync('synths', 'begin\\n');
await new Promise((resolve) => setTimeout(resolve, 150));
writeFileSync(out + '/asset.txt', readFileSync(config));
writeFileSync(out + '/manifest.json', '{}');
appendFileSync('synths', 'end\\n');
`;
const CALL = `
import { synthesize } from ${JSON.stringify(resolve('local/synth/synthesize.ts'))};
const [root, configFile] = process.argv.slice(1);
const made = await synthesize({ root, configFile, stateDirectory: root + '/state' });
console.log(JSON.stringify(made));
process.stdin.on('end', () => process.exit(0)).resume();
`;

let root: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'eks-telemetry-synth-'));
  mkdirSync(join(root, 'bin'));
  writeFileSync(join(root, 'bin/app.ts'), APP);
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'cdk.json'), '{ "context": {} }');
  for (const name of ['a', 'b']) writeFileSync(join(root, `${name}.yaml`), `config: ${name}\n`);
});
afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => end(child)));
  rmSync(root, { recursive: true, force: true });
});

interface Call {
  readonly child: ChildProcess;
  readonly made: Promise<{ directory: string; isCached: boolean }>;
  readonly stderr: () => string;
}

/** Another process that synthesizes, and then lives on as a run does. */
function call(config: string): Call {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CALL, root, join(root, config)], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  const made = once(child.stdout, 'data').then(([data]) => JSON.parse(String(data)) as { directory: string; isCached: boolean });
  return { child, made, stderr: () => stderr };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.stdin?.end();
  await once(child, 'exit');
}

const here = (config: string, signal?: AbortSignal) =>
  synthesize({ root, configFile: join(root, config), stateDirectory: join(root, 'state'), signal, onWait: () => {} });

test('two processes at once synthesize one after the other; the second takes what the first one made, and says whom it waits for', async () => {
  const both = [call('a.yaml'), call('a.yaml')] as const;
  const made = await Promise.all(both.map((each) => each.made));

  expect(readFileSync(join(root, 'synths'), 'utf8')).toBe('begin\nend\n');
  expect(made.map(({ isCached }) => isCached).sort()).toEqual([false, true]);
  const first = both[made[0]?.isCached === false ? 0 : 1];
  const second = both[made[0]?.isCached === false ? 1 : 0];
  expect([first.stderr(), second.stderr()]).toEqual(['', `waiting for process ${first.child.pid}, which synthesizes the app\n`]);
  expect(existsSync(join(root, 'state/synth.lock'))).toBe(false);
});

test('an assembly that a living process uses is not touched: another config goes into a folder beside it, which is removed when nobody uses it', async () => {
  const running = call('a.yaml');
  const { directory } = await running.made;
  const other = await here('b.yaml');

  expect(other.directory).toMatch(/\/cdk\.out-[0-9a-f]{12}$/);
  expect(readFileSync(join(directory, 'asset.txt'), 'utf8')).toBe('config: a\n');
  expect(readFileSync(join(other.directory, 'asset.txt'), 'utf8')).toBe('config: b\n');
  expect(await here('a.yaml')).toMatchObject({ directory, isCached: true });
  expect(existsSync(other.directory)).toBe(false);

  await end(running.child);
  expect(await here('b.yaml')).toMatchObject({ directory, isCached: false });
  expect(readFileSync(join(directory, 'asset.txt'), 'utf8')).toBe('config: b\n');
});

test('a lock that a dead process left is taken over, and so is one with this process’s number from before; a broken one, too', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await once(dead, 'exit');
  mkdirSync(join(root, 'state'));
  for (const holder of [String(dead.pid), String(process.pid), '', 'nobody']) {
    writeFileSync(join(root, 'state/synth.lock'), holder);
    const { isCached } = await here('a.yaml');
    expect([holder, isCached]).toEqual([holder, holder !== String(dead.pid)]);
    expect(existsSync(join(root, 'state/synth.lock'))).toBe(false);
  }
});

test('a wait can be ended, and so can a synth; the next one begins anew', async () => {
  const release = await takeLock(join(root, 'state.lock'));
  const waiting = new AbortController();
  const wait = takeLock(join(root, 'state.lock'), { signal: waiting.signal });
  waiting.abort();
  await expect(wait).rejects.toThrow(/abort/i);
  release();

  const ending = new AbortController();
  const cut = here('a.yaml', ending.signal);
  while (!existsSync(join(root, 'synths'))) await delay(5);
  ending.abort(new Error('Ctrl-C'));
  await expect(cut).rejects.toThrow('Ctrl-C');
  expect(await here('a.yaml')).toMatchObject({ isCached: false });
});
