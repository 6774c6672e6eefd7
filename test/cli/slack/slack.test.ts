import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { IncomingWebhook } from '@slack/webhook';
import { run } from '../../../cli/slack.ts';
import { createAwsClient, DYNAMODB } from '../../../lambdas/clients/aws-json.ts';
import { listen } from '../../../local/http/server.ts';
import { PAGER_KEYS, PagerSink } from '../../../local/pagers/sink.ts';
import { SINK_TOKEN, SlackSink } from '../../../local/slack/sink.ts';
import { awsPorts, TABLE_SPEC } from '../../support/alert-table.ts';

/** Runs the command; gives its exit code and what it wrote. */
async function call(args: string[], options: { stdin?: string; env?: { [name: string]: string } } = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await run(args, {
    stdin: Readable.from([options.stdin ?? '']),
    stdout,
    stderr,
    env: options.env ?? {},
    isTty: false,
    cwd: '.',
    now: () => Date.UTC(2026, 10, 21, 8, 40),
  });
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

test('preview shows alert, route, reason and payload', async () => {
  const { code, out } = await call(['preview', 'samples/notifications/metric-alarm.json', '--json']);

  expect(code).toBe(0);
  expect(JSON.parse(out)).toEqual([
    {
      alert: expect.objectContaining({ kind: 'metric-alarm', severity: 'critical' }),
      route: { path: '{}', receiver: 'preview', group: { alertname: 'eks-telemetry-prod-oom-killed-checkout', cluster: 'prod' } },
      reason: 'first',
      why: expect.stringContaining('first message of the group, 30 s after its first alert'),
      payload: expect.objectContaining({ text: expect.stringContaining('Firing') }),
    },
  ]);
});

test('preview with a config takes its routes', async () => {
  const { out } = await call(['preview', 'samples/notifications/metric-alarm.json', '--config', 'config/example.yaml', '--json']);

  expect((JSON.parse(out) as { route: { receiver: string } }[]).map(({ route }) => route.receiver)).toEqual([
    'on-call',
    'platform',
    'web-team',
  ]);
});

test('an alarm and its OK are one resolved message; stdin is read; a repeat can be seen', async () => {
  const ended = await call(['preview', 'samples/notifications/metric-alarm.json', 'samples/notifications/metric-alarm-ok.json', '--json']);
  const repeated = await call(['preview', '-', '--as', 'repeat', '--language', 'ko', '--json'], {
    stdin: readFileSync('samples/notifications/metric-alarm.json', 'utf8'),
  });

  expect(JSON.parse(ended.out)).toEqual([expect.objectContaining({ reason: 'all-resolved' })]);
  expect(JSON.parse(repeated.out)).toEqual([
    expect.objectContaining({ reason: 'repeat', payload: expect.objectContaining({ text: expect.stringContaining('계속 발생 중') }) }),
  ]);
});

test('--html writes a page without a script', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slack-'));
  const { code } = await call(['preview', 'samples/notifications/plain.txt', '--html', join(folder, 'a.html')]);
  const html = readFileSync(join(folder, 'a.html'), 'utf8');
  rmSync(folder, { recursive: true });

  expect(code).toBe(0);
  expect(html).toContain('&lt;!channel&gt; please look at a &amp; b');
  expect(html).not.toMatch(/<script|onerror|javascript:/);
});

test.each([
  [[], 2, /say what to do/],
  [['preview'], 2, /name a file/],
  [['preview', 'nowhere.json'], 2, /there is no such file/],
  [['send', 'samples/notifications/plain.txt'], 2, /send needs --config/],
  [['preview', 'samples/notifications/plain.txt', '--receiver', 'x'], 1, /no route leads there/],
])('%j ends with %i', async (args, code, message) => {
  const result = await call(args as string[]);

  expect([result.code, result.err]).toEqual([code, expect.stringMatching(message as RegExp)]);
});

test('silences are made, listed and ended in the table of the account; what would cover everything is refused', async () => {
  // biome-ignore lint/suspicious/noExplicitAny: dynalite has no types
  const server = await listen((require('dynalite') as any)({ createTableMs: 0 }), 0);
  const env = { AWS_ENDPOINT_URL_DYNAMODB: server.url, AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', USER: 'kim' };
  const client = createAwsClient(DYNAMODB, { region: 'us-east-1' }, awsPorts(env));
  await client('CreateTable', { ...TABLE_SPEC, TableName: 'eks-telemetry-alerts', BillingMode: 'PAY_PER_REQUEST' });
  const with2 = (...args: string[]) => call([...args, '--config', 'config/local.yaml'], { env });

  const made = await with2('silence', 'alertname="pods-oom"', 'cluster=~"prod|dev"', '--for', '4h', '--comment', 'upgrade');
  const id = made.out.split(' ')[0] ?? '';
  const listed = await with2('silences');
  const ended = [await with2('unsilence', id), await with2('unsilence', id)];
  const refused = await with2('silence', 'alertname!="x"');
  await server.close();

  expect(made.out).toMatch(
    /^[0-9a-f]{8} {2}active {3}until 2026-11-21 12:40 UTC {2}\{alertname="pods-oom",cluster=~"prod\|dev"\} {2}kim: upgrade\n$/,
  );
  expect(listed.out).toBe(made.out);
  expect(ended.map(({ code }) => code)).toEqual([0, 1]);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('cover nearly everything')]);
});

describe('with a Slack', () => {
  let sink: SlackSink;
  beforeEach(async () => {
    sink = await new SlackSink(() => 0).start();
  });
  afterEach(() => sink.close());

  test('send posts, and shows no secret', async () => {
    const pager = await new PagerSink(() => 0).start();
    const keys = { SLACK_BOT_TOKEN: SINK_TOKEN, SLACK_WEBHOOK_URL: sink.webhook, PAGER_KEY: PAGER_KEYS.pagerduty };
    const env = { ...keys, SLACK_API_URL: sink.api, PAGER_API_URL: pager.url };
    const { code, err, out } = await call(['send', 'samples/notifications/metric-alarm.json', '--config', 'config/example.yaml'], { env });
    await pager.close();

    expect([code, sink.messages.map(({ channel }) => channel)]).toEqual([0, ['C0123ABCD', 'webhook']]);
    expect(pager.incidents.map(({ severity }) => severity)).toEqual(['critical']);
    expect(err + out).not.toMatch(new RegExp(`localsink|${PAGER_KEYS.pagerduty}`));
    expect(err).toBe('slack: on-call: posted\nslack: platform: posted\nslack: web-team: posted\n');
  });

  test('send says why Slack did not take it', async () => {
    sink.fault = () => ({ status: 404, body: 'no_service' });
    const env = { SLACK_BOT_TOKEN: SINK_TOKEN, SLACK_WEBHOOK_URL: sink.webhook, SLACK_API_URL: sink.api };
    const { code, err } = await call(
      ['send', 'samples/notifications/metric-alarm.json', '--config', 'config/example.yaml', '--receiver', 'web-team'],
      { env },
    );

    expect([code, err]).toEqual([1, 'slack: web-team: not taken: no_service\n']);
  });

  test("Slack's own client posts our message to the sink as we do", async () => {
    const { out } = await call(['preview', 'samples/notifications/alertmanager.json', '--json']);
    const [{ payload }] = JSON.parse(out) as [{ payload: { text: string } }];
    const answer = await new IncomingWebhook(sink.webhook).send(payload);

    expect(answer.text).toBe('ok');
    expect(sink.messages[0]?.message).toEqual(payload);
  });
});
