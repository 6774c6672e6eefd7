import type { Template } from 'aws-cdk-lib/assertions';
import { oneResource, resources, statements, synthFile, synthText, waitsFor } from '../../support/synth.ts';
import { yamlWith } from '../config/texts.ts';

const GROUP_ARN = 'arn:aws:logs:us-east-1:111122223333:log-group:/aws/eks/prod/cluster';

describe('logging of a cluster', () => {
  let template: Template;
  beforeAll(() => {
    template = synthFile('config/example.yaml').template('-prod-logging');
  });
  const group = (name: string) => oneResource(template, 'Custom::AdoptedLogGroup', `"LogGroupName":"${name}"`);

  test('adopts the control-plane group and those of the agents, each with its retention and key', () => {
    const adopted = resources(template, 'Custom::AdoptedLogGroup').map(([, { Properties }]) => [
      Properties.LogGroupName,
      Properties.RetentionInDays,
    ]);

    expect(Object.fromEntries(adopted)).toEqual({
      '/aws/eks/prod/cluster': 90,
      '/aws/containerinsights/prod/application': 30,
      '/aws/containerinsights/prod/host': 14,
      '/aws/containerinsights/prod/dataplane': 14,
      '/aws/containerinsights/prod/performance': 7,
      '/aws/containerinsights/prod/events': 30,
    });
    for (const [, { Properties }] of resources(template, 'Custom::AdoptedLogGroup')) {
      expect(Properties).toMatchObject({
        KmsKeyArn: { 'Fn::ImportValue': expect.stringContaining('DataKey') },
        Tags: { team: 'platform' },
      });
    }
  });

  test('turns logging on after the group has its retention and key', () => {
    const [id, { Properties }] = oneResource(template, 'Custom::ControlPlaneLogging');

    expect(waitsFor(template, id, group('/aws/eks/prod/cluster')[0])).toBe(true);
    expect(Properties).toMatchObject({
      ClusterName: 'prod',
      LogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
      LogGroupArn: GROUP_ARN,
      DisableOnDelete: false,
    });
  });

  test('calls no handler before its permissions are there', () => {
    const [loggingId] = oneResource(template, 'Custom::ControlPlaneLogging');
    for (const part of ['ControlPlaneStartExecutionPolicy', 'ControlPlaneWaitExecutionPolicy']) {
      expect(waitsFor(template, loggingId, oneResource(template, 'AWS::IAM::Policy', part)[0])).toBe(true);
    }
    for (const [id] of resources(template, 'Custom::AdoptedLogGroup')) {
      expect(waitsFor(template, id, oneResource(template, 'AWS::IAM::Policy', 'LogGroupsSetupExecutionPolicy')[0])).toBe(true);
    }
  });

  test('gives up before CloudFormation does, at the time of the config', () => {
    const [, { Properties }] = oneResource(template, 'Custom::ControlPlaneLogging');
    const [, waiter] = oneResource(template, 'AWS::StepFunctions::StateMachine');
    const definition = JSON.stringify(waiter.Properties.DefinitionString);
    const seconds = Number(/IntervalSeconds\\+":(\d+)/.exec(definition)?.[1]) * Number(/MaxAttempts\\+":(\d+)/.exec(definition)?.[1]);

    expect(seconds).toBe(30 * 60);
    expect(Number(Properties.ServiceTimeout)).toBeGreaterThan(seconds);
  });

  test('may change the logging of this cluster only', () => {
    const cluster = statements(template).filter(({ Sid }) => Sid === 'Cluster');
    expect(cluster.map(({ Resource }) => Resource)).toEqual(Array(2).fill('arn:aws:eks:us-east-1:111122223333:cluster/prod'));
    expect([...new Set(cluster.flatMap(({ Action }) => Action))].sort()).toEqual([
      'eks:DescribeCluster',
      'eks:DescribeUpdate',
      'eks:ListUpdates',
      'eks:UpdateClusterConfig',
    ]);
    expect(statements(template).find(({ Sid }) => Sid === 'Note')?.Resource).toBe(GROUP_ARN);
  });

  test('may change the adopted groups only, and may not delete one', () => {
    const groups = statements(template, 'LogGroupsSetup').find(({ Sid }) => Sid === 'Groups');
    for (const arn of (groups?.Resource ?? []) as string[])
      expect(arn).toMatch(/log-group:\/aws\/(?:eks\/prod\/cluster|containerinsights\/prod\/[a-z]+)(?::\*)?$/);
    expect(groups?.Resource).toHaveLength(12);
    expect(JSON.stringify(groups?.Action)).not.toMatch(/Delete(?!IndexPolicy)/);
  });
});

const CLUSTERS = (enablements: string[]) => `
version: 1
account: "111122223333"
region: us-east-1
clusters:
${enablements.map((enablement, index) => `  - { name: c${index}, controlPlane: { enablement: ${enablement}, logTypes: [${index === 0 ? 'audit' : 'api'}] } }`).join('\n')}
sources: [{ name: app, cluster: c0, kind: application, route: direct }]
search: { access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } } }
`;

test('a telemetry rule replaces the custom resource, once for all clusters of the account', () => {
  const synthesized = synthText(CLUSTERS(['telemetryRule', 'telemetryRule']));

  const template = synthesized.template('-c0-logging');
  const [id, rule] = oneResource(template, 'AWS::ObservabilityAdmin::TelemetryRule');
  expect(rule.Properties.Rule).toMatchObject({
    ResourceType: 'AWS::EKS::Cluster',
    TelemetryType: 'Logs',
    TelemetrySourceTypes: ['EKS_AUDIT_LOGS', 'EKS_API_LOGS'],
  });
  expect(waitsFor(template, id, oneResource(template, 'Custom::AdoptedLogGroup', '/aws/eks/c0/cluster"')[0])).toBe(true);
  for (const stack of synthesized.templates.values()) stack.resourceCountIs('Custom::ControlPlaneLogging', 0);
  synthesized.template('-c1-logging').resourceCountIs('AWS::ObservabilityAdmin::TelemetryRule', 0);
});

test('with enablement none the groups are adopted and the logging is left alone', () => {
  const template = synthText(CLUSTERS(['none'])).template('-c0-logging');

  template.resourceCountIs('Custom::AdoptedLogGroup', 6);
  template.resourceCountIs('Custom::ControlPlaneLogging', 0);
  template.resourceCountIs('AWS::ObservabilityAdmin::TelemetryRule', 0);
});

test('groups of the OTel variant that a source names are made before their agent would make them without end', () => {
  const template = synthText(
    yamlWith({
      sources: [{ name: 'otel', cluster: 'prod', kind: 'application', logGroup: '/aws/otel/containerinsights/prod/application' }],
    }),
  ).template('-prod-logging');

  const adopted = resources(template, 'Custom::AdoptedLogGroup').map(([, { Properties }]) => [
    Properties.LogGroupName,
    Properties.RetentionInDays,
  ]);

  expect(Object.fromEntries(adopted)).toMatchObject({ '/aws/otel/containerinsights/prod/application': 30 });
  expect(Object.fromEntries(adopted)).not.toHaveProperty(['/aws/otel/containerinsights/prod/host']);
});
