import * as z from 'zod';
import { accountId, bucketName, regionName, roleArn, textLike, whole } from './schema-names.ts';

/** 10 MB, the least that Athena takes and bills for a query. https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html */
const MIN_SCAN_GB = 0.01;

/** Questions in SQL over raw access logs, the archive and dead letters: a Glue database, a workgroup, named queries. */
export const athenaSchema = z
  .strictObject({
    enabled: z.boolean().default(false).describe('true makes the database, its tables, a workgroup and the named queries'),
    database: textLike(/^[a-z][a-z0-9_]{0,127}$/, 'not a name that SQL takes without quotes', 'a-z 0-9 _, first a letter')
      .optional()
      .describe('name of the Glue database; default: the prefix with _ for -'),
    workgroup: textLike(/^[A-Za-z0-9._-]{1,128}$/, 'not a name of a workgroup', '1 to 128 characters of A-Z a-z 0-9 . _ -')
      .optional()
      .describe('name of the workgroup; default: the prefix'),
    scanLimitGb: z.number().min(MIN_SCAN_GB).max(7_000_000).default(100).describe('GB that one query may read before it is stopped'),
    results: z
      .strictObject({
        mode: z
          .enum(['managed', 'bucket'])
          .default('managed')
          .describe('managed: kept by Athena for a day; bucket: files in a bucket of ours'),
        retentionDays: whole(1, 3653).default(7).describe('with mode bucket, days that results are kept'),
      })
      .prefault({}),
    firstDay: textLike(/^20\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, 'not a day', 'YYYY-MM-DD')
      .default('2025-01-01')
      .describe('the first day that tables have; nothing before is found'),
    accounts: z.array(accountId).max(100).default([]).describe('accounts whose access logs lie in the bucket; default: the account'),
    regions: z.array(regionName).max(40).default([]).describe('Regions whose access logs lie in the bucket; default: the Region'),
    webAcls: z
      .array(textLike(/^[A-Za-z0-9_-]{1,128}$/, 'not a name of a web ACL', '1 to 128 characters of A-Z a-z 0-9 _ -'))
      .max(100)
      .default([])
      .describe('names of the web ACLs whose logs are read: part of the folders of a day'),
    folders: z
      .array(z.string().min(1).max(1024))
      .max(20)
      .default([])
      .describe('folders with query files of your own (*.sql), relative to this file'),
    exclude: z
      .array(textLike(/^[A-Za-z0-9._/*-]{1,200}$/, 'this is not the name of a query', 'a name as in docs/athena.md; * stands for any text'))
      .max(1000)
      .default([])
      .describe('named queries that are not deployed; "*" deploys none'),
    readers: z.array(roleArn).max(20).default([]).describe('roles of this account that get the reader policy'),
    costReport: z
      .strictObject({
        table: textLike(/^[a-z0-9_]{1,128}\.[a-z0-9_]{1,128}$/, 'not database.table', 'database.table, lower case').describe(
          'a table over Cost and Usage Report 2.0 with split cost allocation data',
        ),
        bucket: bucketName.optional().describe('its bucket: then the reader policy covers it'),
      })
      .optional()
      .describe('for queries of cost by namespace'),
  })
  .prefault({})
  .describe('Athena over access logs, archive and dead letters');
