import * as z from 'zod';
import { keyArn, logGroupName, textLike, whole } from './schema-names.ts';
import { secretArn } from './schema-secrets.ts';

const userId = textLike(
  /^(?:[UW][A-Z0-9]{2,20}|\*)$/,
  'not the id of a user: names may change, and groups are not looked up',
  'U… or W…, from the user’s profile (Copy member ID); * is everybody in the listed channels',
);

const limitsSchema = z
  .strictObject({
    maxScanGb: z.number().min(0.01).max(1000).default(5).describe('a query that scanned more is stopped, in GB; that much is paid'),
    maxRangeHours: whole(1, 744).default(24).describe('longest window of one question'),
    defaultRangeMinutes: whole(1, 1440).default(60).describe('window of a question that names none'),
    timeoutSeconds: whole(5, 600).default(60).describe('a query that takes longer is stopped'),
    maxRows: whole(10, 1000).default(500).describe('rows that are asked for at most; what a message cannot show goes into a file'),
    commandConcurrency: whole(0, 100)
      .default(5)
      .describe('calls of the URL at a time, set aside for it: anybody can call it; 0: not set aside, bounded by the account only'),
    workerConcurrency: whole(0, 100)
      .default(2)
      .describe('questions that are worked on at a time; others wait; 0: bounded by the account only'),
  })
  .prefault({})
  .describe('bounds of one call, and of all');

/** The slash command and the buttons of messages. */
export const chatSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('whether the chat stack is made; messages then have buttons that silence'),
    command: textLike(/^\/[a-z0-9_-]{1,31}$/, 'not a slash command', '/ and 1 to 31 of a-z 0-9 _ -')
      .default('/logs')
      .describe('as the app of Slack names it'),
    signingSecret: secretArn.optional().describe('place of the app’s signing secret (Basic Information): proves that a call is Slack’s'),
    signingSecretKey: z.string().min(1).max(255).optional().describe('member of the secret, where it holds JSON'),
    botToken: secretArn
      .optional()
      .describe('place of the bot’s token (files:write, im:write): long answers become files; without it a link'),
    botTokenKey: z.string().min(1).max(255).optional().describe('member of the secret, where it holds JSON'),
    kmsKey: keyArn.optional().describe('key of these secrets, where it is your own'),
    workspaces: z
      .array(textLike(/^[TE][A-Z0-9]{2,20}$/, 'not the id of a workspace', 'T…, in the address of Slack in a browser'))
      .max(20)
      .default([])
      .describe('workspaces that may call; none: nobody'),
    channels: z
      .array(
        textLike(
          /^[CGD][A-Z0-9]{2,20}$/,
          'not the id of a channel; its name may change, its id does not',
          'C…, at the end of the channel’s link',
        ),
      )
      .max(100)
      .default([])
      .describe('channels in which it answers; none: nowhere'),
    users: z.array(userId).max(500).default([]).describe('who may ask; none: nobody'),
    silencers: z.array(userId).max(500).default([]).describe('who may silence, by command and by button, and ask as well; none: nobody'),
    queries: z
      .array(
        textLike(
          /^[A-Za-z0-9._/*-]{1,200}$/,
          'this is not the name of a query',
          'folder/name as in docs/queries.md; * stands for any text',
        ),
      )
      .max(500)
      .default(['*'])
      .describe('saved queries that may be run'),
    logGroups: z
      .array(z.union([logGroupName, textLike(/^[A-Za-z0-9_/.#*-]{1,512}$/, 'not a log group', 'a name; * stands for any text')]))
      .max(100)
      .default(['*'])
      .describe('log groups that they may ask, of those that they are deployed for'),
    families: z
      .array(z.string().min(1).max(100))
      .max(100)
      .default([])
      .describe('index families that logs, pods and events may search; * is all; none: these commands are refused'),
    limits: limitsSchema,
  })
  .prefault({})
  .describe('the slash command and the buttons: questions from a channel');
