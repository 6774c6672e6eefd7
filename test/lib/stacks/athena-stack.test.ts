import { readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { catalogueOf, planNamedQueries } from '../../../lib/athena/queries.ts';
import { TABLE_NAMES } from '../../../lib/athena/tables.ts';
import { loadConfig } from '../../../lib/config/load.ts';
import { nagFindings } from '../../support/nag.ts';
import { oneResource, resources, type Statement, type SynthesizedApp, synthFile, synthText } from '../../support/synth.ts';

/** A config with Athena, changed as a test wants it. */
function withAthena(athena: string, more = ''): string {
  return `${readFileSync('config/minimal.yaml', 'utf8')}\nathena: { enabled: true${athena === '' ? '' : `, ${athena}`} }\n${more}`;
}

describe('the Athena stack of the example', () => {
  let app: SynthesizedApp;
  let template: Template;
  beforeAll(() => {
    app = synthFile('config/example.yaml');
    template = app.template('-athena');
  });
  const tables = () => resources(template, 'AWS::Glue::Table').map(([, { Properties }]) => Properties.TableInput);

  test('has no finding of cdk-nag that nobody explained', () => {
    expect(nagFindings(app.app).filter((finding) => finding.includes('-athena'))).toEqual([]);
  });

  test('has tables whose partitions Athena computes: no crawler, no function', () => {
    expect(tables().length).toBeGreaterThanOrEqual(5);
    for (const type of ['AWS::Glue::Crawler', 'AWS::Lambda::Function', 'AWS::Glue::Partition'])
      expect(resources(template, type)).toEqual([]);
    for (const { Name, PartitionKeys, Parameters, StorageDescriptor } of tables()) {
      expect(TABLE_NAMES).toContain(Name);
      const keys = (PartitionKeys ?? []).map((key: { Name: string }) => key.Name);
      const columns = StorageDescriptor.Columns.map((column: { Name: string }) => column.Name);
      expect(keys.filter((key: string) => columns.includes(key) && !['account', 'region', 'source'].includes(key))).toEqual([]);
      for (const name of [...keys, ...columns]) expect(name).toMatch(/^[a-z_][a-z0-9_]*$/);
      for (const key of keys) {
        expect(Parameters['storage.location.template']).toContain(`\${${key}}`);
        expect(Parameters[`projection.${key}.type`]).toMatch(/^(date|enum|integer)$/);
      }
      if (Name !== 'cloudfront') expect(keys.length).toBeGreaterThan(0);
    }
  });

  test('holds no column twice, also between columns and partition keys', () => {
    for (const { Name, PartitionKeys, StorageDescriptor } of tables()) {
      const names = [...(PartitionKeys ?? []), ...StorageDescriptor.Columns].map((column: { Name: string }) => column.Name);
      expect([Name, names.filter((name: string, index: number) => names.indexOf(name) !== index)]).toEqual([Name, []]);
    }
  });

  test('reads accounts and Regions that the config names', () => {
    const alb = tables().find(({ Name }) => Name === 'alb');

    expect(alb.Parameters['projection.account.values']).toBe('111122223333,444455556666');
    expect(alb.Parameters['projection.day.range']).toBe('2025/01/01,NOW+1DAYS');
  });

  test('its workgroup holds everybody to engine 3, the scan limit, metrics and encrypted results', () => {
    const [, { Properties }] = oneResource(template, 'AWS::Athena::WorkGroup');

    expect(Properties.WorkGroupConfiguration).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      PublishCloudWatchMetricsEnabled: true,
      BytesScannedCutoffPerQuery: 200_000_000_000,
      EngineVersion: { SelectedEngineVersion: 'Athena engine version 3' },
      ManagedQueryResultsConfiguration: { Enabled: false },
      ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: expect.anything() } },
    });
  });

  test('deploys every query of the folder whose tables are there, with its header', () => {
    const { config } = app;
    const plan = planNamedQueries(config, catalogueOf(config));
    const queries = resources(template, 'AWS::Athena::NamedQuery').map(([, { Properties }]) => Properties);

    expect(queries.map(({ Name }) => Name).sort()).toEqual(plan.deployed.map(({ name }) => name).sort());
    expect(queries.length).toBeGreaterThanOrEqual(25);
    for (const { QueryString, Database, WorkGroup } of queries) {
      expect(QueryString).toMatch(/^-- Title: /);
      expect(QueryString).not.toContain('{{');
      expect([Database, WorkGroup]).toEqual(['eks_telemetry', 'eks-telemetry']);
    }
    const cost = queries.find(({ Name }) => Name === 'cost-by-namespace');
    expect(cost?.QueryString).toContain('FROM "billing"."cur2"');
  });

  test('its readers see access logs; originals need the second policy', () => {
    const [, reader] = oneResource(template, 'AWS::IAM::ManagedPolicy', 'athena-reader');
    const [, originals] = oneResource(template, 'AWS::IAM::ManagedPolicy', 'athena-originals');
    const statements = (policy: typeof reader): Statement[] => policy.Properties.PolicyDocument.Statement;

    expect(JSON.stringify(statements(reader))).toContain('access-logs');
    expect(JSON.stringify(statements(reader))).not.toMatch(/dead-letters|archive/);
    expect(JSON.stringify(statements(originals))).toContain('dead-letters');
    expect(statements(originals).find(({ Action }) => Action === 'kms:Decrypt')?.Condition).toBeDefined();
    for (const { Action, Effect } of [...statements(reader), ...statements(originals)]) {
      expect(Effect).toBe('Allow');
      for (const action of [Action].flat()) expect(action).not.toMatch(/\*|Delete|glue:(?:Create|Update)/);
    }
    expect(reader.Properties.Roles).toEqual(['platform-admin']);
  });
});

