import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { formatForm } from '../../../lambdas/core/chat/form.ts';
import { limitProblems } from '../../../lambdas/core/slack/limits.ts';
import { loadConfigText } from '../../../lib/config/load.ts';
import { composeStacks } from '../../../lib/stacks/compose.ts';
import { LocalAccount } from '../../../local/account/account.ts';
import { Ledger } from '../../../local/account/ledger.ts';
import { MetricsLog } from '../../../local/account/metrics.ts';
import { AlertRun } from '../../../local/alerts/alert-run.ts';
import { AlertServices } from '../../../local/alerts/services.ts';
import { serveApis } from '../../../local/aws/api-server.ts';
import { EksApi } from '../../../local/aws/eks-api.ts';
import { serveLambda } from '../../../local/aws/lambda-server.ts';
import { LogsApi } from '../../../local/aws/logs-api.ts';
import { ChatRun, LOCAL_PEOPLE, type LocalPerson } from '../../../local/chat/chat-run.ts';
import { MACHINE_CLOCK, RunClock } from '../../../local/clock/run-clock.ts';
import { EventStore } from '../../../local/logs/event-store.ts';
import { QueryApi } from '../../../local/queries/query-api.ts';
import { BucketStore } from '../../../local/s3/bucket-store.ts';
import type { SinkMessage } from '../../../local/slack/sink.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { Resolver } from '../../../local/template/resolver.ts';

const SECRETS = 'arn:aws:secretsmanager:us-east-1:111122223333:secret';
const CONFIG = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: none }]
search: { mode: none }
slack:
  enabled: true
  receivers: [{ name: platform, botToken: "${SECRETS}:slack-bot-Ab12Cd", channel: C0123ABCD }]
  chat:
    enabled: true
    signingSecret: ${SECRETS}:slack-signing-Ab12Cd
    signingSecretKey: secret
    botToken: ${SECRETS}:slack-bot-Ab12Cd
    workspaces: [T0LOCAL]
    channels: [C0123ABCD]
    users: ["*"]
    silencers: [U0LOCAL]
