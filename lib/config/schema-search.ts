import * as z from 'zod';
import { INDEX_PERIODS } from '../../lambdas/core/rules/rules.ts';
import { roleArn, says, securityGroupId, subnetId, textLike, vpcId, whole } from './schema-names.ts';

/** Versions that this app sets up; the engine's mappings are tested with them. */
export const OPENSEARCH_VERSIONS = ['2.19', '3.1', '3.3', '3.5', '3.7'] as const;

const instanceType = textLike(
  /^[a-z][a-z0-9]*\.[a-z0-9]+\.search$/,
  'an OpenSearch instance type ends in .search',
  'such as m7g.large.search',
);

const vpcSchema = z.strictObject({
  vpcId,
  subnetIds: z.array(subnetId).min(1).max(3).describe('one private subnet per zone'),
  securityGroupIds: z.array(securityGroupId).max(5).default([]).describe('empty: one is made that lets our functions in'),
});

/** Where our functions run to reach a domain of others. Limits: VpcConfig of Lambda, API reference of 2026. */
const functionVpcSchema = z.strictObject({
  vpcId,
  subnetIds: z.array(subnetId).min(1).max(16).describe('private subnets for the functions, one per zone'),
  securityGroupIds: z.array(securityGroupId).min(1).max(5).describe('groups that the domain’s own group lets in on port 443'),
});

const samlSchema = z.strictObject({
  entityId: z.string().min(8).max(512).describe('entityID of the identity provider, as its metadata says'),
  metadataFile: z.string().min(1).max(1024).describe('XML metadata of the identity provider, a path relative to this file'),
  rolesKey: z.string().min(1).max(2048).describe('attribute of the assertion that holds the groups'),
  subjectKey: z.string().min(1).max(2048).optional().describe('attribute that holds the user’s name; default: NameID'),
  sessionTimeoutMinutes: whole(1, 1440).default(60).describe('minutes until people must sign in again'),
});

const domainSchema = z
  .strictObject({
    name: textLike(
      /^[a-z][a-z0-9-]{2,27}$/,
      'not a name that OpenSearch Service allows for a domain: lower-case letters, digits, hyphens, starting with a letter',
      '3 to 28 characters',
    )
      .optional()
      .describe('default: the prefix'),
    version: z.enum(OPENSEARCH_VERSIONS).default('3.5').describe('OpenSearch version, in quotes'),
    dataNodes: z
      .strictObject({
        instanceType: instanceType.default('m7g.large.search'),
        count: whole(1, 80).default(3),
        volumeGiB: whole(10, 24_576).default(100).describe('gp3 volume per node'),
        iops: whole(3000, 80_000).optional().describe('default: what the size includes'),
        throughput: whole(125, 2000).optional().describe('MiB a second; default: what the size includes'),
      })
      .prefault({}),
    masterNodes: z
      .strictObject({ instanceType: instanceType.default('m7g.large.search'), count: whole(1, 5).default(3) })
      .optional()
      .describe('dedicated masters; needed for warm storage'),
    zones: whole(1, 3).default(3).describe('availability zones'),
    warm: z
      .strictObject({
        instanceType: textLike(
          /^ultrawarm1\.(medium|large)\.search$/,
          'warm nodes are UltraWarm',
          'ultrawarm1.medium.search or ultrawarm1.large.search',
        ).default('ultrawarm1.medium.search'),
        count: whole(2, 150).default(2),
      })
      .optional(),
    cold: z.boolean().default(false).describe('cold storage; needs warm'),
    vpc: vpcSchema.optional().describe('inside a VPC; cannot be added or removed later'),
    saml: samlSchema.optional().describe('identity provider by which people sign in to Dashboards'),
  })
  .prefault({});

/** What may be set for each index family. */
const familySettings = {
  period: z.enum(INDEX_PERIODS).optional().describe('what one index covers'),
  retentionDays: whole(1, 3653).optional().describe('days until the index is deleted'),
  warmAfterDays: whole(1, 3653).optional().describe('days until the index moves to warm storage; read-only from then on'),
  coldAfterDays: whole(1, 3653).optional().describe('days until the index moves to cold storage'),
  shards: whole(1, 1024).optional().describe('primary shards per index; aim at 10 to 50 GiB each'),
  replicas: whole(0, 5).optional().describe('copies of each shard; 0 loses data with a node'),
  refreshSeconds: whole(1, 3600).optional().describe('how soon new documents are found'),
};

const familySchema = z.strictObject(familySettings);
const { warmAfterDays: _warm, coldAfterDays: _cold, ...defaultSettings } = familySettings;

const accessSchema = z
  .strictObject({
    admins: z
      .strictObject({
        roles: z.array(roleArn).max(100).default([]),
        samlGroups: z.array(z.string().min(1).max(256)).max(100).default([]),
      })
      .prefault({})
      .describe('may do everything'),
    readers: z
      .array(
        z.strictObject({
          family: z.string().min(1).max(255).describe('an index family; * is all of them'),
          roles: z.array(roleArn).max(100).default([]),
          samlGroups: z.array(z.string().min(1).max(256)).max(100).default([]),
        }),
      )
      .max(200)
      .default([])
      .describe('may search one family'),
  })
  .prefault({})
  .describe('who may sign in');

export const searchSchema = z.strictObject({
  mode: z
    .enum(['managed', 'existing', 'none'])
    .default('managed')
    .describe('managed: a domain of this app; existing: one that is there; none: nothing is indexed'),
  endpoint: z
    .string()
    .max(2048)
    .refine(isEndpoint, says('an endpoint is https:// and a host, without path, user or query', 'https://HOST or https://HOST:PORT'))
    .optional()
    .describe('with mode: existing'),
  existing: z
    .strictObject({
      instanceType: instanceType.optional().describe('of its data nodes: decides how large a bulk request may be'),
      hasWarm: z.boolean().default(false).describe('whether it has UltraWarm nodes'),
      vpc: functionVpcSchema.optional().describe('where log-indexer and search-setup run, for a domain inside a VPC'),
    })
    .prefault({})
    .describe('what this app should know of the existing domain'),
  domain: domainSchema,
  access: accessSchema,
  families: z.record(z.string(), familySchema).default({}).describe('settings of single index families'),
  defaults: z.strictObject(defaultSettings).prefault({}).describe('settings of every family that does not say otherwise'),
});

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return url.protocol === 'https:' && isBare && !text.endsWith('/');
}
