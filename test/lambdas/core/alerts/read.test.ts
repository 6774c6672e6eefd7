import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Alert } from '../../../../lambdas/core/alerts/alert.ts';
import { readAlerts } from '../../../../lambdas/core/alerts/read.ts';
import { openAnyNotification } from '../../../../lambdas/events/notifications.ts';

const RECEIVED = Date.UTC(2026, 10, 21, 8, 40);
const CONTEXT = { receivedAt: RECEIVED, account: '111122223333', region: 'us-east-1' };
const FOLDER = 'samples/notifications';

function sampleAlerts(file: string): Alert[] {
  return openAnyNotification(readFileSync(`${FOLDER}/${file}`, 'utf8'), RECEIVED).flatMap((incoming) => readAlerts(incoming, CONTEXT));
}

const only = (file: string): Alert => {
  const alerts = sampleAlerts(file);
  expect(alerts).toHaveLength(1);
  return alerts[0] as Alert;
};

test('an alarm becomes an alert with its value, threshold, labels by our names, and links', () => {
  const alert = only('metric-alarm.json');

  expect(alert).toMatchObject({
    kind: 'metric-alarm',
    severity: 'critical',
    startsAt: Date.UTC(2026, 10, 21, 8, 25, 30, 120),
    labels: {
      alertname: 'eks-telemetry-prod-oom-killed-checkout',
      cluster: 'prod',
      namespace: 'prod-web',
      workload: 'checkout',
      team: 'web-team',
      account: '111122223333',
      region: 'us-east-1',
    },
    measurement: { value: 1, threshold: 1, comparison: 'GreaterThanOrEqualToThreshold', statistic: 'Maximum', periodSeconds: 60 },
  });
  expect(alert.links).toEqual([
    {
      kind: 'alarm',
      url: 'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/eks-telemetry-prod-oom-killed-checkout',
    },
    { kind: 'runbook', url: 'https://wiki.example.com/runbooks/oom' },
  ]);
  expect(alert.endsAt).toBeUndefined();
});

test('its OK is the same alert, ended', () => {
  const firing = only('metric-alarm.json');
  const ended = only('metric-alarm-ok.json');

  expect(ended.key).toBe(firing.key);
  expect(ended.labels).toEqual(firing.labels);
  expect(ended.endsAt).toBe(Date.UTC(2026, 10, 21, 8, 37, 30, 118));
});

test('an alarm that lost its data neither fires by a value nor is resolved', () => {
  const alert = only('metric-alarm-no-data.json');

  expect(alert).toMatchObject({ isBlind: true, measurement: { threshold: 85 } });
  expect(alert.endsAt).toBeUndefined();
  expect(alert.measurement?.value).toBeUndefined();
});