`;
const START = Date.parse('2026-11-21T08:25:00Z');
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-critical';
const GROUP = '/aws/containerinsights/prod/application';
const MINUTE = 60_000;
const GUEST = LOCAL_PEOPLE['guest'] as LocalPerson;
const sample = (name: string): string => readFileSync(`samples/notifications/${name}`, 'utf8');

let directory: string;
let assembly: ReturnType<typeof readAssembly>;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-chat-'));
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { [flag: string]: unknown } };
  const app = new App({
    outdir: join(directory, 'cdk.out'),
    builtinCloudFormationValidation: false,
    context: { ...context, 'aws:cdk:bundling-stacks': ['eks-telemetry-alerts', 'eks-telemetry-chat'] },
  });
  const loaded = loadConfigText(CONFIG, 'test.yaml', { folder: '.' });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ what }) => what).join('\n'));
  composeStacks(app, loaded.config, '.');
  app.synth();
  assembly = readAssembly(join(directory, 'cdk.out'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** An account with the bundled functions, a table, log groups and a Slack, on a clock of its own. */
async function makeRun() {
  const clock = new RunClock(START, MACHINE_CLOCK);
  const services = await AlertServices.start(() => clock.now());
  const logs = new LogsApi('111122223333', 'us-east-1');
  logs.group(GROUP);
  const events = new EventStore(mkdtempSync(join(directory, 'logs-')));
  const queries = new QueryApi({
    account: '111122223333',
    files: events.files,
    hasGroup: (name) => logs.groups.has(name),
    now: () => clock.now(),
  });
  const apis = await serveApis(logs, new EksApi([], () => clock.now()), undefined, (action, body) => queries.answer(action, body));
  const resolver = new Resolver(assembly);
  const lambda = await serveLambda(
    () => Promise.resolve(undefined),
    (name, event) => account.invokeLater(resolver, name, event),
  );
  const lines: string[] = [];
  const account: LocalAccount = new LocalAccount({
    clock,
    machine: MACHINE_CLOCK,
    assembly,
    store: new BucketStore(join(directory, 'buckets')),
    logs,
    ledger: new Ledger(),
    metrics: new MetricsLog(join(directory, 'metrics')),
    endpoints: { search: '', s3: '', aws: apis.url, lambda: lambda.url },
    root: process.cwd(),
    functionEnvironment: services.environment,
    onLine: (name, line) => lines.push(`${name} ${line}`),
  });
  account.wire(resolver);
  const alerts = await AlertRun.wire(account, resolver, services);
  const chat = await ChatRun.wire(account, resolver, services);
  if (!alerts || !chat) throw new Error('the templates hold no table or no URL');
  const { messages } = services.sink;
  const stop = async (): Promise<void> => {
    await account.stop();
    await Promise.all([chat.close(), services.close(), apis.close(), lambda.close()]);
  };
  /** The next message that fulfils a test; the worker answers on its own time. */
  const next = async (since: number, isIt: (message: SinkMessage) => boolean = () => true): Promise<SinkMessage> => {
    for (let attempt = 0; attempt < 400; attempt++) {
      const found = messages.slice(since).find((message) => message.author === undefined && isIt(message));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`no answer; ${messages.map(textOf).join('\n')}\n${lines.join('\n')}`);
  };
  /** Asks and waits for the last answer: what comes behind the acknowledgement. */
  const ask = async (text: string, person?: LocalPerson): Promise<SinkMessage> => {
    const since = messages.length;
    expect(await chat.command(text, person)).toBe(200);
    return next(since, (message) => !textOf(message).startsWith('Asking'));
  };
  return { alerts, ask, chat, clock, events, lines, messages, next, services, stop };
}

const textOf = ({ message }: SinkMessage): string =>
  [message.text, JSON.stringify(message.blocks ?? []), JSON.stringify(message.attachments ?? [])].join(' ');

/** Waits until something is so; the test fails by its own expectations where it never is. */
async function until(isSo: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 200 && !isSo(); attempt++) await new Promise((resolve) => setTimeout(resolve, 25));
}

let run: Awaited<ReturnType<typeof makeRun>>;
beforeAll(async () => {
  run = await makeRun();
}, 60_000);
afterAll(() => run.stop());

test('what the rules alone can answer comes at once, to who asked only', async () => {
  const { ask } = run;
  const pong = await ask('ping');
  expect([pong.isEphemeral, textOf(pong)]).toEqual([true, expect.stringContaining('pong from us-east-1')]);
  expect(textOf(await ask('list latest'))).toContain('applications/latest-lines');
  expect(textOf(await ask('kubectl get pods'))).toContain('on purpose');
  expect(textOf(await ask('config'))).toContain('everybody in the channel');
  expect(textOf(await ask('hlep'))).toContain('There is no command');
});

test('a saved query runs on the log groups; what it scanned and cost is said, and secrets are not', async () => {
  const { ask, events, lines, services } = run;
  const container = { kubernetes: { namespace_name: 'prod-web', pod_name: 'web-1', container_name: 'web' } };
  events.put(
    GROUP,
    'web-1',
    Array.from({ length: 120 }, (_, at) => ({
      id: `${at}`,
      timestamp: START - at * 1000,
      message: JSON.stringify({
        ...container,
        log: at === 0 ? '한글 로그 <!channel> password=hunter2secret ```' : `line ${at}`,
        stream: 'stdout',
      }),
    })),
  );

  const answer = await ask('run latest-lines namespace=prod-web pod=web since=30m');

  expect(textOf(answer)).toMatch(/\d+ of 1\d\d rows/);
  expect(textOf(answer)).toContain('한글 로그 <!channel>');
  expect(JSON.stringify(answer.message.blocks)).toContain('rich_text_preformatted');
  expect(textOf(answer)).not.toContain('hunter2');
  expect(textOf(answer)).toMatch(/scanned 14\.5 KB, 120 events {2}· {2}less than 0\.0001 USD/);
  expect(limitProblems(answer.message)).toEqual([]);
  // All of it went to the caller alone: a file in the channel would be everybody's.
  expect(services.sink.files.map(({ channel }) => channel)).toEqual(['D0LOCAL']);
  expect(services.sink.files[0]?.body.toString('utf8')).not.toContain('hunter2');
  // The line is written when the answer is there.
  await until(() => lines.some((line) => line.includes('"command":"run"')));
  const logged = lines
    .filter((line) => line.includes('"command":"run"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as { chat: object });
  expect(logged.map(({ chat }) => chat)).toEqual([
    expect.objectContaining({
      team: 'T0LOCAL',
      channel: 'C0123ABCD',
      user: 'U0LOCAL',
      command: 'run',
      about: 'latest-lines namespace=prod-web pod=web since=30m',
      outcome: 'answered',
      costUsd: expect.any(Number),
    }),
  ]);
}, 30_000);

test('a value cannot leave its literal, and a query that is not saved is not run', async () => {
  const { ask } = run;
  for (const call of ["pod=web namespace='x\" or 1 | fields @message'", 'pod="x/ or 1=1 | limit 9" namespace=prod-web'])
    expect([call, textOf(await ask(`run latest-lines ${call}`))]).toEqual([call, expect.stringContaining('cannot stand in this query')]);
  expect(textOf(await ask('run "fields @message"'))).toContain('No saved query');
});

