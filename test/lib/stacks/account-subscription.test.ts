import { oneResource, resources, type SynthesizedApp, synthText, waitsFor } from '../../support/synth.ts';

const config = (route: string, further = '') => `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }, { name: dev }]
sources:
  - { name: everything, cluster: prod, kind: logGroup, logGroup: "*", route: ${route}, subscription: account }
  - { name: control-plane, cluster: prod, kind: controlPlane, route: stream }
  - { name: dev-app, cluster: dev, kind: application, route: direct }
  - { name: dev-host, cluster: dev, kind: host, route: none }
accountSubscription: { excludeLogGroups: [/example/secret] ${further} }
search: { access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } } }
`;

function excluded(synthesized: SynthesizedApp): string[] {
  const [, policy] = oneResource(synthesized.template('-prod-delivery'), 'AWS::Logs::AccountPolicy');
  const text = String(policy.Properties.SelectionCriteria);
  expect(text.startsWith('LogGroupName NOT IN [')).toBe(true);
  return JSON.parse(text.slice('LogGroupName NOT IN '.length));
}

test('leaves out every group of this app in every stack, so that it cannot feed itself', () => {
  const synthesized = synthText(config('direct'));

  const own = [...synthesized.templates.values()].flatMap((template) =>
    resources(template, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties.LogGroupName),
  );
  expect(own.length).toBeGreaterThan(15);
  expect(excluded(synthesized)).toEqual(expect.arrayContaining(own));
});

test('leaves out groups with a filter of their own, those without a route, and those that the config names', () => {
  expect(excluded(synthText(config('direct')))).toEqual(
    expect.arrayContaining([
      '/aws/eks/prod/cluster',
      '/aws/containerinsights/dev/application',
      '/aws/containerinsights/dev/host',
      '/example/secret',
    ]),
  );
});

test('sends the rest to the function, by the one permission that it has', () => {
  const template = synthText(config('direct')).template('-prod-delivery');
  const [id, { Properties }] = oneResource(template, 'AWS::Logs::AccountPolicy');

  expect(Properties).toMatchObject({ PolicyType: 'SUBSCRIPTION_FILTER_POLICY', Scope: 'ALL' });
  const [functionId] = oneResource(template, 'AWS::Lambda::Function', '"SOURCE_ROUTE":"direct"');
  expect(JSON.stringify(Properties.PolicyDocument)).toContain(`"Fn::GetAtt":["${functionId}","Arn"]`);
  expect(waitsFor(template, id, oneResource(template, 'AWS::Lambda::Permission')[0])).toBe(true);
});

test('sends the rest to a stream with a role and spread over its shards', () => {
  const template = synthText(config('stream')).template('-prod-delivery');
  const [, { Properties }] = oneResource(template, 'AWS::Logs::AccountPolicy');
  const document = JSON.stringify(Properties.PolicyDocument).replaceAll('\\"', '"');

  expect(document).toContain('"Distribution":"Random"');
  expect(document).toContain('"RoleArn":');
});
