import * as z from 'zod';
import { firehoseSchema } from './schema-archive.ts';
import { roleArn, says, whole } from './schema-names.ts';

/** The Lambda log-indexer and what becomes of what it cannot index. */
export const deliverySchema = z
  .strictObject({
    memoryMb: whole(256, 10_240).default(1024).describe('memory of log-indexer; CPU grows with it, 1,769 MB is one core'),
    timeoutSeconds: whole(30, 900).default(120).describe('time-out of log-indexer; retries must fit in'),
    bulk: z
      .strictObject({
        maxBytes: whole(102_400, 100 * 1024 * 1024)
          .default(5 * 1024 * 1024)
          .describe('largest _bulk request; small instances refuse more than 10 MiB'),
        maxDocuments: whole(1, 50_000).default(5000).describe('most documents in one _bulk request'),
        gzip: z.boolean().default(false).describe('compress requests: costs CPU of the function, saves network'),
      })
      .prefault({}),
    direct: z
      .strictObject({
        maximumRetryAttempts: whole(0, 2).default(2).describe('attempts after the first; Lambda allows two'),
        maximumEventAgeHours: z
          .number()
          .min(60 / 3600, says('Lambda keeps an event between one minute and six hours', '0.0167 to 6'))
          .max(6)
          .default(6),
      })
      .prefault({}),
    firehose: firehoseSchema,
    redriveMinutes: whole(0, 1440)
      .default(15)
      .describe('how often events that Lambda gave up on are sent again; 0: only by `dead-letters replay`'),
    deadLetters: z
      .strictObject({
        retentionDays: whole(1, 3653).default(90).describe('days that originals which could not be indexed are kept'),
        readers: z.array(roleArn).max(50).default([]).describe('roles that may read them: they hold text before redaction'),
      })
      .prefault({}),
  })
  .prefault({});

/** One price override, USD. */
const price = z.number().min(0).max(1_000_000);

/** Unit prices by Region and name, for the estimate of cost. */
export const pricesSchema = z.record(z.string(), z.record(z.string(), price)).default({});
