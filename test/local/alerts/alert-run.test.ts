import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadConfigText } from '../../../lib/config/load.ts';
import { composeStacks } from '../../../lib/stacks/compose.ts';
import { LocalAccount } from '../../../local/account/account.ts';
import { Ledger } from '../../../local/account/ledger.ts';
import { MetricsLog } from '../../../local/account/metrics.ts';
import { AlertRun } from '../../../local/alerts/alert-run.ts';
import { AlertServices } from '../../../local/alerts/services.ts';
import { LogsApi } from '../../../local/aws/logs-api.ts';
import { MACHINE_CLOCK, RunClock } from '../../../local/clock/run-clock.ts';
import { BucketStore } from '../../../local/s3/bucket-store.ts';
import { readAssembly } from '../../../local/template/assembly.ts';
import { Resolver } from '../../../local/template/resolver.ts';

const CONFIG = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: none }]
search: { mode: none }
slack:
  enabled: true
  receivers:
    - { name: platform, botToken: "arn:aws:secretsmanager:us-east-1:111122223333:secret:slack-bot-Ab12Cd", secretKey: token, channel: C0123ABCD, mention: { critical: [S0123ABCD] } }
    - { name: web, webhook: "arn:aws:ssm:us-east-1:111122223333:parameter/slack-webhook" }
    - { name: on-call, pagerDuty: "arn:aws:ssm:us-east-1:111122223333:parameter/pagerduty" }
  route:
    routes:
      - { matchers: ['severity="critical"'], receiver: on-call, continue: true }
      - { matchers: ['team="platform"'], receiver: web }
      - { receiver: platform }
  amazonQ: [{ name: q, workspace: T0123ABCD, channel: C0456EFGH }]
  approvals: { tell: true }
