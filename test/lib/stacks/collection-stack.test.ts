import type { Template } from 'aws-cdk-lib/assertions';
import { observabilityValues } from '../../../collector/addon/observability-values.ts';
import { componentsOf } from '../../../collector/kubernetes/manifests.ts';
import type { Config } from '../../../lib/config/load.ts';
import { nagFindings } from '../../support/nag.ts';
import {
  oneResource,
  resources,
  type Statement,
  type SynthesizedApp,
  statements,
  synthFile,
  synthText,
  waitsFor,
} from '../../support/synth.ts';
import { yamlWith } from '../config/texts.ts';

const OBJECT = 'Custom::AWSCDK-EKS-KubernetesResource';
const VPC = { vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };

const objectsIn = (template: Template) => resources(template, OBJECT).map(([, { Properties }]) => JSON.parse(Properties.Manifest)[0]);
const objectsOf = (config: Config) =>
  config.clusters.flatMap((cluster) => componentsOf(config, cluster).flatMap(({ manifests }) => manifests.map(({ object }) => object)));

describe('collection of a cluster that the deploy reaches', () => {
  let app: SynthesizedApp;
  let template: Template;
  beforeAll(() => {
    app = synthFile('config/example.yaml');
    template = app.template('-prod-collection');
  });

  test('installs the very objects that render writes', () => {
    expect(objectsIn(template)).toEqual(JSON.parse(JSON.stringify(objectsOf(app.config))));
  });

  test('gives the add-on the values that render writes, and the pinned version', () => {
    const [cluster] = app.config.clusters;
    const [, { Properties }] = oneResource(template, 'AWS::EKS::Addon', 'amazon-cloudwatch-observability');
    expect(JSON.parse(Properties.ConfigurationValues)).toEqual(observabilityValues({ config: app.config, cluster: cluster as never }));
    expect(Properties).toMatchObject({ AddonVersion: 'v6.5.0-eksbuild.1', ClusterName: 'prod', ResolveConflicts: 'OVERWRITE' });
    expect(Properties.PodIdentityAssociations).toEqual([{ ServiceAccount: 'cloudwatch-agent', RoleArn: expect.anything() }]);
  });

  test('deletes objects with their resources, but never a namespace, in which others live', () => {
    for (const [, { Properties, DeletionPolicy }] of resources(template, OBJECT)) {
      const { kind } = JSON.parse(Properties.Manifest)[0];
      expect([kind, DeletionPolicy]).toEqual([kind, kind === 'Namespace' ? 'Retain' : 'Delete']);
    }
  });

  test('starts a pod only when it finds its namespace, its files, its rights and its role', () => {
    const [daemonSet] = oneResource(template, OBJECT, '"kind\\":\\"DaemonSet');
    for (const part of ['kind\\":\\"Namespace', 'kind\\":\\"ConfigMap\\",\\"metadata\\":{\\"name\\":\\"eks-telemetry-fluent-bit'])
      expect(waitsFor(template, daemonSet, oneResource(template, OBJECT, part)[0])).toBe(true);
    for (const [association] of resources(template, 'AWS::EKS::PodIdentityAssociation'))
      expect(waitsFor(template, daemonSet, association)).toBe(true);
    expect(waitsFor(template, daemonSet, oneResource(template, 'AWS::EKS::Addon', 'eks-pod-identity-agent')[0])).toBe(true);
  });

  test('keeps its way into the cluster until every object is deleted', () => {
    const [entry, { Properties }] = oneResource(template, 'AWS::EKS::AccessEntry');
    for (const [id] of resources(template, OBJECT)) expect(waitsFor(template, id, entry)).toBe(true);
    expect(Properties.AccessPolicies).toEqual([
      { AccessScope: { Type: 'cluster' }, PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy' },
    ]);
  });

  test('lets one service account of one cluster take each role, and nobody else', () => {
    const trusts = resources(template, 'AWS::IAM::Role')
      .map(([, { Properties }]) => Properties.AssumeRolePolicyDocument.Statement[0] as Statement)
      .filter(({ Principal }) => JSON.stringify(Principal).includes('pods.eks.amazonaws.com'));
    expect(trusts.map(({ Action, Condition }) => [Action, Condition])).toEqual(
      ['eks-telemetry-fluent-bit', 'eks-telemetry-events', 'eks-telemetry-volumes', 'cloudwatch-agent'].map((account) => [
        ['sts:AssumeRole', 'sts:TagSession'],
        {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': 'arn:aws:eks:us-east-1:111122223333:cluster/prod',
            'aws:RequestTag/kubernetes-namespace': 'amazon-cloudwatch',
            'aws:RequestTag/kubernetes-service-account': account,
          },
        },
      ]),
    );
  });

  test('lets pods write to log groups of their cluster and those that the config names', () => {
    const groups = statements(template, 'Role')
      .filter(({ Action }) => [Action].flat().includes('logs:PutLogEvents'))
      .flatMap(({ Resource }) => [Resource].flat() as string[])
      .filter((resource) => typeof resource === 'string' && !resource.includes('/aws/lambda/'));
    for (const group of groups)
      expect(group).toMatch(
        /:log-group:(\/aws\/containerinsights\/prod\/(application|dataplane|host|performance|events)|\/example\/[a-z-]+)(:\*)?$/,
      );
    expect(groups.length).toBeGreaterThan(10);
  });

  test('brings a kubectl that fits the cluster, outside of a VPC', () => {
    const [, { Properties }] = oneResource(template, 'AWS::Lambda::Function', 'prod-installer');
    expect(Properties).toMatchObject({ Handler: 'index.handler', Timeout: 900, Layers: [expect.anything(), expect.anything()] });
    expect(Properties.VpcConfig).toBeUndefined();
  });

  test('comes after the groups that agents would make without retention, and after the subscriptions', () => {
    const stack = app.stacks.find(({ stackName }) => stackName.endsWith('-prod-collection'));
    const before = stack?.dependencies.map(({ stackName }) => stackName) ?? [];
    expect(before).toEqual(expect.arrayContaining(['eks-telemetry-prod-logging', 'eks-telemetry-prod-delivery']));
  });
});

