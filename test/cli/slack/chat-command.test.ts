import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import type { TriedCommand } from '../../../cli/slack/try-command.ts';
import { run } from '../../../cli/slack.ts';
import { limitProblems } from '../../../lambdas/core/slack/limits.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eks-telemetry-slack-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command; gives its exit code and what it wrote. */
async function call(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = { stdin: Readable.from(['']), stdout, stderr, env: {}, isTty: false, cwd: '.', now: () => Date.UTC(2026, 10, 21, 8, 40) };
  const code = await run(args, io);
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}
const tried = async (...args: string[]) => {
  const { code, out } = await call('command', ...args, '--config', 'config/local.yaml', '--json');
  return { code, ...(JSON.parse(out) as TriedCommand) };
};

test('what the rules can answer is answered at once', async () => {
  const { atOnce, code, later, question } = await tried('/logs list node not ready');

  expect([code, later, question]).toEqual([0, [], undefined]);
  expect(JSON.stringify(atOnce)).toContain('control-plane/node-not-ready');
});

test('a saved query: what it would ask in the account, and its answer on files', async () => {
  const files = ['--logs', 'samples/control-plane/kube-controller-manager.log.gz'];
  const { code, later, question, record } = await tried('run node-not-ready since=1h', ...files);

  expect(question).toMatchObject({ name: 'control-plane/node-not-ready', cluster: 'local', logGroups: ['/aws/eks/local/cluster'] });
  expect([code, record?.outcome, record?.rows]).toEqual([0, 'answered', 2]);
  expect(JSON.stringify(later)).toContain('ip-10-0-11-35.ec2.internal');
  expect(later.flatMap(limitProblems)).toEqual([]);
});

test.each<[string, string[], string]>([
  ['somebody who is not listed', ['run node-not-ready', '--user', 'U0OTHER99', '--channel', 'C0OTHER99'], 'channel'],
  ['somebody who may only ask', ['silence x for=1h', '--user', 'U0OTHER99'], 'silencer'],
  ['a window that is too long', ['run node-not-ready since=40d'], 'range-too-long'],
  ['a word that says nothing', ['run node-not-ready please'], 'unknown-word'],
])('%s gets the reason, and the exit code 1', async (_name, args, reason) => {
  expect(await tried(...args)).toMatchObject({ code: 1, reason });
});

test('a page shows the answers as Slack does', async () => {
  const file = join(folder, 'page.html');
  await call('command', '/logs help', '--config', 'config/local.yaml', '--html', file);

  expect(readFileSync(file, 'utf8')).toMatch(/<code>\/logs run &lt;query&gt;/);
});

test('the manifest names the URL twice, and no more rights than are used', async () => {
  const url = 'https://abc.lambda-url.us-east-1.on.aws/';
  const { code, out } = await call('manifest', '--config', 'config/local.yaml', '--url', url);

  expect([code, out.split(url).length - 1]).toEqual([0, 2]);
  expect([...out.matchAll(/^ {6}- (.+)$/gm)].map(([, scope]) => scope)).toEqual(['commands', 'chat:write', 'files:write', 'im:write']);
});

test.each<[string, string[], RegExp]>([
  ['no config', ['command', 'list'], /needs --config F/],
  ['no text', ['command', '--config', 'config/local.yaml'], /write the command as in Slack/],
  ['no URL', ['manifest', '--config', 'config/local.yaml'], /the output ChatUrl/],
  ['a config without a chat', ['command', 'list', '--config', 'config/minimal.yaml'], /slack.chat.enabled is not true/],
])('%s: used wrongly', async (_name, args, expected) => {
  expect(await call(...args)).toMatchObject({ code: 2, err: expect.stringMatching(expected) });
});

test('a config with a problem says where', async () => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, readFileSync('config/local.yaml', 'utf8').replace('workspaces: [T0LOCAL]', 'workspaces: [local]'));

  expect(await call('command', 'list', '--config', file)).toMatchObject({
    code: 2,
    err: expect.stringContaining('not the id of a workspace'),
  });
});
