import * as z from 'zod';
import { SEVERITIES } from '../../lambdas/core/alerts/alert.ts';
import { PAGER_SITES } from '../../lambdas/core/pagers/render.ts';
import { LANGUAGES } from '../../lambdas/core/slack/texts.ts';
import { amazonQSchema, approvalsSchema, emailAddress, emailsSchema, gitHubSchema } from './schema-channels.ts';
import { chatSchema } from './schema-chat.ts';
import { itemName, someText, textLike, whole } from './schema-names.ts';
import { secretArn } from './schema-secrets.ts';

const mentionId = textLike(
  /^(?:[UWS][A-Z0-9]{2,20}|here|channel)$/,
  'not the id of a user or of a user group; a name such as @kim reaches nobody',
  'U… or W… (user), S… (user group), here or channel',
);

/** A condition on a label, as Alertmanager writes it; its grammar is checked apart. */
const matcherText = z.string().min(1).max(1024);

/** Labels by which alerts are put together. */
const groupBy = z.array(z.string().min(1).max(128)).max(20);

const mentions = z.strictObject(
  Object.fromEntries(SEVERITIES.map((severity) => [severity, z.array(mentionId).max(5).default([])])) as {
    [severity in (typeof SEVERITIES)[number]]: z.ZodDefault<z.ZodArray<typeof mentionId>>;
  },
);

const receiverSchema = z.strictObject({
  name: itemName,
  webhook: secretArn.optional().describe('place of an incoming webhook’s address: posts only'),
  botToken: secretArn
    .optional()
    .describe('place of a bot’s token (chat:write, files:write): messages are updated in place, details go into threads'),
  pagerDuty: secretArn
    .optional()
    .describe('place of an integration key of PagerDuty’s Events API v2: one incident for each group, closed when it is over'),
  opsgenie: secretArn.optional().describe('place of an API key of Opsgenie or Jira Service Management: the same as alerts'),
  site: z.enum(PAGER_SITES).optional().describe('of pagerDuty and opsgenie: us (the default), eu, or jsm for Jira Service Management'),
  secretKey: z.string().min(1).max(255).optional().describe('member of the secret, where it holds JSON'),
  kmsKey: textLike(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]{1,128}$/,
    'not the ARN of a KMS key',
    'arn:aws:kms:<region>:<account>:key/<id>',
  )
    .optional()
    .describe('key of the secret, where it is your own'),
  channel: textLike(
    /^[CGD][A-Z0-9]{2,20}$/,
    'not the id of a channel; its name may change, its id does not',
    'C…, at the end of the channel’s link',
  )
    .optional()
    .describe('with botToken'),
  sendResolved: z.boolean().default(true).describe('whether the end of what was told is told as well'),
  graph: z.boolean().default(true).describe('with botToken: the metric as a picture in the thread'),
  mention: mentions.prefault({}).describe('whom to mention when an alert of a severity begins'),
});

/** What may stand in any route. */
const routeFields = {
  receiver: itemName.optional().describe('one of receivers; default: the parent’s'),
  matchers: z.array(matcherText).max(20).default([]).describe('such as severity="critical" or namespace=~"prod-.*"; all must hold'),
  continue: z.boolean().default(false).describe('whether the routes after this one are tried as well'),
  groupBy: groupBy.optional().describe('labels that make a group; ["..."] is every label, [] one group of all'),
  groupWaitSeconds: whole(0, 900).optional().describe('from the first alert of a group to its message'),
  groupIntervalSeconds: whole(10, 86_400).optional().describe('until a change of the group is told'),
  repeatIntervalMinutes: whole(1, 10_080).optional().describe('until an unchanged group is told again'),
  muteTimeIntervals: z
    .array(itemName)
    .max(20)
    .default([])
    .describe('names of timeIntervals in which this route is quiet; routes below do not inherit it'),
  activeTimeIntervals: z.array(itemName).max(20).default([]).describe('names of timeIntervals outside of which this route is quiet'),
};
const leafRoute = z.strictObject(routeFields);
const innerRoute = z.strictObject({ ...routeFields, routes: z.array(leafRoute).max(50).default([]) });
const rootRoute = z.strictObject({
  receiver: itemName.optional().describe('gets what no other route takes; default: the first of receivers'),
  groupBy: groupBy.default(['alertname', 'cluster']).describe('labels that make a group'),
  groupWaitSeconds: whole(0, 900).default(30),
  groupIntervalSeconds: whole(10, 86_400).default(300),
  repeatIntervalMinutes: whole(1, 10_080).default(60),
  routes: z.array(innerRoute).max(100).default([]),
});