`;
const START = Date.parse('2026-11-21T08:25:00Z');
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:eks-telemetry-alerts-critical';
const MINUTE = 60_000;
const sample = (name: string): string => readFileSync(`samples/notifications/${name}`, 'utf8');

let directory: string;
let assembly: ReturnType<typeof readAssembly>;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'eks-telemetry-alerts-'));
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: { [flag: string]: unknown } };
  const app = new App({
    outdir: join(directory, 'cdk.out'),
    builtinCloudFormationValidation: false,
    context: { ...context, 'aws:cdk:bundling-stacks': ['eks-telemetry-alerts'] },
  });
  const loaded = loadConfigText(CONFIG, 'test.yaml', { folder: '.' });
  if (!loaded.ok) throw new Error(loaded.problems.map(({ what }) => what).join('\n'));
  composeStacks(app, loaded.config, '.');
  app.synth();
  assembly = readAssembly(join(directory, 'cdk.out'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** An account with the bundled functions, a table and a Slack, on a clock of its own. */
async function makeRun() {
  const clock = new RunClock(START, MACHINE_CLOCK);
  const services = await AlertServices.start(() => clock.now());
  const lines: string[] = [];
  const account = new LocalAccount({
    clock,
    machine: MACHINE_CLOCK,
    assembly,
    store: new BucketStore(join(directory, 'buckets')),
    logs: new LogsApi('111122223333', 'us-east-1'),
    ledger: new Ledger(),
    metrics: new MetricsLog(join(directory, 'metrics')),
    endpoints: { search: '', s3: '', aws: 'http://127.0.0.1:9' },
    root: process.cwd(),
    functionEnvironment: services.environment,
    onLine: (name, line) => lines.push(`${name} ${line}`),
  });
  const resolver = new Resolver(assembly);
  account.wire(resolver);
  const alerts = await AlertRun.wire(account, resolver, services);
  if (!alerts) throw new Error('no table in the templates');
  const stop = async (): Promise<void> => {
    await account.stop();
    await services.close();
  };
  return { account, alerts, clock, lines, stop };
}

test('an alarm is one message, one repeat at the interval and one end, through the deployed bundles', async () => {
  const { alerts, clock, lines, stop } = await makeRun();
  try {
    clock.at(START + MINUTE, () => alerts.publish(TOPIC, sample('metric-alarm.json')));
    // CloudWatch says it once; SNS may deliver it twice.
    clock.at(START + 2 * MINUTE, () => alerts.publish(TOPIC, sample('metric-alarm.json')));
    const ok = JSON.parse(sample('metric-alarm-ok.json')) as { StateChangeTime: string };
    clock.at(START + 66 * MINUTE, () => alerts.publish(TOPIC, JSON.stringify({ ...ok, StateChangeTime: '2026-11-21T09:31:00.000+0000' })));
    await clock.drain();

    const minutes = alerts.sink.messages.map(({ message, postedMs, threadTs }) => [
      Math.round((postedMs - START) / MINUTE),
      threadTs === undefined,
      message.text,
    ]);
    expect([minutes, lines.filter((line) => line.includes('"level":"error"'))]).toEqual([
      [
        [2, true, expect.stringMatching(/^<!subteam\^S0123ABCD> .*Resolved|^✅ Resolved after/)],
        [62, false, expect.stringContaining('Still firing')],
        [67, false, expect.stringContaining('Resolved')],
      ],
      [],
    ]);
    expect(alerts.sink.files).toHaveLength(1);
    // The pager has one incident, told again with the repeat and closed with the end.
    expect(alerts.incidents.map(({ closedMs, severity, told }) => [severity, told, closedMs !== undefined])).toEqual([
      ['critical', 2, true],
    ]);
  } finally {
    await stop();
  }
}, 60_000);

test('an approval waits in one message, which says in place what was decided; Amazon Q would have had both events', async () => {
  const { alerts, clock, stop } = await makeRun();
  try {
    const event = (name: string) => JSON.parse(sample(name)) as { source: string; 'detail-type': string };
    clock.at(START + MINUTE, () => alerts.putEvent(event('codepipeline-approval-waiting.json')));
    // An event that no rule wants.
    clock.at(START + 2 * MINUTE, () => alerts.putEvent(event('codepipeline-failed.json')));
    clock.at(START + 17 * MINUTE, () => alerts.putEvent(event('codepipeline-approved.json')));
    clock.at(START + 30 * MINUTE, () => clock.stop());
    await clock.drain();

    const roots = alerts.sink.messages.filter(({ threadTs }) => threadTs === undefined);
    expect(roots.map(({ edits, message }) => [edits, message.text])).toEqual([
      [1, expect.stringContaining('Decided after 15m 25s: checkout › production › approve: approved')],
    ]);
    expect([...alerts.topics.notDelivered]).toEqual([['Amazon Q', 2]]);
  } finally {
    await stop();
  }
}, 60_000);

test('while a channel is archived alarms wait, the operator’s alarm has a reason, and nothing is lost', async () => {
  const { account, alerts, clock, stop } = await makeRun();
  const archived = { status: 200, body: JSON.stringify({ ok: false, error: 'is_archived' }) };
  const deadLetters = account.messages.queues.get('arn:aws:sqs:us-east-1:111122223333:eks-telemetry-alerts-dead-letters');
  const watched: number[] = [];
  try {
    const alarm = JSON.parse(sample('metric-alarm.json')) as { AlarmName: string };
    const names = ['alarm-1', 'alarm-2', 'alarm-3'];
    alerts.sink.fault = ({ method }) => (method === 'chat.postMessage' ? archived : undefined);
    for (const AlarmName of names) {
      const AlarmArn = `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${AlarmName}`;
      const notification = JSON.stringify({ ...alarm, AlarmName, AlarmArn });
      clock.at(START + MINUTE, () => alerts.publish(TOPIC, notification));
    }
    clock.at(START + 20 * MINUTE, () => {
      watched.push(alerts.sink.messages.length, deadLetters?.size ?? -1);
      alerts.sink.fault = () => undefined;
    });
    clock.at(START + 40 * MINUTE, () => clock.stop());
    await clock.drain();

    // A copy for the operator of each, once; the alarm on this queue goes by e-mail (alerts-stack.test.ts).
    expect(watched).toEqual([0, 3]);
    const roots = alerts.sink.messages.filter(({ threadTs }) => threadTs === undefined);
    expect(roots.map(({ message }) => /alarm-\d/.exec(message.text)?.[0]).sort()).toEqual(names);
  } finally {
    await stop();
  }
}, 60_000);

test('a storm of 30 alarms is a handful of messages', async () => {
  const { alerts, clock, stop } = await makeRun();
  try {
    const alarm = JSON.parse(sample('metric-alarm.json')) as { AlarmName: string };
    for (let number = 0; number < 30; number++) {
      const name = `alarm-${number}`;
      const AlarmArn = `arn:aws:cloudwatch:us-east-1:111122223333:alarm:${name}`;
      clock.at(START + number * 100, () => alerts.publish(TOPIC, JSON.stringify({ ...alarm, AlarmName: name, AlarmArn })));
    }
    clock.at(START + 10 * MINUTE, () => clock.stop());
    await clock.drain();

    expect(alerts.sink.messages.length).toBeGreaterThanOrEqual(11);
    expect(alerts.sink.messages.length).toBeLessThanOrEqual(12);
    expect(alerts.sink.messages.at(-1)?.message.text).toContain('Many alarms');
  } finally {
    await stop();
  }
}, 60_000);