test('a private endpoint is reached from its VPC, with the groups that the config names', () => {
  const { app, template } = synthText(
    yamlWith({
      clusters: [{ name: 'prod', kubernetesVersion: '1.35', install: { endpoint: 'private', vpc: VPC, podIdentityAgent: 'present' } }],
      collection: { fargate: true, metricsServer: true, containerInsights: { hostMetrics: true, prometheusControlPlane: true } },
    }),
  );
  const stack = template('-prod-collection');

  expect(oneResource(stack, 'AWS::Lambda::Function', 'prod-installer')[1].Properties.VpcConfig).toEqual({
    SubnetIds: VPC.subnetIds,
    SecurityGroupIds: VPC.securityGroupIds,
  });
  expect(resources(stack, 'AWS::EKS::Addon').map(([, { Properties }]) => Properties.AddonName)).toEqual([
    'metrics-server',
    'amazon-cloudwatch-observability',
  ]);
  const metrics = statements(stack, 'AgentRole').find(({ Action }) => Action === 'cloudwatch:PutMetricData');
  expect(metrics?.Condition).toEqual({ StringEquals: { 'cloudwatch:namespace': 'CWAgent' } });
  expect(objectsIn(stack).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
    expect.arrayContaining(['ConfigMap aws-logging', 'ClusterRole eks-telemetry-control-plane-metrics']),
  );
  expect(Object.keys(stack.findOutputs('FargateLogPolicyArn'))).toHaveLength(1);
  expect(nagFindings(app)).toEqual([]);
});

test.each([
  ['install: render', { collection: { install: 'render' }, clusters: [{ name: 'prod', kubernetesVersion: '1.33' }] }],
  ['a cluster of which the version is unknown', { clusters: [{ name: 'prod' }] }],
])('with %s there are roles and associations, and nothing that reaches into the cluster', (_name, members) => {
  const stack = synthText(yamlWith(members)).template('-prod-collection');

  expect(resources(stack, 'AWS::EKS::PodIdentityAssociation').map(([, { Properties }]) => Properties.ServiceAccount)).toEqual([
    'eks-telemetry-fluent-bit',
    'eks-telemetry-events',
    'eks-telemetry-volumes',
    'cloudwatch-agent',
  ]);
  for (const type of [OBJECT, 'AWS::EKS::Addon', 'AWS::EKS::AccessEntry', 'AWS::Lambda::Function'])
    expect(resources(stack, type)).toEqual([]);
});

test('the add-on’s Fluent Bit writes with the rights of the agent, and our own is not installed', () => {
  const stack = synthText(
    yamlWith({
      clusters: [{ name: 'prod', kubernetesVersion: '1.33' }],
      collection: { logs: 'addon', events: { enabled: false }, volumes: { enabled: false } },
    }),
  ).template('-prod-collection');

  expect(resources(stack, OBJECT)).toEqual([]);
  expect(JSON.stringify(statements(stack, 'AgentRole'))).toContain('/aws/containerinsights/prod/application');
});
