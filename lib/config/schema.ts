import * as z from 'zod';
import { alarmsSchema } from './schema-alarms.ts';
import { archiveSchema } from './schema-archive.ts';
import { athenaSchema } from './schema-athena.ts';
import { clusterSchema, kmsSchema } from './schema-clusters.ts';
import { collectionSchema } from './schema-collection.ts';
import { deliverySchema, pricesSchema } from './schema-delivery.ts';
import { loadBalancersSchema } from './schema-load-balancers.ts';
import { accountId, itemName, logGroupName, prefixName, regionName, whole } from './schema-names.ts';
import { queriesSchema } from './schema-queries.ts';
import { applicationSchema, patternSchema, redactionSchema } from './schema-rules.ts';
import { searchSchema } from './schema-search.ts';
import { slackSchema } from './schema-slack.ts';
import { sourceSchema } from './schema-sources.ts';

/** The account-level subscription policy, where a source says `subscription: account`. */
const accountSubscriptionSchema = z
  .strictObject({
    excludeLogGroups: z.array(logGroupName).max(1000).default([]).describe('groups that the policy leaves out, besides our own'),
    foreignPolicies: whole(0, 1).default(0).describe('1 where the account already has such a policy of others'),
  })
  .prefault({});

/** The whole file. Strict everywhere: a name that nobody reads is a mistake, not a comment. */
export const configSchema = z.strictObject({
  version: z.literal(1).describe('version of this shape'),
  account: accountId.describe('AWS account id in quotes'),
  region: regionName.describe('AWS Region'),
  prefix: prefixName.default('eks-telemetry').describe('starts every name'),
  tags: z.record(z.string().min(1).max(128), z.string().max(256)).default({}).describe('tags of every resource'),
  kms: kmsSchema,
  clusters: z.array(clusterSchema).min(1).max(50).describe('existing clusters whose logs are collected'),
  sources: z.array(sourceSchema).min(1).max(500).describe('log groups, and the way of their events'),
  accountSubscription: accountSubscriptionSchema.describe('the account-level subscription policy'),
  applications: z.array(applicationSchema).max(500).default([]).describe('which container records belong to whom, and how they are read'),
  patterns: z.record(itemName, patternSchema).default({}).describe('regular expressions for format: regex:NAME'),
  redaction: redactionSchema.prefault({}).describe('secrets that are replaced before the index'),
  search: searchSchema.prefault({}).describe('where documents go and who may see them'),
  delivery: deliverySchema.describe('the function log-indexer and its dead letters'),
  loadBalancers: loadBalancersSchema.describe('access logs of load balancers, CloudFront and WAF'),
  queries: queriesSchema,
  archive: archiveSchema,
  athena: athenaSchema,
  alarms: alarmsSchema,
  slack: slackSchema,
  collection: collectionSchema.describe('what agents collect'),
  prices: pricesSchema.describe('unit prices in USD by Region, over the built-in ones'),
});

/** The file as it is read: defaults of single values filled in, nothing derived yet. */
export type ParsedConfig = z.output<typeof configSchema>;
/** The file as people write it. */
export type ConfigInput = z.input<typeof configSchema>;
