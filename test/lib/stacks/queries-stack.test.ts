import type { Template } from 'aws-cdk-lib/assertions';
import { type Config, loadConfig } from '../../../lib/config/load.ts';
import { planQueries } from '../../../lib/config/query-plan.ts';
import { queryNamesIn } from '../../../lib/config/saved-queries.ts';
import { oneResource, resources, type SynthesizedApp, synthFile } from '../../support/synth.ts';

describe('saved queries of a cluster', () => {
  let app: SynthesizedApp;
  let template: Template;
  let config: Config;
  beforeAll(() => {
    app = synthFile('config/example.yaml');
    config = app.config;
    template = app.template('-prod-queries');
  });
  const definitions = () => resources(template, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties);

  test('are all of the catalogue: the example has every kind of log', () => {
    const names = config.savedQueries.queries.map(({ name }) => `eks-telemetry/prod/${name}`);

    expect(definitions().map(({ Name }) => Name)).toEqual(expect.arrayContaining(names));
    expect(names.length).toBe(definitions().length);
    const files = queryNamesIn('queries/insights');
    expect(files.length).toBeGreaterThanOrEqual(103);
    expect(names.sort()).toEqual(files.map((name) => `eks-telemetry/prod/${name}`).sort());
  });

  test('ask the groups that hold their logs, within the limits of CloudWatch', () => {
    for (const { Name, QueryString, LogGroupNames } of definitions()) {
      expect(Name.length).toBeLessThanOrEqual(255);
      expect(QueryString.length).toBeLessThanOrEqual(10_000);
      expect(QueryString).not.toMatch(/^#/);
      expect(LogGroupNames.length).toBeGreaterThan(0);
      for (const group of LogGroupNames)
        expect(group).toMatch(/^\/aws\/(eks\/prod\/cluster|containerinsights\/prod\/|lambda\/eks-telemetry-(prod-|redrive))/);
    }
  });

  test('have their parameters, a default being what the file says, the empty one too', () => {
    const [, { Properties }] = oneResource(template, 'AWS::Logs::QueryDefinition', '"eks-telemetry/prod/security/denied-requests"');

    expect(Properties.Parameters).toContainEqual(
      expect.objectContaining({ Name: 'code', DefaultValue: '403', Description: expect.any(String) }),
    );
    expect(Properties.QueryString).toContain('{{code}}');
  });

  test('find the fields of their filterIndex in the policy of every group', () => {
    const logging = app.template('-prod-logging');
    const plan = planQueries(config, config.clusters[0] as (typeof config.clusters)[0]);
    for (const [, { Properties }] of resources(logging, 'Custom::AdoptedLogGroup')) {
      expect(Properties.IndexFields ?? []).toEqual(plan.indexedFields.get(Properties.LogGroupName) ?? []);
    }
  });

  test('are a stack of their own that waits for nothing', () => {
    const stack = app.stacks.find(({ stackName }) => stackName.endsWith('-prod-queries'));

    expect(stack?.dependencies).toEqual([]);
  });

  test('are left out by name where the logs are not there', () => {
    const minimal = loadConfig('config/minimal.yaml');
    if (!minimal.ok) throw new Error('config/minimal.yaml is broken');
    const [cluster] = minimal.config.clusters;
    const plan = planQueries(minimal.config, cluster as NonNullable<typeof cluster>);

    expect(plan.deployed.length + plan.leftOut.length).toBe(minimal.config.savedQueries.queries.length);
    for (const { reason } of plan.leftOut)
      expect(reason).toMatch(/^(no source of kind|controlPlane\.logTypes|collection\.metrics|nothing of this cluster)/);
  });
});
