import * as z from 'zod';
import { textLike } from './schema-names.ts';

/** Saved Logs Insights queries. */
export const queriesSchema = z
  .strictObject({
    folders: z
      .array(z.string().min(1).max(1024))
      .max(20)
      .default([])
      .describe('folders with query files of your own, relative to this file; a file FOLDER/NAME.logsinsights is the query FOLDER/NAME'),
    exclude: z
      .array(
        textLike(
          /^[A-Za-z0-9._/*-]{1,200}$/,
          'this is not the name of a query',
          'folder/name as in docs/queries.md; * stands for any text',
        ),
      )
      .max(1000)
      .default([])
      .describe('queries that are not deployed, such as events/* or capacity/node-pressure'),
  })
  .prefault({})
  .describe('Saved Logs Insights queries: those of this app are deployed for every cluster that has the logs they ask');
