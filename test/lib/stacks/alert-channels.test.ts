import type { Template } from 'aws-cdk-lib/assertions';
import { nagFindings } from '../../support/nag.ts';
import { resources, type SynthesizedApp, statements, synthText } from '../../support/synth.ts';

const KEY = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:eks-telemetry/pagerduty-Ab12Cd';
const HEAD = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: none }]
search: { mode: none }
slack:
  enabled: true
  operatorEmail: platform@example.com
  emails: [{ address: oncall@example.com, severities: [critical] }, { address: team@example.com, severities: [warning, info] }]
  amazonQ: [{ name: platform, workspace: T0123ABCD, channel: C0456EFGH }]
  gitHub: { repositories: [example/checkout] }
  approvals: { tell: true }
`;
const WITH_PAGER = `${HEAD}  receivers: [{ name: on-call, pagerDuty: "${KEY}", site: eu }]\n`;

let synthesized: SynthesizedApp;
let template: Template;
beforeAll(() => {
  synthesized = synthText(WITH_PAGER);
  template = synthesized.template('-alerts');
});

const topicOf = (severity: string) => ({ Ref: expect.stringMatching(new RegExp(`^Topic${severity}`)) });

test('passes the AwsSolutions rules', () => {
  expect(nagFindings(synthesized.app)).toEqual([]);
});

test('each address hears the topics of its severities', () => {
  const emails = resources(template, 'AWS::SNS::Subscription')
    .map(([, { Properties }]) => Properties)
    .filter(({ Protocol }) => Protocol === 'email')
    .map(({ Endpoint, TopicArn }) => [Endpoint, TopicArn]);

  expect(emails).toEqual(
    expect.arrayContaining([
      ['oncall@example.com', topicOf('critical')],
      ['team@example.com', topicOf('warning')],
      ['team@example.com', topicOf('info')],
    ]),
  );
  expect(emails).toHaveLength(4);
});

test('no address of a subscription holds a key: there is none by https at all', () => {
  const protocols = resources(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Protocol);

  expect(new Set(protocols)).toEqual(new Set(['sqs', 'email']));
  expect(JSON.stringify(template.toJSON())).not.toContain('{{resolve:');
});

test('the notifier may read the pager’s key and nothing else', () => {
  const reading = statements(template).filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager'));

  expect(reading.map(({ Action, Resource }) => [Action, Resource])).toEqual([['secretsmanager:GetSecretValue', KEY]]);
});

test('Amazon Q has guardrails and wants a role of each user', () => {
  const [[, { Properties }] = ['', { Properties: {} }]] = resources(template, 'AWS::Chatbot::SlackChannelConfiguration');

  expect(Properties).toMatchObject({
    ConfigurationName: 'eks-telemetry-platform',
    SlackWorkspaceId: 'T0123ABCD',
    SlackChannelId: 'C0456EFGH',
    UserRoleRequired: true,
    GuardrailPolicies: [{ Ref: expect.stringMatching(/^AmazonQplatformReading/) }],
    SnsTopicArns: [topicOf('critical'), topicOf('warning'), { Ref: expect.stringMatching(/^EventTopic/) }],
  });
  const [[, policy] = ['', { Properties: {} }]] = resources(template, 'AWS::IAM::ManagedPolicy');
  const actions: string[] = policy.Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  expect(actions.filter((action) => !/^cloudwatch:(?:Describe|Get|List)[A-Za-z]+$/.test(action))).toEqual([]);
});

test('guardrails of the config take the place of ours', () => {
  const own = 'arn:aws:iam::111122223333:policy/chat';
  const other = synthText(WITH_PAGER.replace('channel: C0456EFGH', `channel: C0456EFGH, guardrails: ["${own}"], events: false`));

  other.template('-alerts').hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', { GuardrailPolicies: [own] });
});

test('events reach the queue and, apart from it, the topic of Amazon Q', () => {
  const rules = resources(template, 'AWS::Events::Rule').filter(([, { Properties }]) => Properties.EventPattern !== undefined);

  expect(rules.length).toBeGreaterThan(1);
  for (const [, { Properties }] of rules)
    expect(Properties.Targets.map(({ Arn, RoleArn }: { Arn: unknown; RoleArn: unknown }) => [JSON.stringify(Arn), RoleArn])).toEqual([
      [expect.stringContaining('AlertsQueue'), undefined],
      [expect.stringContaining('EventTopic'), undefined],
    ]);
  const policies = resources(template, 'AWS::SNS::TopicPolicy').flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
  const forAll = policies.filter(
    ({ Condition, Principal }) => JSON.stringify(Principal).includes('events.amazonaws.com') && Condition === undefined,
  );
  expect(forAll).toEqual([]);
});

test('of the actions of pipelines only approvals are told', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.codepipeline'],
      'detail-type': ['CodePipeline Action Execution State Change'],
      detail: { type: { category: ['Approval'] } },
    },
  });
});

test('workflows of one repository publish to one topic, by a role without a key', () => {
  const [[, role] = ['', { Properties: {} }]] = resources(template, 'AWS::IAM::Role').filter(
    ([, { Properties }]) => Properties.RoleName === 'eks-telemetry-alerts-github',
  );
  expect(role.Properties.AssumeRolePolicyDocument.Statement).toEqual([
    expect.objectContaining({
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
        StringLike: { 'token.actions.githubusercontent.com:sub': ['repo:example/checkout:*'] },
      },
    }),
  ]);
  const publish = statements(template).filter(({ Sid }) => Sid === 'Publish');
  expect(publish.map(({ Action, Resource }) => [Action, Resource])).toEqual([['sns:Publish', topicOf('info')]]);
});

test('without receivers there is no notifier: topics, e-mails and Amazon Q stand alone', () => {
  const alone = synthText(HEAD).template('-alerts');

  alone.resourceCountIs('AWS::Lambda::Function', 0);
  alone.resourceCountIs('AWS::SQS::Queue', 0);
  alone.resourceCountIs('AWS::DynamoDB::Table', 0);
  alone.resourceCountIs('AWS::Chatbot::SlackChannelConfiguration', 1);
});
