import * as z from 'zod';
import { CONTROL_PLANE_KINDS } from '../../lambdas/core/rules/rules.ts';
import { clusterName, indexPart, keyArn, retentionDays, securityGroupId, subnetId, textLike, vpcId, whole } from './schema-names.ts';

export const kmsSchema = z
  .strictObject({
    mode: z
      .enum(['own', 'arn', 'none'])
      .default('own')
      .describe(
        'own: keys of this app, rotated every year; arn: your key for the log groups; none: keys of AWS, no key policy to audit by',
      ),
    arn: keyArn.optional().describe('with mode: arn; same account and Region, its policy must allow logs.<region>.amazonaws.com'),
  })
  .prefault({})
  .describe('Encryption of log groups, streams, dead letters and the search domain');

const controlPlaneSchema = z
  .strictObject({
    enablement: z
      .enum(['customResource', 'telemetryRule', 'none'])
      .default('customResource')
      .describe(
        'who turns control-plane logging on: this app by the EKS API, an AWS telemetry rule, or nobody (the owner of the cluster does)',
      ),
    logTypes: z
      .array(z.enum(CONTROL_PLANE_KINDS))
      .min(1)
      .default([...CONTROL_PLANE_KINDS])
      .describe('types that are turned on; other types stay as they are'),
    disableOnDelete: z.boolean().default(false).describe('turn these types off again when the stack is deleted'),
    updateTimeoutMinutes: whole(5, 55).default(30).describe('how long the custom resource waits for the update of the cluster'),
  })
  .prefault({})
  .describe('Logging of the control plane');

/** Default days per kind of group: long where auditors ask, short where the volume is. */
const groupRetentionSchema = z
  .strictObject({
    controlPlane: retentionDays.default(90).describe('/aws/eks/<cluster>/cluster'),
    application: retentionDays.default(30).describe('/aws/containerinsights/<cluster>/application'),
    host: retentionDays.default(14).describe('/aws/containerinsights/<cluster>/host'),
    dataplane: retentionDays.default(14).describe('/aws/containerinsights/<cluster>/dataplane'),
    performance: retentionDays.default(7).describe('/aws/containerinsights/<cluster>/performance'),
    events: retentionDays.default(30).describe('/aws/containerinsights/<cluster>/events'),
  })
  .prefault({})
  .describe('Days that CloudWatch keeps each log group');

/** How the deploy reaches the cluster when it installs collectors. */
const installSchema = z
  .strictObject({
    endpoint: z.enum(['public', 'private']).default('public').describe('how the cluster’s API is reached; private needs vpc'),
    vpc: z
      .strictObject({
        vpcId,
        subnetIds: z.array(subnetId).min(1).max(16).describe('private subnets that reach EKS and STS, by NAT or interface endpoints'),
        securityGroupIds: z.array(securityGroupId).min(1).max(5).describe('groups that the cluster’s own group lets in on port 443'),
      })
      .optional()
      .describe('network of the function that installs; needed with endpoint: private'),
    podIdentityAgent: z
      .enum(['install', 'present'])
      .default('install')
      .describe('install: add-on eks-pod-identity-agent, which hands roles to pods; present: it is there (always on Auto Mode)'),
  })
  .prefault({})
  .describe('How collectors are installed in this cluster');

export const clusterSchema = z.strictObject({
  name: clusterName.describe('as EKS knows it'),
  indexName: indexPart.max(100).optional().describe('the cluster inside index names; default: the name in lower case'),
  kubernetesVersion: textLike(/^1\.\d{2}$/, 'a Kubernetes version in quotes: YAML reads 1.30 as the number 1.3', '"1.NN"')
    .optional()
    .describe('minor version, in quotes; chooses what the agents are rendered for'),
  controlPlane: controlPlaneSchema,
  retentionDays: groupRetentionSchema,
  install: installSchema,
  logGroups: z
    .strictObject({
      deletionProtection: z
        .boolean()
        .default(false)
        .describe('groups refuse to be deleted, by anyone, until this is false again; stacks never delete them'),
    })
    .prefault({})
    .describe('Settings of all log groups of the cluster'),
});
