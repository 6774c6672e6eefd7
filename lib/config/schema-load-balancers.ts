import * as z from 'zod';
import { ACCESS_LOG_KINDS } from '../../lambdas/core/access-logs/rules.ts';
import { bucketName, clusterName, itemName, logGroupName, says, textLike, whole } from './schema-names.ts';
import { exclusionSchema } from './schema-rules.ts';

/** Prefix of keys; ELB refuses one that holds `AWSLogs`, which it puts behind it. */
const keyPrefix = z
  .string()
  .regex(
    /^(?:[A-Za-z0-9!_.*'()-]+(?:\/[A-Za-z0-9!_.*'()-]+)*)?$/,
    says('a prefix is folders parted by /, without one at its ends', 'such as alb/prod'),
  )
  .max(512);

const loadBalancerArn = textLike(
  /^arn:aws[a-z-]*:(?:elasticloadbalancing:[a-z0-9-]+:\d{12}:loadbalancer\/(?:app|net)\/[A-Za-z0-9-]{1,32}\/[0-9a-f]{1,32}|cloudfront::\d{12}:distribution\/[A-Z0-9]{1,32})$/,
  'not the ARN of an application or network load balancer, or of a distribution',
  'arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<name>/<id>',
);

const logSchema = z.strictObject({
  name: itemName,
  cluster: clusterName.describe('one of clusters: gives the index names their cluster'),
  kind: z.enum(ACCESS_LOG_KINDS).default('alb').describe('what writes the files'),
  delivery: z
    .enum(['s3', 'vended'])
    .default('s3')
    .describe('s3: files that the load balancer writes, free; vended: JSON that CloudWatch delivers, billed by GB'),
  resourceArns: z.array(loadBalancerArn).max(50).default([]).describe('with delivery: vended, the load balancers'),
  logTypes: z
    .array(z.enum(['access', 'connection', 'healthCheck']))
    .min(1)
    .default(['access'])
    .describe('with delivery: vended, what is delivered'),
  prefix: keyPrefix.optional().describe('what the keys start with; default: the name'),
  family: z.string().min(1).max(255).optional().describe('index family; default by kind'),
  search: z.boolean().default(true).describe('lines become documents'),
  metrics: z.boolean().default(false).describe('durations by target group and class of status as metrics, for percentiles'),
  logGroup: z
    .strictObject({
      name: logGroupName.describe('the group is made'),
      format: z.enum(['json', 'alb']).default('json').describe('json: the document; alb: the line'),
      retentionDays: whole(1, 3653).default(14).describe('days that CloudWatch keeps them'),
    })
    .optional()
    .describe('lines also go to this log group'),
  geoIp: z.boolean().default(false).describe('looks clients up in geoIpDatabase'),
  userAgents: z.boolean().default(false).describe('takes user agents apart: name, version, system, device'),
  exclusions: z.array(exclusionSchema).max(50).default([]).describe('lines that are dropped before the index, and counted'),
  volume: z
    .strictObject({ gbPerDay: z.number().min(0).max(1_000_000).describe('uncompressed GB a day') })
    .optional()
    .describe('for the estimate of cost'),
});

/** Access logs of load balancers, CloudFront and WAF: files in a bucket, a queue, the function alb-indexer. */
export const loadBalancersSchema = z
  .strictObject({
    logs: z.array(logSchema).max(100).default([]).describe('whose access logs are read'),
    bucket: z
      .strictObject({
        name: bucketName.optional().describe('default: <prefix>-access-logs-<account>-<region>'),
        create: z.boolean().default(true).describe('false: the bucket is there; its owner sends its events to the queue'),
        retentionDays: whole(1, 3653).default(90).describe('days that files are kept'),
      })
      .prefault({}),
    queue: z
      .strictObject({
        batchSize: whole(1, 10).default(5).describe('files per invocation'),
        maximumConcurrency: whole(2, 1000).default(5).describe('invocations at a time'),
        maximumReceives: whole(1, 1000).default(100).describe('attempts before a file’s message goes to the dead-letter queue'),
      })
      .prefault({}),
    memoryMb: whole(256, 10_240).default(1024).describe('memory of alb-indexer'),
    timeoutSeconds: whole(60, 900).default(300).describe('time-out of alb-indexer; larger files go on in another invocation'),
    geoIpDatabase: z.string().min(1).max(1024).optional().describe('a MaxMind database (.mmdb) of yours, relative to this file'),
  })
  .prefault({});
