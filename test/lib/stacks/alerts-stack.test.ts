import type { Template } from 'aws-cdk-lib/assertions';
import { nagFindings } from '../../support/nag.ts';
import { resources, type SynthesizedApp, statements, synthText } from '../../support/synth.ts';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:eks-telemetry/slack-Ab12Cd';
const CONFIG = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: none }]
search: { mode: none }
slack:
  enabled: true
  receivers: [{ name: platform, botToken: "${SECRET}", channel: C0123ABCD }]
  publishers: [cloudwatch, events, aps, budgets]
  operatorEmail: platform@example.com
`;

let synthesized: SynthesizedApp;
let template: Template;
beforeAll(() => {
  synthesized = synthText(CONFIG);
  template = synthesized.template('-alerts');
});

test('passes the AwsSolutions rules', () => {
  expect(nagFindings(synthesized.app)).toEqual([]);
});

test.each(['cloudwatch', 'events', 'aps', 'budgets'])('%s may publish to every topic and use its key, for this account only', (service) => {
  const own = { StringEquals: { 'aws:SourceAccount': '111122223333' } };
  const principals = (statement: { Principal?: { Service?: string | string[] } }): string[] => [statement.Principal?.Service ?? []].flat();
  const [key] = resources(template, 'AWS::KMS::Key');
  const ofKey = key?.[1].Properties.KeyPolicy.Statement.filter((statement: object) =>
    principals(statement).includes(`${service}.amazonaws.com`),
  );
  const [byAccount, ...more] = ofKey;
  expect(byAccount).toMatchObject({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Condition: own });
  // On its way to a topic EventBridge names no account to KMS, only the topic.
  const ofTopics = { ArnLike: { 'kms:EncryptionContext:aws:sns:topicArn': 'arn:aws:sns:us-east-1:111122223333:*' } };
  expect(more.map(({ Condition }: { Condition: object }) => Condition)).toEqual(service === 'events' ? [ofTopics] : []);

  const topics = resources(template, 'AWS::SNS::Topic').filter(([, { Properties }]) => !Properties.TopicName.endsWith('operator'));
  expect(topics.map(([, { Properties }]) => Properties.TopicName)).toEqual(
    ['critical', 'warning', 'info'].map((severity) => `eks-telemetry-alerts-${severity}`),
  );
  for (const [id, { Properties }] of topics) {
    expect(Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] });
    const policies = resources(template, 'AWS::SNS::TopicPolicy').filter(([, policy]) =>
      JSON.stringify(policy.Properties.Topics).includes(id),
    );
    const publish = policies.flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement).filter((one) => one.Sid === 'Publishers');
    expect(publish).toEqual([expect.objectContaining({ Action: 'sns:Publish', Condition: own })]);
    expect(publish.flatMap(principals)).toContain(`${service}.amazonaws.com`);
  }
});

test('alarms on the way to Slack reach the operator whatever else may publish', () => {
  const other = synthText(CONFIG.replace('publishers: [cloudwatch, events, aps, budgets]', 'publishers: [events]')).template('-alerts');
  const [, key] = resources(other, 'AWS::KMS::Key')[0] ?? [];

  expect(JSON.stringify(key?.Properties.KeyPolicy)).toContain('"cloudwatch.amazonaws.com"');
});

test('SNS may use the key of the queues', () => {
  const [, key] = resources(template, 'AWS::KMS::Key')[0] ?? [];
  expect(JSON.stringify(key?.Properties.KeyPolicy)).toContain('sns.amazonaws.com');
});

test('the queue gives up into the dead letters after five deliveries, and its mapping reads partial answers', () => {
  template.hasResourceProperties('AWS::SQS::Queue', {
    QueueName: 'eks-telemetry-alerts',
    VisibilityTimeout: 360,
    RedrivePolicy: { maxReceiveCount: 5 },
  });
  template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  });
});

test('each topic of a severity leads to the queue, with the envelope', () => {
  const subscriptions = resources(template, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties);

  expect(subscriptions.filter(({ Protocol }) => Protocol === 'sqs')).toHaveLength(3);
  expect(subscriptions.filter(({ RawMessageDelivery }) => RawMessageDelivery === true)).toEqual([]);
  expect(subscriptions.filter(({ Protocol }) => Protocol === 'email').map(({ Endpoint }) => Endpoint)).toEqual(['platform@example.com']);
});

test('reads that one secret and nothing else', () => {
  const reading = statements(template).filter(
    ({ Action }) => JSON.stringify(Action).includes('secretsmanager') || JSON.stringify(Action).includes('ssm:'),
  );

  expect(reading.map(({ Action, Resource }) => [Action, Resource])).toEqual([['secretsmanager:GetSecretValue', SECRET]]);
});

test('no function knows a secret: its place stands in a file of the asset, not in the environment', () => {
  for (const [, { Properties }] of resources(template, 'AWS::Lambda::Function'))
    expect(Object.keys(Properties.Environment?.Variables ?? {}).filter((name) => /SECRET|TOKEN|WEBHOOK|SLACK/.test(name))).toEqual([]);
});

test('what watches the way to Slack goes by another way', () => {
  const alarms = resources(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

  expect(alarms.map(({ AlarmName }) => AlarmName).sort()).toEqual([
    'eks-telemetry-alerts-late',
    'eks-telemetry-alerts-no-sweep',
    'eks-telemetry-alerts-not-told',
  ]);
  for (const { AlarmActions } of alarms) expect(JSON.stringify(AlarmActions)).toContain('Operator');
});

test('a fresh deploy is no silent sweeper', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'eks-telemetry-alerts-no-sweep',
    TreatMissingData: 'breaching',
    WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 20, OnlyStartEvaluatingAfterWarmUpPeriodEnds: true },
  });
});

test('there is no such stack as long as Slack is off', () => {
  const off = synthText(CONFIG.replace('enabled: true', 'enabled: false'));

  expect(off.stacks.map(({ stackName }) => stackName).filter((name) => name.endsWith('-alerts'))).toEqual([]);
});