describe('what a config has of Athena', () => {
  test('is nothing where it is not enabled', () => {
    const app = synthFile('config/minimal.yaml');

    expect([...app.templates.keys()].filter((name) => name.endsWith('-athena'))).toEqual([]);
  });

  test('is managed results and dead letters at least; the queries of other tables are left out by name', () => {
    const app = synthText(withAthena(''));
    const template = app.template('-athena');
    const [, { Properties }] = oneResource(template, 'AWS::Athena::WorkGroup');
    const plan = planNamedQueries(app.config, catalogueOf(app.config));

    expect(Properties.WorkGroupConfiguration.ManagedQueryResultsConfiguration).toEqual({ Enabled: true });
    expect(Properties.WorkGroupConfiguration.ResultConfiguration).toBeUndefined();
    expect(plan.deployed.map(({ name }) => name)).toEqual(['dead-letters-by-reason']);
    expect(plan.leftOut).toContainEqual({ name: 'alb-top-clients', reason: 'no log of kind alb in loadBalancers.logs' });
    expect(plan.leftOut).toContainEqual({ name: 'audit-deleted-objects', reason: 'archive.enabled is false' });
    expect(plan.leftOut).toContainEqual({ name: 'cost-by-namespace', reason: 'athena.costReport names no table' });
  });

  test('loses queries that are excluded', () => {
    const app = synthText(withAthena('exclude: ["*"]'));

    expect(resources(app.template('-athena'), 'AWS::Athena::NamedQuery')).toEqual([]);
  });

  test('is a key of sources where two logs share a bucket', () => {
    const logs =
      '\nloadBalancers: { logs: [{ name: a, cluster: CLUSTER, kind: alb }, { name: b, cluster: CLUSTER, kind: alb, prefix: x/y }] }\n';
    const loaded = loadConfig('config/minimal.yaml');
    if (!loaded.ok) throw new Error('config/minimal.yaml is broken');
    const app = synthText(withAthena('', logs.replaceAll('CLUSTER', loaded.config.clusters[0]?.name as string)));
    const alb = resources(app.template('-athena'), 'AWS::Glue::Table').find(([, { Properties }]) => Properties.TableInput.Name === 'alb');

    expect(alb?.[1].Properties.TableInput.Parameters).toMatchObject({
      'projection.source.values': 'a,x/y',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Athena's own placeholder
      'storage.location.template': expect.stringContaining('/${source}/AWSLogs/${account}/elasticloadbalancing/${region}/${day}'),
    });
  });
});
