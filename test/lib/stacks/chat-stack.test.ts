import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { loadConfigText } from '../../../lib/config/load.ts';
import { notifierRulesFor } from '../../../lib/config/notifier-rules.ts';
import { nagFindings } from '../../support/nag.ts';
import { oneResource, resources, type SynthesizedApp, statements, synthText } from '../../support/synth.ts';

const ACCOUNT = 'us-east-1:111122223333';
const SIGNING = `arn:aws:secretsmanager:${ACCOUNT}:secret:slack-signing-Ab12Cd`;
const TOKEN = `arn:aws:ssm:${ACCOUNT}:parameter/slack-bot`;
const CONFIG = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources:
  - { name: app, cluster: prod, kind: application, route: direct }
  - { name: events, cluster: prod, kind: events, route: direct }
search: { mode: managed, domain: { version: "3.5", dataNodes: { instanceType: m7g.large.search, count: 3, volumeGiB: 100 }, zones: 3 } }
slack:
  enabled: true
  receivers: [{ name: platform, botToken: "${TOKEN}", channel: C0123ABCD }]
  chat:
    enabled: true
    signingSecret: ${SIGNING}
    botToken: ${TOKEN}
    workspaces: [T0123ABCD]
    channels: [C0123ABCD]
    users: [U0123ABCD]
    silencers: [U0456EFGH]
    queries: ["events/*", applications/latest-lines]
    families: [eks-events, eks-application]