test('a button silences for real: what goes on is not told again', async () => {
  const { alerts, ask, chat, clock, messages, next } = run;
  const isTold = (message: SinkMessage): boolean =>
    message.author === undefined && message.isEphemeral !== true && /Firing|Still firing|Resolved/.test(message.message.text);
  const told = (): SinkMessage | undefined => messages.find((message) => isTold(message) && message.threadTs === undefined);
  const buttonOf = (message: SinkMessage | undefined) => {
    const blocks = message?.message.attachments?.[0].blocks ?? [];
    return blocks
      .flatMap((block) => (block.type === 'actions' ? [...block.elements] : []))
      .find(({ action_id }) => action_id === 'silence:240');
  };
  const answers: SinkMessage[] = [];
  const press = async (person?: LocalPerson): Promise<void> => {
    const message = told();
    const action = buttonOf(message);
    if (!message || !action) throw new Error(`no button: ${messages.map(textOf).join('\n')}`);
    const since = messages.length;
    expect(await chat.press({ ts: message.ts, action }, person)).toBe(200);
    answers.push(await next(since));
  };
  const alarm = sample('metric-alarm.json').replace(/"StateChangeTime": ?"[^"]+"/, `"StateChangeTime":"${new Date(START).toISOString()}"`);
  clock.at(clock.now() + MINUTE, () => alerts.publish(TOPIC, alarm));
  clock.at(clock.now() + 3 * MINUTE, () =>
    clock.track(
      press(GUEST)
        .then(() => press())
        .then(() => press()),
    ),
  );
  const since = messages.length;
  await clock.drain();

  const [refused, silenced, again] = answers.map(textOf);
  expect([refused, again]).toEqual([expect.stringContaining('but not silence'), expect.stringContaining('silenced already')]);
  expect(silenced).toMatch(/🔕 <@U0LOCAL> silenced .*alertname=/);
  expect([answers[1]?.isEphemeral, answers[1]?.threadTs]).toEqual([undefined, told()?.ts]);
  // Without the silence it would have been told again an hour later.
  expect(clock.now() - START).toBeGreaterThan(70 * MINUTE);
  expect(messages.slice(since).filter(isTold)).toHaveLength(1);

  expect(textOf(await ask('status'))).toMatch(/1 alert fires.*1 silence/s);
  const id = /`([0-9a-f]{8})`/.exec(silenced ?? '')?.[1] ?? '';
  expect(textOf(await ask(`unsilence ${id}`, GUEST))).toContain('but not silence');
  expect(textOf(await ask(`unsilence ${id}`))).toContain('🔔');
  expect(textOf(await ask(`unsilence ${id}`))).toContain('No silence');
}, 60_000);

test('a button of a message whose alert is gone says so', async () => {
  const { chat, messages, next } = run;
  const since = messages.length;
  await chat.press({ ts: '1763700000.000001', action: { action_id: 'silence:60', value: 'a group that nobody knows' } });

  const answer = await next(since);
  expect([answer.isEphemeral, textOf(answer)]).toEqual([true, expect.stringContaining('over and forgotten')]);
});

test('a forged, an old and a tampered call are refused, and a call that comes again is done once', async () => {
  const { chat, clock, lines, messages, services } = run;
  const form = {
    team_id: 'T0LOCAL',
    channel_id: 'C0123ABCD',
    user_id: 'U0LOCAL',
    command: '/logs',
    text: 'silence some-alert for=1h',
    trigger_id: 'again',
    response_url: services.sink.responseUrl('C0123ABCD'),
  };
  const body = formatForm(form);
  expect(await chat.send(body, 'C0123ABCD', { 'x-slack-signature': `v0=${'0'.repeat(64)}` })).toBe(401);
  expect(await chat.send(body, 'C0123ABCD', { 'x-slack-request-timestamp': String(Math.floor(clock.now() / 1000) - 301) })).toBe(401);
  const before = lines.filter((line) => line.includes('"outcome":"refused"') && line.includes('wrong-signature')).length;
  expect(before).toBe(1);

  expect([await chat.send(body), await chat.send(body, 'C0123ABCD', { 'x-slack-retry-num': '1' })]).toEqual([200, 200]);
  await until(() => lines.some((line) => line.includes('"outcome":"repeated"')));
  expect(messages.filter((message) => textOf(message).includes('some-alert') && !textOf(message).startsWith('Asking'))).toHaveLength(1);
  expect(lines.join('\n')).not.toMatch(/localsink|local-signing-secret|xoxb-|v0=/);
}, 30_000);
