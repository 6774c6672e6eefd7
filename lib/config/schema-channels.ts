import * as z from 'zod';
import { SEVERITIES } from '../../lambdas/core/alerts/alert.ts';
import { itemName, textLike } from './schema-names.ts';

const severities = z.array(z.enum(SEVERITIES)).min(1).max(SEVERITIES.length);

/** An address of e-mail; it must answer SNS's question once before it gets anything. */
export const emailAddress = textLike(/^[^@\s,;<>]{1,64}@[^@\s,;<>]{3,190}$/, 'not an e-mail address', 'name@example.com');

/** E-mails of SNS by severity: as CloudWatch writes them, without the notifier in between. */
export const emailsSchema = z
  .array(z.strictObject({ address: emailAddress, severities: severities.describe('alarms of these severities') }))
  .max(50)
  .default([])
  .describe('e-mails straight from the topics: no grouping, no silences, and they come while the notifier is away');

/** Channels of Amazon Q Developer in chat applications. */
export const amazonQSchema = z
  .array(
    z.strictObject({
      name: itemName.describe('name of the configuration'),
      workspace: textLike(
        /^[TE][A-Z0-9]{2,20}$/,
        'not the id of a Slack workspace',
        'T…; authorize it once in the console of Amazon Q',
      ).describe('id of the workspace'),
      channel: textLike(/^[CG][A-Z0-9]{2,20}$/, 'not the id of a channel; its name may change, its id does not', 'C…').describe(
        'id of the channel',
      ),
      severities: severities.default(['critical', 'warning']).describe('alarms of these severities'),
      events: z.boolean().default(true).describe('whether it shows `events` as well'),
      guardrails: z
        .array(
          textLike(
            /^arn:aws:iam::(?:aws|\d{12}):policy\/[\w+=,.@/-]{1,500}$/,
            'not the ARN of an IAM policy',
            'arn:aws:iam::<account>:policy/<name>',
          ),
        )
        .min(1)
        .max(10)
        .optional()
        .describe('policies that nobody in the channel can go beyond; default: reading alarms and metrics'),
    }),
  )
  .max(20)
  .default([])
  .describe('channels of Amazon Q Developer in chat applications; it shows less (check says what)');

/** Names that CodePipeline takes. https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PutApprovalResult.html */
const pipelineName = textLike(/^[A-Za-z0-9.@_-]{1,100}$/, 'not the name of a pipeline', '1 to 100 of A-Z a-z 0-9 . @ _ -');

/** Approvals of pipelines. */
export const approvalsSchema = z
  .strictObject({
    tell: z.boolean().default(false).describe('whether requests for an approval are told, and their end'),
    pipelines: z
      .array(pipelineName)
      .max(50)
      .default([])
      .describe('pipelines whose requests get buttons to approve and to reject; needs chat'),
    approvers: z
      .array(textLike(/^[UW][A-Z0-9]{2,20}$/, 'not the id of a user; whoever decides is named', 'U… or W…, from the user’s profile'))
      .max(100)
      .default([])
      .describe('who may press them; none: nobody'),
  })
  .prefault({})
  .describe('approvals of CodePipeline');

/** Workflows of GitHub that may publish. */
export const gitHubSchema = z
  .strictObject({
    repositories: z
      .array(textLike(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/[A-Za-z0-9._-]{1,100}$/, 'not a repository', 'owner/name'))
      .max(50)
      .default([])
      .describe('repositories whose workflows may publish to the topics, by a role without a key'),
  })
  .prefault({})
  .describe('workflows of GitHub Actions; the account needs GitHub’s OIDC provider');