`;

let synthesized: SynthesizedApp;
let template: Template;
beforeAll(() => {
  synthesized = synthText(CONFIG);
  template = synthesized.template('-chat');
});

const of = (id: string) => statements(template, id).map(({ Action, Resource, Sid }) => [Sid, Action, Resource] as const);
const find = (id: string, sid: string) => of(id).find(([one]) => one === sid);

test('passes the AwsSolutions rules', () => {
  expect(nagFindings(synthesized.app)).toEqual([]);
});

test('the URL is open to Slack and says why; nothing else can call the function by it', () => {
  const [, url] = oneResource(template, 'AWS::Lambda::Url');
  expect(url.Properties).toEqual({ AuthType: 'NONE', TargetFunctionArn: { 'Fn::GetAtt': [expect.stringMatching(/^Command/), 'Arn'] } });
  for (const [, { Properties }] of resources(template, 'AWS::Lambda::Permission'))
    expect([
      Properties.FunctionUrlAuthType === 'NONE' || Properties.InvokedViaFunctionUrl === true,
      JSON.stringify(Properties.FunctionName),
    ]).toEqual([true, expect.stringContaining('Command')]);
  template.hasOutput('ChatUrl', {});
});

test('the function behind the URL may read the signing secret and hand on, and nothing else', () => {
  expect(of('Command').map(([sid]) => sid)).toEqual(['OwnLog', 'Traces', 'Secrets', 'HandOn']);
  expect(find('Command', 'Secrets')).toEqual(['Secrets', 'secretsmanager:GetSecretValue', SIGNING]);
  expect(find('Command', 'HandOn')).toEqual([
    'HandOn',
    'lambda:InvokeFunction',
    { 'Fn::GetAtt': [expect.stringMatching(/^Worker/), 'Arn'] },
  ]);
});

test('the worker asks exactly the log groups of the queries that the config opens', () => {
  const [, actions, asked] = find('Worker', 'StartQuery') ?? [];
  expect(actions).toBe('logs:StartQuery');
  expect(asked).toEqual(
    ['application', 'events'].map((group) => `arn:aws:logs:us-east-1:111122223333:log-group:/aws/containerinsights/prod/${group}:*`),
  );
});

test('the worker reads and writes the table of alerts, reads metrics and searches; it sends no alerts, and cannot read the signing secret', () => {
  expect(of('Worker').map(([sid]) => sid)).toEqual([
    'OwnLog',
    'Traces',
    'AlertTable',
    'AlertKey',
    'Parameters',
    'StartQuery',
    'QueryResults',
    'Metrics',
    'Search',
  ]);
  expect(find('Worker', 'AlertTable')?.[1]).toEqual(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query']);
  expect(find('Worker', 'Parameters')?.[2]).toBe(TOKEN);
  const [, search, path] = find('Worker', 'Search') ?? [];
  expect([search, JSON.stringify(path)]).toEqual(['es:ESHttpPost', expect.stringMatching(/domain\/eks-telemetry\/\*\/_search"/)]);
});

test('the domain lets the worker search the families that are open, and nothing else', () => {
  const { access } = JSON.parse(assetFile('search-setup.json')) as {
    access: { chat?: { families: string[]; backendRoles: string[] } };
  };
  expect(access.chat).toEqual({
    families: ['eks-application', 'eks-events'],
    backendRoles: ['arn:aws:iam::111122223333:role/eks-telemetry-chat-worker-us-east-1'],
  });
});

test('both have a bound of calls at a time, a log group of their own, and no secret in the environment', () => {
  const functions = resources(template, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties);
  expect(functions.map(({ FunctionName, ReservedConcurrentExecutions }) => [FunctionName, ReservedConcurrentExecutions]).sort()).toEqual([
    ['eks-telemetry-chat-command', 5],
    ['eks-telemetry-chat-worker', 2],
  ]);
  for (const { Environment, LoggingConfig } of functions) {
    expect(Object.keys(Environment.Variables).filter((name) => /SECRET|TOKEN|SLACK/.test(name))).toEqual([]);
    expect(LoggingConfig.LogGroup).toBeDefined();
  }
});

test('Lambda does not ask a question again by itself', () => {
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 300 });
});

test('failures and forged calls ring', () => {
  const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  expect(alarms.map(({ AlarmName }) => AlarmName.replace('eks-telemetry-chat-', '')).sort()).toEqual([
    'command-errors',
    'failed',
    'forged',
    'throttled',
    'worker-errors',
  ]);
  for (const { AlarmActions, OKActions } of alarms)
    expect([AlarmActions, OKActions]).toEqual(Array(2).fill([`arn:aws:sns:${ACCOUNT}:eks-telemetry-alerts-warning`]));
});

test('messages have buttons that silence only where somebody answers to them', () => {
  const off = loadConfigText(CONFIG.replace('chat:\n    enabled: true', 'chat:\n    enabled: false'), 'a.yaml', { folder: '.' });

  expect(JSON.parse(assetFile('notifier.json'))).toMatchObject({ isInteractive: true });
  expect(off.ok && notifierRulesFor(off.config).isInteractive).toBe(false);
});

test('there is no such stack as long as chat is off', () => {
  const off = synthText(CONFIG.replace('chat:\n    enabled: true', 'chat:\n    enabled: false'));
  expect(off.stacks.map(({ stackName }) => stackName).filter((name) => name.endsWith('-chat'))).toEqual([]);
});

/** A file of one of the assets. */
function assetFile(name: string): string {
  const { directory } = synthesized.app.synth();
  const found = readdirSync(directory, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith(`/${name}`));
  return readFileSync(join(directory, found ?? ''), 'utf8');
}

test('decides for the pipelines that the config names, and for no others', () => {
  expect(of('Worker').filter(([, action]) => JSON.stringify(action).includes('codepipeline'))).toEqual([]);
  const approvals = '  approvals: { tell: true, pipelines: [checkout], approvers: [U0456EFGH] }\n';
  const deciding = statements(synthText(CONFIG + approvals).template('-chat'), 'Worker').filter(({ Action }) =>
    JSON.stringify(Action).includes('codepipeline'),
  );

  expect(deciding.map(({ Action, Resource }) => [Action, Resource])).toEqual([
    [['codepipeline:GetPipelineState', 'codepipeline:ListActionExecutions'], 'arn:aws:codepipeline:us-east-1:111122223333:checkout'],
    ['codepipeline:PutApprovalResult', 'arn:aws:codepipeline:us-east-1:111122223333:checkout/*'],
  ]);
});
