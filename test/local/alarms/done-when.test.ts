import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { LocalRun } from '../../../local/run/run.ts';
import { fileTarget } from '../../../local/run/search-target.ts';
import { statePaths } from '../../../local/run/state.ts';

const ROOT = resolve(__dirname, '../../..');
/** The recordings of the components that say "mvcc: database space exceeded" and "NodeNotReady". */
const FILES = ['authenticator', 'kube-apiserver', 'kube-controller-manager'];
let directory: string;
let run: LocalRun;
/** Messages as they were posted: later they are changed in place. */
const posted = new Map<string, string>();
const messages = () => run.wired?.alerts?.sink.messages ?? [];

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-told-'));
  const samples = join(directory, 'samples');
  for (const kind of ['control-plane', 'containers']) mkdirSync(join(samples, kind), { recursive: true });
  for (const name of FILES) copyFileSync(join(ROOT, `samples/control-plane/${name}.log.gz`), join(samples, `control-plane/${name}.log.gz`));
  const config = parseDocument(readFileSync(join(ROOT, 'config/local.yaml'), 'utf8'));
  // The recording is eight minutes long: what is in it is told again within them. What runs out of memory does so for an hour, the default.
  const soon = (alarm: string, repeatIntervalMinutes: number) => ({
    matchers: [`alarm="${alarm}"`],
    groupWaitSeconds: 0,
    groupIntervalSeconds: 50,
    repeatIntervalMinutes,
  });
  config.setIn(['slack', 'route', 'routes'], config.createNode([soon('etcd-space', 4), soon('node-not-ready-log', 1)]));
  writeFileSync(join(directory, 'told.yaml'), config.toString());
  const paths = statePaths(join(directory, 'state'), join(directory, 'run'));
  mkdirSync(join(directory, 'state'), { recursive: true });
  mkdirSync(paths.directory, { recursive: true });
  writeFileSync(paths.metrics, '');
  run = new LocalRun(
    { once: true, config: join(directory, 'told.yaml'), input: [], format: 'auto', scenario: 'oom', speed: undefined, port: 0 },
    {
      ...{ root: ROOT, paths, env: {}, samples },
      startSearch: () => fileTarget(paths.documents, 'a test'),
      onStatus: () => {
        for (const { message, ts } of run?.wired === undefined ? [] : messages())
          if (!posted.has(ts)) posted.set(ts, JSON.stringify(message));
      },
    },
  );
  await run.execute();
}, 240_000);
afterAll(async () => {
  await run.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** What people saw of an alarm: its message, and what came into its thread, with the minute. */
function toldOf(title: string) {
  const roots = messages().filter(({ message, threadTs }) => threadTs === undefined && message.text.includes(title));
  const inThread = messages().filter(({ threadTs }) => roots.some(({ ts }) => ts === threadTs));
  return {
    firing: roots.map(({ postedMs }) => minuteOf(postedMs)),
    edits: roots.map(({ edits }) => edits),
    isResolved: roots.map(({ message }) => message.text.startsWith('✅ Resolved')),
    thread: inThread.map(
      ({ message, postedMs }) => `${minuteOf(postedMs)} ${/Still firing|Resolved/.exec(message.text)?.[0] ?? message.text}`,
    ),
    text: roots.map(({ ts }) => posted.get(ts) ?? '').join(),
  };
}

const minuteOf = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

test('containers that run out of memory for an hour are one message, one repeat after an hour and one end, though three alarms see each kill', () => {
  const { text, ...told } = toldOf('A container ran out of memory');

  expect(told).toEqual({
    firing: ['08:30'],
    edits: [2],
    isResolved: [true],
    thread: [expect.stringMatching(/^09:3[01] Still firing$/), expect.stringMatching(/^09:4\d Resolved$/)],
  });
  expect(text).toContain('Memory cgroup out of memory: Killed process 31877 (java)');
});

test('the recorded "mvcc: database space exceeded" is one message with its lines, one repeat at the interval and one end', () => {
  const { text, ...told } = toldOf('etcd refuses writes');

  expect(told).toEqual({ firing: ['08:32'], edits: [2], isResolved: [true], thread: ['08:36 Still firing', '08:39 Resolved'] });
  expect(text).toContain('mvcc: database space exceeded');
});

test('the recorded NodeNotReady is one message that names the node, one repeat at the interval and one end', () => {
  const { text, ...told } = toldOf('marked a node as not ready');

  expect(told).toEqual({ firing: ['08:26'], edits: [2], isResolved: [true], thread: ['08:27 Still firing', '08:28 Resolved'] });
  expect(text).toContain('node=\\"ip-10-0-11-35.ec2.internal\\"');
});

test('nobody was told anything else but of those whom the authenticator turned away', () => {
  const titles = messages().flatMap(({ message, threadTs }) => (threadTs === undefined ? [message.text] : []));

  expect(titles.filter((title) => !/memory|etcd refuses|marked a node|turned away/.test(title))).toEqual([]);
  expect(run.wired?.apis.unknownCalls).toEqual(new Set());
});
