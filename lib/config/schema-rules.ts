import * as z from 'zod';
import { BUILTIN_RULES, DEFAULT_REDACTION } from '../../lambdas/core/redact/rule-names.ts';
import { FIELD_TYPES, INDEX_PERIODS } from '../../lambdas/core/rules/rules.ts';
import { collectSchema } from './schema-collection.ts';
import { itemName, regexText, someText, textLike, whole } from './schema-names.ts';

const conditionSchema = z.strictObject({
  field: someText.describe('dotted path of the parsed record, or @message for the text itself'),
  equals: z.union([z.string(), z.number(), z.boolean()]).optional().describe('the whole value'),
  in: z
    .array(z.union([z.string(), z.number()]))
    .min(1)
    .max(1000)
    .optional()
    .describe('one of these values'),
  startsWith: z.string().min(1).optional().describe('how the text starts'),
  contains: z.string().min(1).optional().describe('a part of the text'),
});

export const exclusionSchema = z.strictObject({
  name: itemName.describe('the counts of excluded events carry this name'),
  when: z.array(conditionSchema).min(1).max(20).describe('all of them must hold'),
  countOnly: z.boolean().default(false).describe('count what would go, drop nothing'),
});

const ownRedactionSchema = z.strictObject({
  name: itemName.describe('appears in place of what was removed'),
  regex: regexText.describe('what it matches is replaced; only group 1 where there is one'),
});

export const redactionSchema = z.strictObject({
  builtin: z
    .array(z.enum(BUILTIN_RULES))
    .default([...BUILTIN_RULES])
    .describe('built-in rules that are on'),
  fields: z
    .array(someText)
    .max(100)
    .default([...DEFAULT_REDACTION.fields])
    .describe('dotted paths whose value is replaced whole; * stands for one segment'),
  patterns: z.array(ownRedactionSchema).max(50).default([]).describe('your own rules'),
});

/** Redaction of one application comes on top of the account's, so nothing is on by itself. */
export const extraRedactionSchema = z.strictObject({
  builtin: z.array(z.enum(BUILTIN_RULES)).default([]).describe('built-in rules that are on for this application besides the account’s'),
  fields: z.array(someText).max(100).default([]).describe('dotted paths whose value is replaced whole'),
  patterns: z.array(ownRedactionSchema).max(50).default([]).describe('your own rules'),
});

/** Formats that a config may name; `regex:NAME` besides. */
const FORMAT_NAME = /^(?:auto|audit|klog|zap|logrus|json|logfmt|nginx-access|nginx-error|java|python|pipe|alb|text|regex:[A-Za-z0-9_-]+)$/;
export const formatName = textLike(
  FORMAT_NAME,
  'no parser has this name',
  'auto audit klog zap logrus json logfmt nginx-access nginx-error java python pipe alb text, or regex:NAME with NAME in patterns',
);

export const patternSchema = z.strictObject({
  regex: regexText.describe('ECMAScript with named groups; must match in linear time on every line'),
  timeKey: someText.optional().describe('the named group that holds the time'),
  timeFormat: someText.optional().describe('iso8601, epochSeconds, epochMillis, or a strptime format such as %d/%b/%Y:%H:%M:%S %z'),
  start: regexText.optional().describe('start of a record; lines that do not match belong to the record before'),
});

/** A wildcard expression over a name or label: `*` stands for any text. */
const wildcard = z.string().min(1).max(253);

export const applicationSchema = z.strictObject({
  name: itemName,
  owner: someText.optional().describe('team that is told; becomes application.owner'),
  match: z
    .strictObject({
      cluster: wildcard.optional().describe('name of the cluster'),
      namespace: wildcard.optional(),
      container: wildcard.optional(),
      pod: wildcard.optional(),
      labels: z.record(z.string().min(1).max(317), wildcard).optional().describe('pod labels; each must be there and match'),
    })
    .describe('which container records are the application’s: all given ones must match, * is a wildcard'),
  format: formatName.default('auto').describe('how its lines are read'),
  fields: z
    .record(z.string().min(1).max(256), z.enum(FIELD_TYPES))
    .default({})
    .describe('typed fields: JSON members or named groups that are to be sorted, averaged or grouped'),
  index: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('an index family of its own; without it the records go to the family of the source'),
  retentionDays: whole(1, 3653).optional().describe('days in the index; needs index'),
  period: z.enum(INDEX_PERIODS).optional().describe('what one index covers; needs index'),
  exclusions: z.array(exclusionSchema).max(50).default([]),
  redaction: extraRedactionSchema.optional(),
  collect: collectSchema.optional().describe('how the node reads its lines, and where they go from there'),
});
