import { readFileSync } from 'node:fs';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { nagFindings } from '../../support/nag.ts';
import { oneResource, resources, type SynthesizedApp, statements, synthFile, synthText, waitsFor } from '../../support/synth.ts';

const DOMAIN_ARN = 'arn:aws:es:us-east-1:111122223333:domain/eks-telemetry';

describe('managed domain', () => {
  let synthesized: SynthesizedApp;
  let template: Template;
  beforeAll(() => {
    synthesized = synthFile('config/example.yaml');
    template = synthesized.template('-search');
  });
  const domain = () => oneResource(template, 'AWS::OpenSearchService::Domain');

  test('has the version of the config and the general engine', () => {
    expect(domain()[1].Properties).toMatchObject({ EngineVersion: 'OpenSearch_3.5', EngineMode: 'GENERAL' });
  });

  test('is encrypted on disk, between nodes and on the way, with TLS 1.2 at least', () => {
    expect(domain()[1].Properties).toMatchObject({
      EncryptionAtRestOptions: { Enabled: true, KmsKeyId: expect.anything() },
      NodeToNodeEncryptionOptions: { Enabled: true },
      DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-PFS-2023-10' },
    });
  });

  test('has fine-grained access control with the role of search-setup as its master, and no password', () => {
    const options = domain()[1].Properties.AdvancedSecurityOptions;
    const [master] = options.MasterUserOptions.MasterUserARN['Fn::GetAtt'];

    expect(options).toMatchObject({ Enabled: true, InternalUserDatabaseEnabled: false });
    expect(oneResource(template, 'AWS::IAM::Role', 'SetupRole')[0]).toBe(master);
    const [, setup] = oneResource(template, 'AWS::Lambda::Function', 'SEARCH_HAS_ISM');
    expect(setup.Properties.Role['Fn::GetAtt'][0]).toBe(master);
  });

  test('spreads nodes over the zones and takes size and tiers from the config', () => {
    expect(domain()[1].Properties).toMatchObject({
      ClusterConfig: {
        InstanceType: 'm7g.large.search',
        InstanceCount: 3,
        DedicatedMasterEnabled: true,
        DedicatedMasterCount: 3,
        ZoneAwarenessEnabled: true,
        ZoneAwarenessConfig: { AvailabilityZoneCount: 3 },
        WarmEnabled: true,
        WarmType: 'ultrawarm1.medium.search',
      },
      EBSOptions: { EBSEnabled: true, VolumeType: 'gp3', VolumeSize: synthesized.config.search.domain.dataNodes.volumeGiB },
    });
  });

  test('is kept when the stack goes, and updated in place when its version changes', () => {
    const [, resource] = domain();
    expect(resource.DeletionPolicy).toBe('Retain');
    expect(resource.UpdatePolicy).toEqual({ EnableVersionUpgrade: true });
  });

  test('lets in the roles of this account only', () => {
    expect(domain()[1].Properties.AccessPolicies.Statement).toEqual([
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'es:ESHttp*', Resource: `${DOMAIN_ARN}/*` },
    ]);
  });

  test('writes slow, application and audit logs to groups that it alone may write', () => {
    const [, { Properties }] = domain();
    expect(Object.keys(Properties.LogPublishingOptions).sort()).toEqual([
      'AUDIT_LOGS',
      'ES_APPLICATION_LOGS',
      'INDEX_SLOW_LOGS',
      'SEARCH_SLOW_LOGS',
    ]);
    const [policyId, policy] = oneResource(template, 'AWS::Logs::ResourcePolicy');
    const document = JSON.parse(policy.Properties.PolicyDocument);
    expect(document.Statement[0]).toMatchObject({
      Principal: { Service: 'es.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' }, ArnLike: { 'aws:SourceArn': DOMAIN_ARN } },
    });
    expect(document.Statement[0].Resource).toHaveLength(4);
    expect(waitsFor(template, domain()[0], policyId)).toBe(true);
  });

  test('stands in the subnets of the config, and only the functions reach it', () => {
    expect(domain()[1].Properties.VPCOptions.SubnetIds).toEqual(synthesized.config.search.domain.vpc?.subnetIds);
    const [, ingress] = oneResource(template, 'AWS::EC2::SecurityGroupIngress');
    expect(ingress.Properties).toMatchObject({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: expect.anything() });
    for (const part of ['-delivery', '-search']) {
      const inVpc = resources(synthesized.template(part), 'AWS::Lambda::Function').filter(
        ([, fn]) => fn.Properties.Environment?.Variables.SEARCH_ENDPOINT,
      );
      expect(inVpc.length).toBeGreaterThan(0);
      for (const [, fn] of inVpc) expect(fn.Properties.VpcConfig.SubnetIds).toHaveLength(3);
    }
  });

  test('is set up after it is there and its role may, and again when the setup changes', () => {
    const [id, resource] = oneResource(template, 'Custom::SearchSetup');
    expect(waitsFor(template, id, domain()[0])).toBe(true);
    expect(waitsFor(template, id, oneResource(template, 'AWS::IAM::Policy', 'SetupRolePolicy')[0])).toBe(true);
    expect(resource.Properties).toMatchObject({ DomainVersion: '3.5', SetupHash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('tells search-setup the roles of the functions that will write', () => {
    const [, setup] = oneResource(template, 'AWS::Lambda::Function', 'SEARCH_HAS_ISM');
    expect(setup.Properties.Environment.Variables).toMatchObject({ SEARCH_HAS_ISM: '1', SEARCH_HAS_SECURITY: '1' });
    const roles = resources(synthesized.template('-delivery'), 'AWS::IAM::Role')
      .map(([, role]) => role.Properties.RoleName)
      .filter(Boolean);
    expect(roles.sort()).toEqual(['eks-telemetry-prod-log-indexer-direct-us-east-1', 'eks-telemetry-prod-log-indexer-stream-us-east-1']);
  });

  test('allows search-setup every path below the domain, and nothing else of the service', () => {
    const setUp = statements(template, 'SetupRole').filter(({ Sid }) => Sid === 'SetUp');
    expect(setUp).toMatchObject([{ Resource: `${DOMAIN_ARN}/*` }]);
  });
});

const SMALL = `
version: 1
account: "111122223333"
region: us-east-1
clusters: [{ name: prod }]
sources: [{ name: app, cluster: prod, kind: application, route: direct }]
`;
const ADMINS = 'access: { admins: { roles: [arn:aws:iam::111122223333:role/platform-admin] } }';

describe('existing domain', () => {
  test('is not made, only set up, by a role with a name that its owner can map', () => {
    const endpoint = 'https://search-logs-abcdefghijklmnopqrstuvwxyz.us-east-1.es.amazonaws.com';
    const synthesized = synthText(`${SMALL}search: { mode: existing, endpoint: "${endpoint}", ${ADMINS} }\n`);
    const template = synthesized.template('-search');

    template.resourceCountIs('AWS::OpenSearchService::Domain', 0);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ SEARCH_ENDPOINT: endpoint }) },
    });
    template.hasResourceProperties('AWS::IAM::Role', { RoleName: 'eks-telemetry-search-setup-us-east-1' });
    expect(statements(synthesized.template('-delivery')).find(({ Sid }) => Sid === 'Bulk')?.Resource).toBe(
      'arn:aws:es:us-east-1:111122223333:domain/logs/_bulk',
    );
  });

  test('inside a VPC is reached by functions in its subnets, and nothing of the network is made', () => {
    const endpoint = 'https://vpc-logs-abcdefghijklmnopqrstuvwxyz.us-east-1.es.amazonaws.com';
    const vpc = 'vpc: { vpcId: vpc-00000001, subnetIds: [subnet-00000001, subnet-00000002], securityGroupIds: [sg-00000001] }';
    const synthesized = synthText(`${SMALL}search: { mode: existing, endpoint: "${endpoint}", existing: { ${vpc} }, ${ADMINS} }\n`);

    const inVpc = ['-delivery', '-search'].flatMap((part) =>
      resources(synthesized.template(part), 'AWS::Lambda::Function').filter(
        ([, fn]) => fn.Properties.Environment?.Variables.SEARCH_ENDPOINT,
      ),
    );
    expect(inVpc).toHaveLength(2);
    for (const [, { Properties }] of inVpc) {
      expect(Properties.VpcConfig).toEqual({ SubnetIds: ['subnet-00000001', 'subnet-00000002'], SecurityGroupIds: ['sg-00000001'] });
    }
    expect(statements(synthesized.template('-search'), 'SetupRole').map(({ Sid }) => Sid)).toContain('NetworkInterfaces');
    synthesized.template('-search').resourceCountIs('AWS::EC2::SecurityGroup', 0);
    expect(nagFindings(synthesized.app)).toEqual([]);
  });

  test('with a host of its own gets only POST /_bulk on whatever domain stands behind it', () => {
    const synthesized = synthText(`${SMALL}search: { mode: existing, endpoint: "https://logs.example.com", ${ADMINS} }\n`);

    expect(statements(synthesized.template('-delivery')).find(({ Sid }) => Sid === 'Bulk')).toMatchObject({
      Action: 'es:ESHttpPost',
      Resource: 'arn:aws:es:us-east-1:111122223333:domain/*/_bulk',
    });
  });
});

