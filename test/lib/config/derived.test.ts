import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { searchTemplates } from '../../../lambdas/core/index/mappings/templates.ts';
import { excludedLogGroups, groupsLeftOut, selectionCriteria } from '../../../lib/config/account-policy.ts';
import { configJsonSchema, configJsonSchemaText } from '../../../lib/config/json-schema.ts';
import { loadConfig } from '../../../lib/config/load.ts';
import { nearestName } from '../../../lib/config/nearest-name.ts';
import { fieldName, showValue } from '../../../lib/config/problems.ts';
import type { Config } from '../../../lib/config/resolve.ts';
import { rulesFor } from '../../../lib/config/rules.ts';
import { clustersOf, searchSetupFor } from '../../../lib/config/search-setup.ts';
import { summarize } from '../../../lib/config/summary.ts';
import { configWith, dataOf } from './texts.ts';

function example(name: string): Config {
  const loaded = loadConfig(`config/${name}.yaml`, { provesRegexes: false });
  if (!loaded.ok) throw new Error(`config/${name}.yaml`);
  return loaded.config;
}

describe('rules of a cluster', () => {
  const rules = rulesFor(example('example'), 'prod');

  test('are plain JSON', () => {
    expect(JSON.parse(JSON.stringify(rules))).toEqual(rules);
  });

  test('carry sources with their groups, families and formats', () => {
    expect(rules.sources.map(({ name, logGroups, family, format }) => [name, logGroups, family, format])).toEqual([
      ['prod-control-plane', ['/aws/eks/prod/cluster'], 'eks-api', 'auto'],
      ['prod-application', ['/aws/containerinsights/prod/application'], 'eks-application', 'auto'],
      ['prod-host', ['/aws/containerinsights/prod/host'], 'eks-host', 'auto'],
      ['prod-events', ['/aws/containerinsights/prod/events'], 'eks-events', 'json'],
      ['billing-batch', ['/example/billing-batch'], 'eks-application', 'json'],
    ]);
    expect(rules.sources[0]?.controlPlaneFamilies).toMatchObject({ audit: 'eks-audit', controllerManager: 'eks-controller-manager' });
  });

  test('carry an application’s pattern and its own redaction', () => {
    const legacy = rules.applications.find(({ name }) => name === 'legacy');

    expect(legacy?.pattern).toMatchObject({ timeKey: 'time', timeFormat: 'iso8601' });
    expect(rules.applications.find(({ name }) => name === 'cbf-server')?.redaction?.patterns[0]?.name).toBe('licence-key');
  });

  test('carry the ages that decide about late events', () => {
    expect(rules.families['eks-audit']).toEqual({ period: 'day', retentionDays: 90, warmAfterDays: 7 });
    expect(rules.timeBounds).toEqual({ backMs: 14 * 86_400_000, aheadMs: 2 * 3_600_000 });
  });

  test('of one route leave out the others’ sources', () => {
    expect(rulesFor(example('example'), 'prod', { route: 'stream' }).sources.map(({ name }) => name)).toEqual(['prod-control-plane']);
  });

  test('count and drop what arrives of unknown groups only where the account policy sends it', () => {
    const sources = [
      { name: 'a', cluster: 'prod', kind: 'application', subscription: 'account', route: 'stream' },
      { name: 'b', cluster: 'prod', kind: 'host', route: 'direct' },
    ];
    const config = configWith({ sources });

    expect(rulesFor(config, 'prod', { route: 'stream' }).unknownLogGroups).toBe('exclude');
    expect(rulesFor(config, 'prod', { route: 'direct' })).not.toHaveProperty('unknownLogGroups');
  });

  test('leave out sources that are not indexed and applications of other clusters', () => {
    const config = configWith({
      clusters: [{ name: 'prod' }, { name: 'stage' }],
      sources: [
        { name: 'a', cluster: 'prod', kind: 'application' },
        { name: 'b', cluster: 'prod', kind: 'host', route: 'none' },
        { name: 'c', cluster: 'stage', kind: 'application' },
      ],
      applications: [{ name: 'x', match: { cluster: 'st*', namespace: 'x' } }],
    });

    expect(rulesFor(config, 'prod')).toMatchObject({ sources: [{ name: 'a' }], applications: [] });
    expect(rulesFor(config, 'stage')).toMatchObject({ sources: [{ name: 'c' }], applications: [{ name: 'x' }] });
  });

  test('of a cluster that is not there are an error that names those that are', () => {
    expect(() => rulesFor(example('example'), 'x')).toThrow('no cluster "x" in the config; clusters: prod');
  });
});

describe('the search setup', () => {
  test('has the families that get documents, with their clusters by index name', () => {
    const config = configWith({
      clusters: [{ name: 'Prod' }, { name: 'stage' }],
      sources: [
        { name: 'a', cluster: 'Prod', kind: 'controlPlane' },
        { name: 'b', cluster: 'stage', kind: 'application' },
      ],
      applications: [{ name: 'shop', match: { namespace: 'shop' }, index: 'shop', fields: { ms: 'long' } }],
    });

    const setup = searchSetupFor(config);

    expect(setup.families.map(({ name, kind, clusters }) => [name, kind, clusters.join()])).toEqual([
      ['eks-api', 'records', 'prod'],
      ['eks-application', 'records', 'stage'],
      ['eks-audit', 'audit', 'prod'],
      ['eks-authenticator', 'records', 'prod'],
      ['eks-controller-manager', 'records', 'prod'],
      ['eks-scheduler', 'records', 'prod'],
      ['shop', 'records', 'stage'],
    ]);
    expect(setup.families.at(-1)?.fields).toEqual({ ms: 'long' });
    expect(clustersOf(config, 'eks-host')).toEqual([]);
  });

  test('makes templates whose names are all different', () => {
    const templates = searchTemplates(searchSetupFor(example('example')));
    const names = [...templates.indexTemplates, ...templates.roles].map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('eks-telemetry-checkout-prod');
  });

  test('has one entry per family for readers: a second mapping of one role would replace the first', () => {
    const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
    const config = configWith({
      search: {
        domain: {
          saml: {
            entityId: 'https://idp.example.com/saml?tenant=1&app=logs',
            metadataFile: 'test/lib/config/saml/idp-metadata.xml',
            rolesKey: 'groups',
          },
        },
        access: {
          readers: [
            { family: '*', roles: [role('a')] },
            { family: '*', roles: [role('b')], samlGroups: ['g'] },
          ],
        },
      },
    });

    expect(searchSetupFor(config).access.readers).toEqual([{ family: '*', backendRoles: [role('a'), role('b'), 'g'] }]);
  });
});

