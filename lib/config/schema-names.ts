import * as z from 'zod';
import { bucketNameProblem } from './bucket-names.ts';

/** Between the sentence and the limit in a schema's message; `issues.ts` takes them apart again. */
export const LIMIT_MARK = '\n';

/** A schema's message: what is wrong and what to do, and the limit apart from it. */
export function says(what: string, limit: string): { error: string } {
  return { error: `${what}${LIMIT_MARK}${limit}` };
}

/** A text that must fit an expression, with its own message. */
export function textLike(pattern: RegExp, what: string, limit: string) {
  return z.string().regex(pattern, says(what, limit));
}

/** A whole number between two bounds, both included. */
export function whole(min: number, max: number) {
  return z.int().min(min).max(max);
}

/** Days that CloudWatch Logs accepts as a retention (PutRetentionPolicy, API reference 2026). */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

export const retentionDays = z.int().refine((days) => (RETENTION_DAYS as readonly number[]).includes(days), {
  ...says('CloudWatch Logs does not offer this retention; take the next higher one', RETENTION_DAYS.join(' ')),
});

export const accountId = textLike(/^\d{12}$/, 'an AWS account id is twelve digits in quotes', '12 digits');

export const regionName = textLike(
  /^[a-z]{2,4}(-[a-z]+)+-[1-9]\d?$/,
  'this is not the name of an AWS Region: a part of the world, a direction and a number, in lower case with hyphens',
  'such as us-east-1, ap-northeast-2 or us-gov-west-1',
);

/** Starts the names of stacks, functions, streams, buckets and alarms; bucket names allow lower case only. */
export const prefixName = textLike(
  /^(?=.{1,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  'the prefix starts every name, bucket names among them: lower-case letters, digits and single hyphens, starting with a letter',
  '1 to 20 characters of a-z 0-9 -',
);

export const clusterName = textLike(
  /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/,
  'not a name that EKS allows for a cluster',
  '1 to 100 characters of A-Z a-z 0-9 _ -, starting with a letter or digit',
);

/** What may stand inside an index name after the family: OpenSearch allows more, wildcards and dates allow less. */
export const indexPart = textLike(
  /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/,
  'index names are lower case; letters, digits, dot, underscore and hyphen, neither first nor last a sign',
  'a-z 0-9 . _ -, first and last a letter or digit',
);

/** Names of sources, applications, patterns, rules: they become metric dimensions, file keys and resource names. */
export const itemName = textLike(
  /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?$/,
  'a name is letters, digits, hyphens and underscores, starting and ending with a letter or digit',
  '1 to 64 characters',
);

export const logGroupName = textLike(
  /^(?:[A-Za-z0-9_/.#-]{1,512}\*?|\*)$/,
  'not a name that CloudWatch Logs allows for a log group; a trailing * is a prefix for `subscription: account`',
  '1 to 512 characters of A-Z a-z 0-9 _ - / . #',
);

export const roleArn = textLike(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/(?=.{1,574}$)(?:[\w+=,.@-]+\/)*[\w+=,.@-]{1,64}$/,
  'not the ARN of an IAM role; users, groups and assumed-role sessions cannot be mapped',
  'arn:aws:iam::<account>:role/<path/name>, the name 1 to 64 characters',
);

export const keyArn = textLike(
  /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/,
  'not the ARN of a KMS key by its id; an alias may be moved to another key and cannot be used for a log group',
  'arn:aws:kms:<region>:<account>:key/<id>, the id a UUID or mrk- and 32 hex digits',
);

/** A bucket: by one rule wherever one is named. */
export const bucketName = z
  .string()
  .superRefine((name, context) => {
    const problem = bucketNameProblem(name);
    if (problem) context.addIssue({ code: 'custom', message: says(problem.what, problem.limit).error });
  })
  .meta({ pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' });

export const vpcId = textLike(/^vpc-[0-9a-f]{8,17}$/, 'not the id of a VPC', 'vpc-<8 or 17 hex digits>');
export const subnetId = textLike(/^subnet-[0-9a-f]{8,17}$/, 'not the id of a subnet', 'subnet-<8 or 17 hex digits>');
export const securityGroupId = textLike(/^sg-[0-9a-f]{8,17}$/, 'not the id of a security group', 'sg-<8 or 17 hex digits>');

/** A text that holds something. */
export const someText = z.string().min(1).max(1024);

/** A regular expression as text; the checks compile and prove it. */
export const regexText = z.string().min(1).max(4000);