test.each<[string, Partial<Alert> & { readonly labels?: object }]>([
  [
    'metric-math-alarm.json',
    {
      kind: 'metric-alarm',
      measurement: {
        metric: '5xx of all requests',
        value: 12.4,
        threshold: 5,
        namespace: 'AWS/ApplicationELB',
        periodSeconds: 60,
        comparison: 'GreaterThanThreshold',
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
      },
    },
  ],
  [
    'anomaly-alarm.json',
    {
      kind: 'anomaly-alarm',
      measurement: expect.objectContaining({ metric: 'pod_cpu_utilization', value: 83.2, lower: 9.8, upper: 41.5 }),
    },
  ],
  [
    'composite-alarm.json',
    {
      kind: 'composite-alarm',
      labels: { cluster: 'prod' },
      details: [{ name: 'In alarm', value: 'eks-telemetry-prod-alb-5xx, eks-telemetry-prod-oom-killed-checkout' }],
    },
  ],
  [
    'log-alarm.json',
    {
      kind: 'log-alarm',
      labels: { namespace: 'prod-web', container: 'orders' },
      measurement: { metric: 'query result', value: 42, threshold: 20, comparison: 'GreaterThanThreshold' },
    },
  ],
  ['promql-alarm.json', { kind: 'promql-alarm', labels: { namespace: 'prod-web', pod: 'orders-7d9f8c6b5-x2x4q' } }],
  [
    'alarm-event.json',
    {
      kind: 'metric-alarm',
      severity: 'critical',
      measurement: expect.objectContaining({ value: 97, threshold: 10 }),
      labels: { team: 'platform', cluster: 'prod' },
    },
  ],
  ['alarm-lambda-action.json', { kind: 'metric-alarm', title: 'eks-telemetry-prod-pending-pods', labels: { namespace: 'prod-web' } }],
  [
    'guardduty.json',
    { kind: 'guardduty', lifecycle: 'once', severity: 'critical', labels: { cluster: 'prod', namespace: 'default', workload: 'debug' } },
  ],
  ['malware-scan.json', { kind: 'malware-scan', severity: 'critical' }],
  ['security-hub.json', { kind: 'security-hub', lifecycle: 'state', severity: 'critical' }],
  ['health-issue.json', { kind: 'health', lifecycle: 'state', severity: 'critical', title: 'EKS: operational issue' }],
  ['codepipeline-failed.json', { kind: 'codepipeline', lifecycle: 'state', title: 'checkout: failed' }],
  [
    'codepipeline-approval.json',
    { kind: 'codepipeline', lifecycle: 'once', title: 'checkout › production › approve waits for an approval' },
  ],
  ['codebuild-failed.json', { kind: 'codebuild', lifecycle: 'state', reason: expect.stringContaining('exit status 1') }],
  ['eks-addon-degraded.json', { kind: 'eks', lifecycle: 'state', title: 'prod › vpc-cni › Addon Health Degraded' }],
  ['spot-interruption.json', { kind: 'kubernetes-node', severity: 'warning', labels: { instance: 'i-0123456789abcdef0' } }],
  ['autoscaling.json', { kind: 'autoscaling', severity: 'warning' }],
  ['rds.json', { kind: 'rds', labels: { database: 'orders-db', alertname: 'RDS-EVENT-0089' } }],
  [
    'codepipeline-approval-waiting.json',
    {
      kind: 'codepipeline',
      lifecycle: 'state',
      title: 'checkout › production › approve waits for an approval',
      approval: {
        request: { pipeline: 'checkout', stage: 'production', action: 'approve', execution: '01234567-89ab-4cde-8f01-23456789abcd' },
      },
    },
  ],
  [
    'github-review.json',
    { kind: 'github-actions', lifecycle: 'state', title: 'example/checkout › deploy › production waits for an approval', approval: {} },
  ],
  ['github-actions.json', { kind: 'github-actions', lifecycle: 'state', title: 'example/checkout › deploy: failure' }],
  ['budget.txt', { kind: 'budget', title: 'Budget eks-logs: actual $842.17' }],
  ['backup.json', { kind: 'backup', severity: 'warning', title: 'backup job failed' }],
  ['cloudformation.txt', { kind: 'cloudformation', severity: 'warning', title: 'eks-telemetry-search: update rollback in progress' }],
  ['plain.txt', { kind: 'text', lifecycle: 'once', title: 'The nightly export took 48 minutes, usually it takes 9.' }],
  ['unknown.json', { kind: 'json', severity: 'warning', details: expect.arrayContaining([{ name: 'result.rows', value: '182731' }]) }],
])('%s is understood', (file, expected) => {
  expect(only(file)).toMatchObject(expected);
});

test('what failed in a build is told by its words, whatever else its sender wrote beside them', () => {
  const build = JSON.parse(readFileSync(`${FOLDER}/codebuild-failed.json`, 'utf8'));
  for (const phase of build.detail['additional-information'].phases) phase['phase-context'] = [{ a: 1 }, 'npm test failed', null, ['b']];
  const [alert] = readAlerts({ text: JSON.stringify(build), id: '1', sentAt: RECEIVED }, CONTEXT);

  expect(alert?.reason).toBe('npm test failed');
});

test('a composite reported twice for one change is one report: SNS and EventBridge give the same key and time', () => {
  const bySns = readAlerts(
    {
      text: JSON.stringify({
        AlarmName: 'a',
        NewStateValue: 'ALARM',
        AlarmArn: 'arn:aws:cloudwatch:us-east-1:111122223333:alarm:a',
        StateChangeTime: '2026-11-21T08:25:30.120+0000',
      }),
      id: '1',
      sentAt: RECEIVED,
    },
    CONTEXT,
  );
  const byEvent = readAlerts(
    {
      text: JSON.stringify({
        'detail-type': 'CloudWatch Alarm State Change',
        resources: ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:a'],
        detail: { alarmName: 'a', state: { value: 'ALARM', timestamp: '2026-11-21T08:25:30.120+0000' } },
      }),
      id: '2',
      sentAt: RECEIVED,
    },
    CONTEXT,
  );

  expect(byEvent[0]).toMatchObject({ key: bySns[0]?.key, updatedAt: bySns[0]?.updatedAt });
});