describe('the schema for editors', () => {
  test('is the committed one', () => {
    expect(readFileSync('config/config.schema.json', 'utf8')).toBe(configJsonSchemaText());
  });

  test('accepts the committed configs and refuses an unknown field', () => {
    const validate = new Ajv2020({ strict: false }).compile(configJsonSchema());

    for (const name of ['example', 'local', 'minimal']) {
      expect([name, validate(dataOf(readFileSync(`config/${name}.yaml`, 'utf8'))), validate.errors]).toEqual([name, true, null]);
    }
    expect(validate({ ...(dataOf(readFileSync('config/minimal.yaml', 'utf8')) as object), acount: 1 })).toBe(false);
  });

  test('describes every field of the top', () => {
    const { properties } = configJsonSchema() as { properties: { [name: string]: { description?: string } } };

    for (const [name, field] of Object.entries(properties)) expect([name, field.description]).toEqual([name, expect.any(String)]);
  });
});

describe('the summary', () => {
  const summary = summarize(example('example'), Date.UTC(2026, 10, 21, 10));

  test('names stacks, slots and indexes of this moment', () => {
    expect(summary.stacks).toEqual([
      'eks-telemetry-storage',
      'eks-telemetry-search',
      'eks-telemetry-prod-logging',
      'eks-telemetry-prod-delivery',
      'eks-telemetry-archive',
      'eks-telemetry-athena',
      'eks-telemetry-prod-firehose',
      'eks-telemetry-prod-collection',
      'eks-telemetry-access-logs',
      'eks-telemetry-alerts',
      'eks-telemetry-chat',
      'eks-telemetry-prod-queries',
      'eks-telemetry-prod-alarms',
      'eks-telemetry-alarms',
    ]);
    const odd = configWith({
      prefix: 'x',
      search: { domain: { name: 'logs' } },
      clusters: [{ name: 'A_B-c' }],
      sources: [{ name: 'app', cluster: 'A_B-c', kind: 'application' }],
    });
    expect(summarize(odd, Date.UTC(2026, 10, 21, 10)).stacks).toContain('x-A-B-c-logging-99fc2b');
    expect(summary.clusters[0]?.sources[0]).toMatchObject({
      slots: '2 of 2',
      route: 'stream + archive',
      retentionDays: 90,
      exclusions: ['watch-noise (counts only)'],
    });
    expect(summary.families.find(({ name }) => name === 'checkout')?.examples).toEqual(['checkout-prod-2026.11.21']);
  });
});

describe('the account policy', () => {
  test('leaves out our own groups and the given ones, each once, sorted', () => {
    const sources = [{ name: 'all', cluster: 'prod', kind: 'logGroup', logGroup: '*', subscription: 'account' }];
    const config = configWith({ sources, accountSubscription: { excludeLogGroups: ['/b', '/a', '/b'] } });

    expect(groupsLeftOut(config)).toEqual(['/a', '/b']);
    expect(excludedLogGroups(config)).toEqual([...excludedLogGroups(config)].sort());
    expect(excludedLogGroups(config)).toEqual(expect.arrayContaining(['/a', '/b', '/aws/lambda/eks-telemetry-prod-log-indexer-direct']));
    expect(selectionCriteria(['/a', '/b"c'])).toBe('LogGroupName NOT IN ["/a","/b\\"c"]');
  });

  test('leaves out groups with a filter of their own, but not one that a source of the policy takes as well', () => {
    const source = (name: string, more: object) => ({ name, cluster: 'prod', kind: 'logGroup', ...more });
    const config = configWith({
      sources: [
        source('own', { logGroup: '/own', route: 'stream' }),
        source('both', { logGroup: '/both', route: 'stream' }),
        source('both-account', { logGroup: '/both', subscription: 'account', filterPattern: '' }),
        source('not', { logGroup: '/not', subscription: 'account', route: 'none' }),
      ],
    });

    expect(groupsLeftOut(config)).toEqual(['/not', '/own']);
  });
});

describe('words of messages', () => {
  test.each<[string, readonly string[], string | undefined]>([
    ['retention', ['retentionDays', 'region'], 'retentionDays'],
    ['rout', ['route', 'name'], 'route'],
    ['batch-size', ['batchSize', 'shards'], 'batchSize'],
    ['xyz', ['retentionDays', 'region'], undefined],
    ['a', [], undefined],
  ])('the nearest name to %s', (wrong, known, nearest) => {
    expect(nearestName(wrong, known)).toBe(nearest);
  });

  test('a path is written as people write it', () => {
    expect(fieldName(['sources', 2, 'fields', 'http.status'])).toBe('sources[2].fields["http.status"]');
    expect(fieldName([])).toBe('');
  });

  test('a long value is cut', () => {
    expect(showValue('x'.repeat(200))).toBe(`"${'x'.repeat(79)}… (202 characters)`);
  });
});
