import { oneResource, resources, type SynthesizedApp, synthText, waitsFor } from '../../support/synth.ts';

const config = (route: string) => `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }, { name: dev }]
sources:
  - { name: everything, cluster: prod, kind: logGroup, logGroup: "*", route: ${route}, subscription: account }
  - { name: prod-app, cluster: prod, kind: application, route: ${route}, subscription: account }
  - { name: batch, cluster: prod, kind: logGroup, logGroup: /example/batch, route: ${route}, subscription: account }
  - { name: control-plane, cluster: prod, kind: controlPlane, route: stream }
  - { name: dev-app, cluster: dev, kind: application, route: direct }
  - { name: dev-host, cluster: dev, kind: host, route: none }
accountSubscription: { excludeLogGroups: [/example/secret] }
search: { access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } } }
`;

/** Each config is synthesized once for all tests of this file. */
const synthesized = { direct: synthText(config('direct')), stream: synthText(config('stream')) };

function excluded(app: SynthesizedApp): string[] {
  const [, policy] = oneResource(app.template('-prod-delivery'), 'AWS::Logs::AccountPolicy');
  const text = String(policy.Properties.SelectionCriteria);
  expect(text.startsWith('LogGroupName NOT IN [')).toBe(true);
  return JSON.parse(text.slice('LogGroupName NOT IN '.length));
}

test('leaves out every group of this app in every stack, so that it cannot feed itself', () => {
  const own = [...synthesized.direct.templates.values()].flatMap((template) =>
    resources(template, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.LogGroupName),
  );
  expect(own.length).toBeGreaterThan(15);
  expect(excluded(synthesized.direct)).toEqual(expect.arrayContaining(own));
});

test('leaves out groups with a filter of their own, those without a route, and those that the config names', () => {
  expect(excluded(synthesized.direct)).toEqual(
    expect.arrayContaining([
      '/aws/eks/prod/cluster',
      '/aws/containerinsights/dev/application',
      '/aws/containerinsights/dev/host',
      '/example/secret',
    ]),
  );
});

test('sends the rest to the function, by the one permission that it has', () => {
  const template = synthesized.direct.template('-prod-delivery');
  const [id, { Properties }] = oneResource(template, 'AWS::Logs::AccountPolicy');

  expect(Properties).toMatchObject({ PolicyType: 'SUBSCRIPTION_FILTER_POLICY', Scope: 'ALL' });
  const [functionId] = oneResource(template, 'AWS::Lambda::Function', '"SOURCE_ROUTE":"direct"');
  expect(JSON.stringify(Properties.PolicyDocument)).toContain(`"Fn::GetAtt":["${functionId}","Arn"]`);
  expect(waitsFor(template, id, oneResource(template, 'AWS::Lambda::Permission')[0])).toBe(true);
});

test('sends the rest to a stream with a role and spread over its shards', () => {
  const template = synthesized.stream.template('-prod-delivery');
  const [, { Properties }] = oneResource(template, 'AWS::Logs::AccountPolicy');
  const document = JSON.stringify(Properties.PolicyDocument).replaceAll('\\"', '"');

  expect(document).toContain('"Distribution":"Random"');
  expect(document).toContain('"RoleArn":');
});

test.each(['direct', 'stream'] as const)('makes one policy for all sources of route %s that ask for it, in all stacks', (route) => {
  const policies = [...synthesized[route].templates.values()].flatMap((template) => resources(template, 'AWS::Logs::AccountPolicy'));

  expect(policies).toHaveLength(1);
  expect(policies[0]?.[1].Properties.PolicyName).toBe('eks-telemetry-account-subscription');
  const groups = resources(synthesized[route].template('-prod-delivery'), 'AWS::Logs::SubscriptionFilter').map(
    ([, { Properties }]) => Properties.LogGroupName,
  );
  expect(groups).toEqual(['/aws/eks/prod/cluster']);
});

test('takes the groups that its sources name', () => {
  expect(excluded(synthesized.direct)).not.toContain('/aws/containerinsights/prod/application');
  expect(excluded(synthesized.direct)).not.toContain('/example/batch');
});

test('has one stream for all its sources, beside those of sources with filters of their own', () => {
  const streams = resources(synthesized.stream.template('-prod-delivery'), 'AWS::Kinesis::Stream').map(
    ([, { Properties }]) => Properties.Name,
  );

  expect(streams.sort()).toEqual(['eks-telemetry-prod-control-plane', 'eks-telemetry-prod.account']);
  synthesized.stream.template('-prod-delivery').resourceCountIs('AWS::Lambda::EventSourceMapping', 2);
});