test('Alertmanager tells of what fires and of what ended in one message, as JSON and as text', () => {
  const asJson = sampleAlerts('alertmanager.json');
  const asText = sampleAlerts('alertmanager.txt');

  expect(asJson.map(({ endsAt, labels }) => [labels['pod'], endsAt !== undefined])).toEqual([
    ['orders-7d9f8c6b5-x2x4q', false],
    ['orders-7d9f8c6b5-k9dzm', false],
    ['orders-7d9f8c6b5-8wq7r', false],
    ['orders-7d9f8c6b5-zz9pl', true],
  ]);
  expect(asText.map(({ endsAt, labels }) => [labels['node'], endsAt !== undefined])).toEqual([
    ['ip-10-0-11-35.ec2.internal', false],
    ['ip-10-0-11-78.ec2.internal', true],
  ]);
});

test('resources inside a stack that go well are no news', () => {
  const text =
    "StackId='arn:aws:cloudformation:us-east-1:111122223333:stack/x/1'\nLogicalResourceId='Bucket'\nStackName='x'\nResourceStatus='CREATE_COMPLETE'\n";

  expect(readAlerts({ text, id: '1', sentAt: RECEIVED }, CONTEXT)).toEqual([]);
});

test('a time from the far future counts as a minute from now at most', () => {
  const text = JSON.stringify({ AlarmName: 'a', NewStateValue: 'ALARM', StateChangeTime: '2099-01-01T00:00:00.000+0000' });

  expect(readAlerts({ text, id: '1', sentAt: RECEIVED }, CONTEXT)[0]?.updatedAt).toBe(RECEIVED + 60_000);
});

test.each([
  'null',
  '5',
  'true',
  '"text"',
  '[]',
  '{}',
  '',
  ' ',
  '{"AlarmName":5}',
  '{"AlarmName":"a"}',
  '{"attachments":[],"text":"<!channel>"}',
  '{"Event Source":null}',
])('%s is told as a plain message', (text) => {
  const alerts = readAlerts({ text, id: '1', sentAt: RECEIVED }, CONTEXT);

  expect(alerts).toHaveLength(1);
  expect(['json', 'text']).toContain(alerts[0]?.kind);
});

test('an alert is small enough for a row of the table, whatever its sender wrote', () => {
  const long = 'x'.repeat(200_000);
  const alerts = [
    {
      labels: Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`${n}${long.slice(0, 500)}`, long])),
      annotations: { description: long, summary: long },
    },
  ];
  const text = JSON.stringify({ receiver: 'a', groupLabels: {}, alerts });

  for (const alert of readAlerts({ text, id: '1', sentAt: RECEIVED }, CONTEXT)) expect(JSON.stringify(alert).length).toBeLessThan(100_000);
});

const files = readdirSync(FOLDER).map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'));

test('no change of a known message makes a reader throw or lose it', () => {
  const odd = fc.oneof(
    fc.constant(null),
    fc.constant({}),
    fc.constant([]),
    fc.constant(''),
    fc.integer(),
    fc.string(),
    fc.constant('__proto__'),
    fc.double(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), odd, (text, position, value) => {
      const [incoming] = openAnyNotification(changed(text, position, value), RECEIVED);
      const alerts = incoming === undefined ? [] : readAlerts(incoming, CONTEXT);

      if (incoming !== undefined && !incoming.text.startsWith('StackId=')) expect(alerts.length).toBeGreaterThan(0);
      for (const alert of alerts) {
        expect(Number.isFinite(alert.startsAt) && Number.isFinite(alert.updatedAt)).toBe(true);
        expect(alert.updatedAt).toBeLessThanOrEqual(RECEIVED + 60_000);
      }
    }),
    { numRuns: 1500 },
  );
});

/** The text with one member of its JSON replaced, or with a part cut out. */
function changed(text: string, position: number, value: unknown): string {
  if (!text.startsWith('{'))
    return text.slice(0, position % (text.length + 1)) + String(value) + text.slice((position * 7) % (text.length + 1));
  const root = JSON.parse(text) as object;
  const places: [{ [name: string]: unknown }, string][] = [];
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    for (const name of Object.keys(node)) {
      places.push([node as { [name: string]: unknown }, name]);
      walk((node as { [name: string]: unknown })[name]);
    }
  };
  walk(root);
  const [node, name] = places[position % places.length] as [{ [name: string]: unknown }, string];
  node[name] = value;
  return JSON.stringify(root);
}