const timeList = (what: string) => z.array(z.string().min(1).max(40)).min(1).max(50).optional().describe(what);
const timeIntervalSchema = z.strictObject({
  name: itemName,
  intervals: z
    .array(
      z.strictObject({
        times: timeList('hh:mm-hh:mm, the end not included; 24:00 is the end of a day'),
        weekdays: timeList('saturday, or monday:friday'),
        daysOfMonth: timeList('1:5, or -3:-1 from the end of the month'),
        months: timeList('december, or 1:3'),
        years: timeList('2026, or 2026:2028'),
        timeZone: z.string().min(1).max(50).default('UTC').describe('where these times are those of the clock'),
      }),
    )
    .min(1)
    .max(50)
    .describe('one of them must hold; of each all that it says'),
});

const inhibitSchema = z.strictObject({
  name: itemName,
  source: z.array(matcherText).min(1).max(20).describe('what makes others superfluous while it fires'),
  target: z.array(matcherText).min(1).max(20).describe('what is not told then'),
  equal: z.array(z.string().min(1).max(128)).max(20).default([]).describe('labels that must agree'),
});

const explainSchema = z.strictObject({
  matchers: z.array(matcherText).max(20).default([]).describe('alerts that it helps with; empty: all'),
  query: someText.optional().describe('name of a saved query; its {{parameters}} are filled from labels of the same name'),
  logGroups: z
    .array(z.string().min(1).max(512))
    .min(1)
    .max(20)
    .optional()
    .describe('log groups of the query; {cluster} and other labels are filled in'),
  showLines: z
    .boolean()
    .default(false)
    .describe('run the query over the alert’s window and show its last lines; each run is paid by the GB'),
  dashboard: z.string().min(1).max(255).optional().describe('name of a CloudWatch dashboard'),
  runbook: textLike(/^https:\/\/[^\s<>"|]{4,1000}$/, 'a runbook is an https address', 'https://…').optional(),
  owner: someText.optional().describe('team that is named in the message'),
});

/** Services of AWS that may publish to the topic. */
export const PUBLISHERS = ['cloudwatch', 'events', 'aps', 'budgets', 'codestar-notifications', 'backup', 'rds', 'autoscaling'] as const;

/** Messages to Slack: who gets what, when, and in which words. */
export const slackSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('whether the alerts stack is made'),
    language: z.enum(LANGUAGES).default('en').describe('language of messages'),
    receivers: z.array(receiverSchema).max(50).default([]),
    route: rootRoute.prefault({}).describe('which receiver gets which alerts, and how they are put together'),
    timeIntervals: z.array(timeIntervalSchema).max(100).default([]).describe('times that routes name: when they are quiet, or not'),
    inhibit: z.array(inhibitSchema).max(50).default([]).describe('alerts that make others superfluous'),
    owners: z
      .record(z.string().min(1).max(128), z.array(mentionId).min(1).max(5))
      .default({})
      .describe('whom to mention for critical alerts, by team'),
    storm: z
      .strictObject({
        messages: whole(0, 1000)
          .default(10)
          .describe('first messages of a receiver in a window before the rest becomes one list; 0: no limit'),
        minutes: whole(1, 60).default(5).describe('length of the window'),
      })
      .prefault({}),
    explain: z.array(explainSchema).max(200).default([]).describe('queries, dashboards, runbooks and owners by alert'),
    publishers: z
      .array(z.enum(PUBLISHERS))
      .default(['cloudwatch', 'events', 'aps', 'budgets', 'codestar-notifications'])
      .describe('services of AWS that may publish to the topic, in this account only'),
    emails: emailsSchema,
    amazonQ: amazonQSchema,
    approvals: approvalsSchema,
    gitHub: gitHubSchema,
    operatorEmail: emailAddress.optional().describe('hears by e-mail when Slack does not take messages'),
    events: z
      .strictObject({
        eks: z.boolean().default(true).describe('add-ons of EKS that fail or degrade'),
        health: z.boolean().default(true).describe('AWS Health of EKS, EC2, CloudWatch, OpenSearch'),
        spotInterruptions: z.boolean().default(false).describe('spot interruptions of EC2'),
        guardDuty: z.boolean().default(false).describe('findings of GuardDuty of medium severity and above'),
        codePipeline: z.boolean().default(false).describe('pipelines and builds that fail, and recover'),
      })
      .prefault({})
      .describe('events of AWS that are told besides alarms'),
    chat: chatSchema,
  })
  .prefault({})
  .describe('Messages to Slack');