describe('a public domain', () => {
  test('has no network of its own, and functions stay outside of any VPC', () => {
    const synthesized = synthText(`${SMALL}search: { ${ADMINS} }\n`);

    expect(oneResource(synthesized.template('-search'), 'AWS::OpenSearchService::Domain')[1].Properties.VPCOptions).toBeUndefined();
    for (const [, fn] of resources(synthesized.template('-delivery'), 'AWS::Lambda::Function'))
      expect(fn.Properties.VpcConfig).toBeUndefined();
  });
});

describe('a domain with an identity provider', () => {
  const saml =
    '{ entityId: "https://idp.example.com/saml?tenant=1&app=logs", metadataFile: idp-metadata.xml, rolesKey: groups, subjectKey: email }';
  const access = 'access: { admins: { samlGroups: [ops] } }';
  const synthesized = synthText(`${SMALL}search: { domain: { saml: ${saml} }, ${access} }\n`, 'test/lib/config/saml');

  test('gets its metadata, and lets browsers with its sessions in', () => {
    const [, { Properties }] = oneResource(synthesized.template('-search'), 'AWS::OpenSearchService::Domain');

    expect(Properties.AdvancedSecurityOptions.SAMLOptions).toEqual({
      Enabled: true,
      Idp: {
        EntityId: 'https://idp.example.com/saml?tenant=1&app=logs',
        MetadataContent: readFileSync('test/lib/config/saml/idp-metadata.xml', 'utf8').trim(),
      },
      RolesKey: 'groups',
      SubjectKey: 'email',
      SessionTimeoutMinutes: 60,
    });
    expect(Properties.AccessPolicies.Statement[0].Principal).toEqual({ AWS: '*' });
  });

  test('passes the AwsSolutions rules', () => {
    expect(nagFindings(synthesized.app)).toEqual([]);
  });
});
